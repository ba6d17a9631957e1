"""What is offered, taken and said at the staff door: one's coming shifts, and those of others?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from hotline.calls.cover import offers
from hotline.calls.cover.offer_words import spoken_shift, spoken_values
from hotline.calls.live import LiveCall
from hotline.calls.switchboard import Switchboard
from hotline.ivr.engine import Situation, Step, enter
from hotline.ivr.flows.staff_v1 import OFFER_SAID, OFFER_SURE, OFFERABLE
from hotline.ivr.nodes import ChooseShift, OfferShift, TakeShift
from hotline.ivr.prompts import Value
from hotline.oncall.duty_status import DutyStatus
from hotline.oncall.shifts import Shift
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.offer import Offer, State
from hotline.oncall.swaps.taking import TakeOutcome, Wanted
from hotline.people.person import Person

_CHOSEN = "offering_"
"""Flag of a call: the second, counted as in Unix, at which the shift begins that they chose."""

_MOST = 3
_PLACES = ("staff.offer_first", "staff.offer_second", "staff.offer_third")
_PROMPT_OF = {
    TakeOutcome.YOURS: "cover.offer_yours",
    TakeOutcome.ALREADY: "cover.offer_yours",
    TakeOutcome.REFUSED: "cover.offer_refused",
    TakeOutcome.TAKEN: "cover.taken",
}

Came = tuple[str, Mapping[str, Value]]
"""What came of a key: the prompt that says so, and its values."""


@dataclass(frozen=True)
class Offered:
    """What the words need: the shift chosen, the offer they were asked for, and what came of a key."""

    chosen: Shift | None = None
    asked: Offer | None = None
    came: Came | None = None


def known_of(own: LiveCall, person: Person) -> Offered:
    """Return what is known of somebody's offers at this turn."""
    asked = store.asked_for(own.tx, person.id)
    return Offered(_chosen(own, person), asked if asked is not None and asked.state == State.OPEN else None)


def really(board: Switchboard, own: LiveCall, person: Person, step: Step) -> Step:
    """Go on to what there is: nobody is asked about a shift, or an offer, that is gone meanwhile."""
    known = known_of(own, person)
    gone = {"offer_sure": known.chosen is None, "take_sure": known.asked is None}
    if gone.get(step.node.name, False):
        return enter(board.staff_flow, "inside_again", Situation())
    return step


def bring_about(
    board: Switchboard, own: LiveCall, person: Person, effect: ChooseShift | OfferShift | TakeShift
) -> Came | None:
    """Do what a key asks for; return what came of it, if anything is to be said."""
    match effect:
        case ChooseShift(place):
            _choose(own, person, place)
            return None
        case OfferShift():
            return _offer_chosen(board, own, person)
        case TakeShift():
            return _take_asked(board, own, person)


def _choose(own: LiveCall, person: Person, place: int) -> None:
    """Note which of their coming shifts they mean."""
    coming = actions.shifts_to_offer(own.tx, person.id, _MOST)
    flags = {flag for flag in own.call.flags if not flag.startswith(_CHOSEN)}
    if place <= len(coming):
        flags.add(f"{_CHOSEN}{int(coming[place - 1].starts_at.timestamp())}")
    own.change(flags=frozenset(flags))


def _offer_chosen(board: Switchboard, own: LiveCall, person: Person) -> Came:
    """Offer the shift that they chose."""
    shift = _chosen(own, person)
    if shift is None:
        return "cover.offer_over", {}
    offering = actions.offer(own.tx, Wanted(shift, person.id, "by phone"))
    own.note("offers_shift", "", person.id)
    said = {"shift": spoken_shift(board, shift.starts_at, shift.ends_at)}
    return ("staff.offer_known" if offering.known else "staff.offer_done"), said


def _take_asked(board: Switchboard, own: LiveCall, person: Person) -> Came:
    """Take the shift that they were asked for."""
    asked = known_of(own, person).asked
    if asked is None:
        return "cover.offer_over", {}
    taking = offers.take_offer(board, own.tx, person, asked.number)
    if taking.outcome == TakeOutcome.YOURS:
        offers.tell_taker(board, own.tx, taking.offer or asked)
    own.note("takes_shift", taking.outcome, person.id)
    return _PROMPT_OF.get(taking.outcome, "cover.offer_over"), spoken_values(board, asked, taking.why)


def offered_words(
    board: Switchboard, prompt: str, status: DutyStatus, known: Offered
) -> list[tuple[str, Mapping[str, Value]]]:
    """Return what is said in place of a prompt about offers."""
    if prompt == OFFERABLE:
        named = zip(_PLACES, status.next_shifts, strict=False)
        found = [(name, {"shift": spoken_shift(board, one.starts_at, one.ends_at)}) for name, one in named]
        return [*found] or [("staff.no_shifts", {})]
    if prompt == OFFER_SAID:
        return [known.came] if known.came is not None else []
    if prompt == OFFER_SURE:
        chosen = known.chosen
        said = spoken_shift(board, chosen.starts_at, chosen.ends_at) if chosen is not None else ""
        return [("staff.offer_sure", {"shift": said})]
    if known.asked is None:
        return []
    name = "staff.trade_sure" if known.asked.is_trade else "staff.take_sure"
    return [(name, spoken_values(board, known.asked))]


def _chosen(own: LiveCall, person: Person) -> Shift | None:
    seconds = [flag.removeprefix(_CHOSEN) for flag in own.call.flags if flag.startswith(_CHOSEN)]
    begins = {datetime.fromtimestamp(int(one), UTC) for one in seconds}
    coming = actions.shifts_to_offer(own.tx, person.id, _MOST)
    return next((one for one in coming if one.starts_at in begins), None)
