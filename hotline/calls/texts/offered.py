"""What does a member of staff bring about by texting OFFRO, PRENDO, LASCIO or RITIRO?"""

from dataclasses import dataclass

from hotline.calls.cover import offers
from hotline.calls.cover.offer_words import answer_of, text_values
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.prompts import Value
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
    offer, prompt = _offer_next(tx, person)
    return _about(board, offer, prompt) if offer is not None else Obeyed("sms.no_shift")


def withdraw_offered(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    """Keep the shift that they had offered."""
    for offer in store.open_of(tx, person.id):
        if offers.withdraw(tx, offer, person.id, "texted it"):
            return _about(board, offer, "sms.offer_withdrawn")
    return Obeyed("sms.offer_none")


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


def cannot_later(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    """Take in "I can't" of somebody off duty: their next shift is offered, and read by a person if soon."""
    offer, prompt = _offer_next(tx, person)
    if offer is None:
        return Obeyed("sms.cannot_later", to_read=True)
    return Obeyed(prompt, text_values(board, offer), to_read=offer.starts_at - tx.now <= SOON)


def _offer_next(tx: Transaction, person: Person) -> tuple[Offer | None, str]:
    for shift in actions.shifts_to_offer(tx, person.id, 1):
        offering = actions.offer(tx, Wanted(shift, person.id, "texted it"))
        return offering.offer, "sms.offer_known" if offering.known else "sms.offer_made"
    return None, ""


def _about(board: Switchboard, offer: Offer, prompt: str) -> Obeyed:
    return Obeyed(prompt, text_values(board, offer))
