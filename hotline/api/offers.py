"""Which shifts are offered, and what does a coordinator do about them, on behalf of whom?"""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from hotline.api.desk import Apart, Asker, Coordinator
from hotline.api.known import Number, PersonId, Reason, somebody
from hotline.api.moments import Moment
from hotline.api.problems import Problem, refusals
from hotline.api.shapes import IsoMinute, RoleName, Shape
from hotline.calls.cover import offers as told
from hotline.database import Transaction
from hotline.errors import TooLate
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.choosing import wanted_offer
from hotline.oncall.swaps.offer import Offer, State
from hotline.oncall.swaps.offer_report import offer_as_json, why_not_taken
from hotline.oncall.swaps.taking import TakeOutcome, Wanted
from hotline.people.person import Person
from hotline.people.store import everybody

router = APIRouter(prefix="/offers", route_class=Apart, tags=["offers"], responses=refusals())

_NEWEST = 50
_STATUS = {TakeOutcome.NOTHING: 404, TakeOutcome.TAKEN: 409, TakeOutcome.GONE: 409}
Every = Annotated[bool, Query(alias="all", description="Also those that are over: the newest fifty.")]


class NewOffer(Shape):
    """Whose shift is offered: by default their next one, to everybody who may take it."""

    person: PersonId
    from_: Moment | None = Field(None, alias="from", description="When the shift begins.")
    now: bool = Field(default=False, description="What is left of the shift that runs.")
    ask: PersonId | None = Field(None, description="Only this person, by id.")
    in_return: Moment | None = Field(None, description="A trade: when the shift of whoever is asked begins.")
    reason: Reason = ""


class Why(Shape):
    """Why a shift is offered no longer."""

    reason: Reason = ""


class Taker(Shape):
    """Who takes it."""

    person: PersonId


class Decision(Shape):
    """Who gets the shift, and why."""

    to: PersonId
    reason: Reason


class OfferedShift(Shape):
    """Which shift is offered, and where the offer stands; it names nobody."""

    number: int
    state: State
    role: RoleName
    from_: IsoMinute = Field(alias="from")
    to: IsoMinute
    in_return: IsoMinute | None


class KeptOffer(OfferedShift):
    """An offered shift with those whom it concerns, by name."""

    of: str
    asked: str
    taken_by: str | None
    by: str
    reason: str


class DecidedOffer(KeptOffer):
    """An offered shift that was given to somebody, with what that breaks for this reason."""

    broken: list[str]


class Offers(Shape):
    """Offered shifts: those that are open, the earliest first; or all, the newest first."""

    offers: list[KeptOffer]


@router.get("", response_model=Offers)
def offers(asker: Coordinator, every: Every = False) -> Any:
    """List the shifts that are offered."""
    with asker.reading("offers") as tx:
        found = store.newest(tx, _NEWEST) if every else store.still_open(tx)
        names, zone = _names(tx), asker.profile.service.timezone
    return {"offers": [offer_as_json(one, names, zone) for one in found]}


@router.post("", response_model=KeptOffer, status_code=201, responses=refusals(404, 409))
def offer(asker: Coordinator, new: NewOffer) -> Any:
    """Offer a shift on behalf of somebody; the same shift offered twice is one offer."""
    with asker.changing("api offer", "offer") as tx:
        wanted = wanted_offer(
            tx,
            somebody(tx, new.person),
            asker.person,
            new.reason,
            first=new.from_,
            running=new.now,
            asked=somebody(tx, new.ask) if new.ask is not None else None,
            back=new.in_return,
        )
        return _kept(tx, asker, offered(tx, wanted))


@router.post("/{number}/take", response_model=KeptOffer, responses=refusals(404, 409))
def take(asker: Coordinator, number: Number, who: Taker) -> Any:
    """Take an offered shift on behalf of somebody; refused where a rule or the coverage stands against it."""
    with asker.desk.database.reading() as tx:
        taker = somebody(tx, who.person)
    taken(asker, number, taker)
    with asker.desk.database.reading() as tx:
        return _kept(tx, asker, known_offer(tx, number))


@router.post("/{number}/withdraw", response_model=KeptOffer, responses=refusals(404, 409))
def withdraw(asker: Coordinator, number: Number, why: Why) -> Any:
    """Take back an offer that nobody has taken; the shift stays as it was."""
    with asker.changing("api withdraw offer", f"offer {number}") as tx:
        if not told.withdraw(tx, known_offer(tx, number), asker.person.id, why.reason):
            raise Problem(409, f"offer {number} is open no longer")
        return _kept(tx, asker, known_offer(tx, number))


@router.post("/{number}/decide", response_model=DecidedOffer, responses=refusals(404, 409))
def decide(asker: Coordinator, number: Number, decision: Decision) -> Any:
    """Give an offered shift to somebody, against a rule too, for a reason; everybody concerned is told."""
    board, by, reason = asker.desk.board, asker.person, decision.reason
    with asker.desk.database.reading() as tx:
        known_offer(tx, number)
        taker = somebody(tx, decision.to)
        considered = actions.consider(tx, told.ground(board), number, taker, by, reason)
    with asker.changing("api decide offer", f"offer {number}") as tx:
        decided = actions.decide(tx, considered, number, taker, by, reason)
        told.changed_hands(board, tx, decided)
        told.tell_taker(board, tx, decided)
        return {**_kept(tx, asker, decided), "broken": list(considered.lines)}


def known_offer(tx: Transaction, number: int) -> Offer:
    """Return an offer, also an old one; raise a 404 for none."""
    found = store.by_number(tx, number)
    if found is None:
        raise Problem(404, "there is no such offer")
    return found


def offered(tx: Transaction, wanted: Wanted) -> Offer:
    """Store an offer, or find the same; raise `TooLate` where it was taken at this very moment."""
    made = actions.offer(tx, wanted).offer
    if made is None:
        raise TooLate("this shift was offered, and changed hands, at this very moment: look again")
    return made


def taken(asker: Asker, number: int, taker: Person) -> None:
    """Let somebody take an offered shift; raise a problem that says why not."""
    board = asker.desk.board
    with asker.changing("api take offer", f"offer {number}") as tx:
        taking = told.take_offer(board, tx, taker, number, asker.person)
        if taking.outcome == TakeOutcome.YOURS and taking.offer is not None:
            told.tell_taker(board, tx, taking.offer)
    # That somebody tried is kept: the coordinators are told of a rule that stands against it.
    if why := why_not_taken(number, taking):
        raise Problem(_STATUS.get(taking.outcome, 422), "; ".join(why.splitlines()))


def _kept(tx: Transaction, asker: Asker, one: Offer) -> dict[str, Any]:
    return offer_as_json(one, _names(tx), asker.profile.service.timezone)


def _names(tx: Transaction) -> dict[str, str]:
    return {person.id: person.name for person in everybody(tx)}
