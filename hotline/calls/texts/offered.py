"""What does a member of staff bring about by texting OFFRO, PRENDO, LASCIO or RITIRO?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hotline.calls.cover import offers
from hotline.calls.cover.offer_words import answer_of, text_values
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.prompts import Value
from hotline.oncall.presence.actions import will_come
from hotline.oncall.shifts import Shift
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.offer import Offer, State
from hotline.oncall.swaps.pace import SOON
from hotline.oncall.swaps.taking import Wanted
from hotline.people.person import Person


@dataclass(frozen=True)
class Obeyed:
    """What came of a text: the prompt to answer with, if any, and whether a person must read it."""

    prompt: str | None = None
    values: dict[str, Value] | None = None
    to_read: bool = False


def offer_next(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    """Offer their next shift to all who may take it."""
    offer, prompt = _offer(tx, person, actions.shifts_to_offer(tx, person.id, 1))
    return _about(board, offer, prompt) if offer is not None else Obeyed("sms.no_shift")


def withdraw_offered(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    """Keep the shift that they had offered last, and those offered together with it."""
    known = store.open_of(tx, person.id)
    together = [one for one in known if one.opened_at == known[0].opened_at]
    kept = [one for one in together if offers.withdraw(tx, one, person.id, "texted it")]
    will_come(tx, person, {one.starts_at for one in kept})
    return _about(board, _whole(kept), "sms.offer_withdrawn") if kept else Obeyed("sms.offer_none")


def give_back(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    """Leave what they had taken: it is offered again."""
    left = offers.leave(board, tx, person)
    return _about(board, left, "sms.offer_left") if left else Obeyed("sms.offer_none_left")


def take_offered(
    board: Switchboard, tx: Transaction, person: Person, also_over: bool = True
) -> Obeyed | None:
    """Take the shift that somebody was asked for last; None where nobody asked, or only what is over now."""
    asked = store.asked_for(tx, person.id)
    if asked is None or (asked.state != State.OPEN and not also_over):
        return None
    taking = offers.take_offer(board, tx, person, asked.number)
    return Obeyed(answer_of(taking), text_values(board, taking.offer or asked, taking.why))


def cannot_later(
    board: Switchboard, tx: Transaction, person: Person, refused: Sequence[Shift] = ()
) -> Obeyed:
    """Take in "I can't" of somebody off duty, and offer what they `refused`, or else their next shift.

    It is read by a person if it begins soon.
    """
    offer, prompt = _offer(tx, person, refused or actions.shifts_to_offer(tx, person.id, 1))
    if offer is None:
        return Obeyed("sms.cannot_later", to_read=True)
    return Obeyed(prompt, text_values(board, offer), to_read=offer.starts_at - tx.now <= SOON)


def _offer(tx: Transaction, person: Person, shifts: Iterable[Shift]) -> tuple[Offer | None, str]:
    """Offer shifts, each by itself; return what to tell of: from the first to the last that touch."""
    made = [actions.offer(tx, Wanted(shift, person.id, "texted it")) for shift in shifts]
    known = [one.offer for one in made if one.offer is not None]
    prompt = "sms.offer_known" if all(one.known for one in made) else "sms.offer_made"
    return (_whole(known), prompt) if known else (None, "")


def _whole(offered: Iterable[Offer]) -> Offer:
    """Return the first of some offers with the hours of all that follow it without a break."""
    first, *rest = sorted(offered, key=lambda one: one.starts_at)
    for one in rest:
        if one.starts_at <= first.ends_at:
            first = replace(first, ends_at=max(first.ends_at, one.ends_at))
    return first


def _about(board: Switchboard, offer: Offer, prompt: str) -> Obeyed:
    return Obeyed(prompt, text_values(board, offer))
