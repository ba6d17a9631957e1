"""What does a key bring about on a leg that asks for an offered shift, and what is said there?"""

from hotline.calls.cover import offers
from hotline.calls.cover.offer_words import ABOUT, ASKED, NODE_OF, TRADE, spoken_values
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.prompts import Value
from hotline.notifications.notice import Notice
from hotline.oncall.swaps import store
from hotline.oncall.swaps.offer import Offer
from hotline.oncall.swaps.refusal import Why
from hotline.oncall.swaps.taking import TakeOutcome
from hotline.people import store as people

__all__ = ["ASKS", "NODE_OF", "declined", "take", "values"]

ASKS = frozenset({ASKED, TRADE})
_NODE_OF_OUTCOME = {
    TakeOutcome.YOURS: "offer_yours",
    TakeOutcome.ALREADY: "offer_yours",
    TakeOutcome.REFUSED: "offer_refused",
    TakeOutcome.TAKEN: "taken",
}


def take(board: Switchboard, tx: Transaction, notice: Notice) -> tuple[str, Why | None]:
    """Take the shift that a leg asks for; return the node that says what came of it, and why not."""
    person = next(iter(people.people_by_ids(tx, {notice.person_id})), None)
    offer = _offer(tx, notice)
    if person is None or offer is None:
        return "offer_over", None
    taking = offers.take_offer(board, tx, person, offer.number)
    if taking.outcome == TakeOutcome.YOURS:
        offers.tell_taker(board, tx, offer)
    return _NODE_OF_OUTCOME.get(taking.outcome, "offer_over"), taking.why


def declined(tx: Transaction, notice: Notice) -> None:
    """Store a no: whoever says it is not asked for this shift again."""
    offer = _offer(tx, notice)
    if offer is not None:
        store.declined(tx, offer.number, notice.person_id)


def values(board: Switchboard, tx: Transaction, notice: Notice, why: Why | None) -> dict[str, Value]:
    """Return what the words about the offer of a leg need."""
    offer = _offer(tx, notice)
    return spoken_values(board, offer, why) if offer is not None else {}


def _offer(tx: Transaction, notice: Notice) -> Offer | None:
    number = notice.call_id.removeprefix(ABOUT)
    return store.by_number(tx, int(number)) if number.isdigit() else None
