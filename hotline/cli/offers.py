"""Which shifts are offered, by whom, to whom, and what does a coordinator decide about them?"""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from hotline.app import load_switchboard
from hotline.audit.actions import note_access
from hotline.calls.cover import offers as told
from hotline.calls.switchboard import Switchboard
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.choosing import coming_shift, wanted_offer
from hotline.oncall.swaps.offer import Offer, State
from hotline.oncall.swaps.offer_report import offer_as_json, why_not_taken
from hotline.oncall.swaps.substitutes import Substitute
from hotline.oncall.swaps.taking import TakeOutcome
from hotline.people.person import Person
from hotline.people.store import everybody, person_by_phone
from hotline.people.wall_time import read_moment
from hotline.phone_number import mask, parse_phone_number
from hotline.profile import Profile
from hotline.settings import load_settings

offers = typer.Typer(help="Shifts that somebody offers to others.", no_args_is_help=True)
app.add_typer(offers, name="offers")

Number = Annotated[int, typer.Argument(metavar="OFFER", help="Its number, as hotline offers list shows it.")]
By = Annotated[str, typer.Option("--by", metavar="PHONE", help="Who says so.")]
From = Annotated[
    str, typer.Option("--from", metavar="MOMENT", help="When the shift begins; default: the next one.")
]
Reason = Annotated[str, typer.Option(help="Why, in a few words; kept.")]
_NEWEST = 50


@offers.command("new")
def offers_new(
    whose: Annotated[str, typer.Option("--for", metavar="PHONE", help="Whose shift it is.")],
    by: By,
    first: From = "",
    ask: Annotated[str, typer.Option("--ask", metavar="PHONE", help="Or all.")] = "all",
    in_return: Annotated[
        str, typer.Option("--in-return", metavar="MOMENT", help="A trade: when the other's shift begins.")
    ] = "",
    now: Annotated[bool, typer.Option("--now", help="What is left of the shift that runs.")] = False,
    reason: Reason = "",
) -> None:
    """Offer a shift, one's own or on behalf of somebody: to all who may take it, or to one person."""
    with opened() as (database, profile), database.transaction() as tx:
        zone = profile.service.timezone
        owner, decider = _person(tx, whose, profile), _decider(tx, by, whose, profile)
        asked = _person(tx, ask, profile) if ask != "all" else None
        wanted = wanted_offer(
            tx,
            owner,
            decider,
            reason,
            first=_moment(first, zone, "--from"),
            running=now,
            asked=asked,
            back=_moment(in_return, zone, "--in-return"),
        )
        offering = actions.offer(tx, wanted)
        number = offering.offer.number if offering.offer else 0
    known = " (it was offered already)" if offering.known else ""
    stretch = _stretch(wanted.shift.starts_at, wanted.shift.ends_at, zone)
    show([f"Offer {number}: {stretch}{known}."])


@offers.command("list")
def offers_list(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is offered, the shift that begins first at first; the reading is noted."""
    with opened() as (database, profile), database.transaction() as tx:
        note_access(tx, who(), "list offers", "all" if every else "open")
        names = {person.id: person.name for person in everybody(tx)}
        found = store.newest(tx, _NEWEST) if every else store.still_open(tx)
        rows = [offer_as_json(one, names, profile.service.timezone) for one in found]
    show(rows if as_json else [_line(row) for row in rows] or ["Nothing is offered."])


@offers.command("substitutes")
def offers_substitutes(
    whose: Annotated[str, typer.Option("--for", metavar="PHONE", help="Whose shift it is.")],
    first: From = "",
    as_json: AsJson = False,
) -> None:
    """Say who could take a shift, the best first, and what stands for and against; no score is kept."""
    with opened() as (database, profile):
        with database.transaction() as tx:
            owner = _person(tx, whose, profile)
            begins = _moment(first, profile.service.timezone, "--from")
            shift = coming_shift(tx, owner, begins)
            note_access(tx, who(), "list substitutes", owner.id)
        with database.reading() as tx:
            found = actions.who_may_take(tx, told.ground(_board(profile)), shift)
    rows = [_substitute(one) for one in found]
    lines = [f"{row['name']}: {'; '.join(row['facts'])}" for row in rows]
    show(rows if as_json else lines or ["Nobody else may take this shift."])


@offers.command("take")
def offers_take(
    number: Number,
    by: By,
) -> None:
    """Take an offered shift; refused where a rule or the coverage stands against it."""
    with opened() as (database, profile), database.transaction() as tx:
        board, taker = _board(profile), _person(tx, by, profile)
        taking = told.take_offer(board, tx, taker, number)
        if taking.outcome == TakeOutcome.YOURS and taking.offer is not None:
            told.tell_taker(board, tx, taking.offer)
    if why := why_not_taken(number, taking):
        raise BadInput(why.replace("\n", "\n  "))
    show([f"Offer {number} is taken."])


@offers.command("leave")
def offers_leave(by: By) -> None:
    """Leave the shift that was taken last, before it begins: it is offered again."""
    with opened() as (database, profile), database.transaction() as tx:
        offer = told.leave(_board(profile), tx, _person(tx, by, profile))
    if offer is None:
        raise BadInput("--by: took no shift that can still be left; one that runs is left by NON POSSO")
    show([f"Offer {offer.number} is open again."])


@offers.command("withdraw")
def offers_withdraw(number: Number, by: By, reason: Reason = "") -> None:
    """Take back an offer that nobody has taken."""
    with opened() as (database, profile), database.transaction() as tx:
        offer = _offer(tx, number)
        owner = next(one for one in everybody(tx) if one.id == offer.person_id)
        decider = _decider(tx, by, owner.phone, profile)
        if not told.withdraw(tx, offer, decider.id, reason.strip()):
            raise BadInput(f"offer {number} is {offer.state} already; hotline offers list shows what is open")
    show([f"Offer {number} is withdrawn: the shift stays as it was."])


@offers.command("decide")
def offers_decide(
    number: Number,
    to: Annotated[str, typer.Option("--to", metavar="PHONE", help="Who gets the shift.")],
    by: By,
    reason: Reason = "",
) -> None:
    """Give an offered shift to somebody as a coordinator decides, against a rule too, for a reason."""
    why = reason.strip()
    with opened() as (database, profile):
        board = _board(profile)
        with database.reading() as tx:
            taker, decider = _person(tx, to, profile), _person(tx, by, profile)
            _offer(tx, number)
            considered = actions.consider(tx, told.ground(board), number, taker, decider, why)
        with database.transaction() as tx:
            decided = actions.decide(tx, considered, number, taker, decider, why)
            told.changed_hands(board, tx, decided)
            told.tell_taker(board, tx, decided)
    broken = (f"  broken for this reason: {one}" for one in considered.lines)
    show([f"Offer {number} is given to {taker.name}.", *broken])


def _board(profile: Profile) -> Switchboard:
    return load_switchboard(load_settings(), profile)


def _person(tx: Transaction, phone: str, profile: Profile) -> Person:
    number = parse_phone_number(phone, profile.service.country)
    found = person_by_phone(tx, number)
    if found is None:
        raise BadInput(f"nobody has the phone {mask(number)}; import the person first")
    return found


def _decider(tx: Transaction, by: str, whose: str, profile: Profile) -> Person:
    """Return who says so: whose shift it is, or a coordinator on their behalf."""
    decider = _person(tx, by, profile)
    own = parse_phone_number(whose, profile.service.country) == decider.phone
    if not decider.active or (not own and decider.role != "coordinator"):
        raise BadInput("--by: only whose shift it is, or a coordinator who is active, decides this")
    return decider


def _moment(text: str, zone: ZoneInfo, option: str) -> datetime | None:
    try:
        return read_moment(text, zone) if text else None
    except BadInput as error:
        raise BadInput(f"{option}: {error}") from None


def _offer(tx: Transaction, number: int) -> Offer:
    offer = store.by_number(tx, number)
    if offer is None:
        raise BadInput(f"there is no offer {number}; hotline offers list shows them")
    return offer


def _line(row: dict[str, Any]) -> str:
    taken = f", {row['taken_by']} has it" if row["taken_by"] else ""
    trade = f" for {row['in_return'][:16]}" if row["in_return"] else ""
    open_to = f" (asked: {row['asked']})" if row["state"] == State.OPEN else ""
    stretch = f"{row['from'][:16]} - {row['to'][:16]}"
    return f"{row['number']:>4}  {stretch}  {row['role']}: {row['of']}{trade}, {row['state']}{taken}{open_to}"


def _substitute(one: Substitute) -> dict[str, Any]:
    facts = ["no shift near" if one.rest_hours is None else f"{one.rest_hours:.0f} free hours beside it"]
    facts += [f"lacks {lack}" for lack in one.lacks]
    facts += [f"{broken.rule} {broken.text}" for broken in one.broken]
    return {"name": one.person.name, "phone": one.person.phone, "facts": facts}


def _stretch(first: datetime, last: datetime, zone: ZoneInfo) -> str:
    return f"{first.astimezone(zone):%Y-%m-%d %H:%M} - {last.astimezone(zone):%Y-%m-%d %H:%M}"
