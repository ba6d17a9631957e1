"""What follows when an offered shift is taken, left again or withdrawn, and how are people asked for it?"""

from collections.abc import Iterable

from hotline.calls.cover.offer_words import (
    ABOUT,
    ASKED,
    COVERED,
    FOUND,
    LAPSED,
    OPEN_AGAIN,
    REFUSED,
    REOPENED,
    TEXT_OF,
    TRADE,
    TRADED,
    UNTAKEN,
    YOURS,
    written,
)
from hotline.calls.cover.telling import reach
from hotline.calls.cover.words import Message
from hotline.calls.ring import ring_for_waiting_calls
from hotline.calls.rooms import store as rooms
from hotline.calls.switchboard import Switchboard
from hotline.claims.store import claim
from hotline.database import Transaction
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, Notice, takes_texts
from hotline.oncall import store as oncall
from hotline.oncall.cover import LAST_RESORT_ROLE, Rota
from hotline.oncall.rota.ground import Ground
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.offer import Offer
from hotline.oncall.swaps.pace import Due, is_quiet, steps
from hotline.oncall.swaps.taking import TakeOutcome, Taking
from hotline.people import store as people
from hotline.people.person import Person

FOLLOW = "follow offer"
WHO_LEFT = "somebody whom it needs has left"


def take_offer(
    board: Switchboard, tx: Transaction, person: Person, number: int, by: Person | None = None
) -> Taking:
    """Give somebody an offered shift; waiting callers ring them at once where it runs already.

    `by` says so on their behalf. Everything is done when it returns, but the answer to the taker.
    """
    taking = actions.take(tx, ground(board), number, person, by)
    if taking.offer is None:
        return taking
    if taking.outcome == TakeOutcome.YOURS:
        changed_hands(board, tx, taking.offer)
    elif taking.outcome == TakeOutcome.REFUSED:
        known = {one.person_id for one in about(tx, taking.offer) if one.kind == REFUSED}
        told = [one for one in coordinators(board, tx, person.id) if one.id not in known]
        tell(board, tx, taking.offer, told, REFUSED)
    return taking


def changed_hands(board: Switchboard, tx: Transaction, offer: Offer) -> None:
    """Let alone whoever was asked, tell who gave and who knew, and ring for whoever waits."""
    be_silent(tx, offer)
    tell_giver(board, tx, offer)
    knew = {one.person_id for one in about(tx, offer) if one.kind in (UNTAKEN, REFUSED, OPEN_AGAIN)}
    told = people.people_by_ids(tx, knew - {offer.person_id, offer.taken_by or ""})
    tell(board, tx, offer, _who_reads(board, told), FOUND)
    if offer.begins_at <= tx.now:
        ring_for_waiting_calls(board, tx)


def tell_giver(board: Switchboard, tx: Transaction, offer: Offer) -> None:
    """Tell whoever had the shift that they have it no longer, unless they know; by a call only by day."""
    if giver_knows(tx, offer):
        return
    giver = people.people_by_ids(tx, {offer.person_id})
    quiet = is_quiet(tx.now, offer.begins_at, board.profile.service.timezone)
    told = _who_reads(board, giver) if quiet else giver
    tell(board, tx, offer, told, TRADED if offer.is_trade else COVERED)


def giver_knows(tx: Transaction, offer: Offer) -> bool:
    """Tell whether whoever had the shift has been told since it was taken."""
    since = offer.taken_at or tx.now
    return any(one.kind in (TRADED, COVERED) and one.created_at >= since for one in about(tx, offer))


def tell_taker(board: Switchboard, tx: Transaction, offer: Offer) -> None:
    """Text whoever has the shift now, where they were not answered by a text already."""
    tell(
        board,
        tx,
        offer,
        _who_reads(board, people.people_by_ids(tx, {offer.taken_by or offer.person_id})),
        YOURS,
    )


def leave(board: Switchboard, tx: Transaction, person: Person) -> Offer | None:
    """Let somebody leave what they took and what has not begun; it is open again, and people are told."""
    offer = actions.untake(tx, person)
    if offer is None:
        return None
    store.declined(tx, offer.number, person.id)
    tell(board, tx, offer, people.people_by_ids(tx, {offer.person_id}), REOPENED)
    tell(board, tx, offer, coordinators(board, tx, person.id), OPEN_AGAIN)
    for due in steps(offer, board.profile.service.timezone):
        if due.at <= tx.now:
            is_first(tx, due)  # the coordinators need not be told the same twice
    return offer


def withdraw(tx: Transaction, offer: Offer, by: str, reason: str) -> bool:
    """Take back an offer; phones that ring for it are silent."""
    if not actions.withdraw(tx, offer, by, reason):
        return False
    be_silent(tx, offer)
    return True


def lapse(board: Switchboard, tx: Transaction, offer: Offer, why: str = actions.IN_TIME) -> bool:
    """Let an offer end: what is left stays with whoever has it, and they and the coordinators are told so."""
    keeps = actions.still_has_some(tx, offer)
    if not actions.lapse(tx, offer, why):
        return False
    be_silent(tx, offer)
    if keeps:
        tell(board, tx, offer, people.people_by_ids(tx, {offer.person_id}), LAPSED)
        tell(board, tx, offer, coordinators(board, tx, offer.person_id), UNTAKEN)
    return True


def close_what_needs(board: Switchboard, tx: Transaction, person_id: str) -> int:
    """Let the offers end of which nothing can come because somebody has left; return how many."""
    concerned = [one for one in store.still_open(tx) if person_id in (one.person_id, one.asked_id)]
    return sum(actions.needs_who_left(tx, one) and lapse(board, tx, one, WHO_LEFT) for one in concerned)


def is_first(tx: Transaction, due: Due) -> bool:
    """Claim a step of an offer: it is done once, by whichever replica comes first."""
    return claim(tx, FOLLOW, f"{due.step} {due.slot}")


def be_silent(tx: Transaction, offer: Offer) -> None:
    """Stop the phones that ring for an offer and were not answered."""
    for notice in about(tx, offer):
        if notice.answered_at is None:
            notifications.stop(tx, notice)


def whom_to_ask(board: Switchboard, tx: Transaction, offer: Offer) -> list[str]:
    """Return the one who is named, or everybody who may take it and breaks no rule by it, the best first.

    Of many people that takes a second: only for a transaction that keeps nobody waiting.
    """
    if offer.asked_id is not None:
        return [offer.asked_id]
    found = actions.who_may_take(tx, ground(board), offer.shift)
    return [one.person.id for one in found if not one.broken]


def ask(board: Switchboard, tx: Transaction, offer: Offer) -> None:
    """Text everybody who is still to be asked, at once; ring the others one after the other."""
    if is_quiet(tx.now, offer.begins_at, board.profile.service.timezone):
        return
    order = store.to_ask(tx, offer.number)
    known = {one.id: one for one in people.people_by_ids(tx, order)}
    waiting = [one for person_id in order if (one := known.get(person_id)) is not None and one.active]
    texted = _who_reads(board, waiting)
    rung = [one for one in waiting if one not in texted][:1]
    if any(one.is_open and one.channel == Channel.CALL for one in about(tx, offer)):
        rung = []
    before = {one.id for one in about(tx, offer)}
    tell(board, tx, offer, [*texted, *rung], TRADE if offer.is_trade else ASKED)
    for notice in about(tx, offer):
        if notice.id not in before:
            store.asked(tx, offer.number, notice.person_id)


def coordinators(board: Switchboard, tx: Transaction, besides: str) -> tuple[Person, ...]:
    """Return who decides at this moment: the coordinators on duty, else those of last resort."""
    rota = Rota(people.everybody(tx), oncall.on_duty(tx, tx.now), board.countries)
    return rota.others(besides, LAST_RESORT_ROLE)


def tell(board: Switchboard, tx: Transaction, offer: Offer, to: Iterable[Person], kind: str) -> None:
    """Tell people about an offer."""
    told = Message(kind, f"{ABOUT}{offer.number}", offer.starts_at, written(board, offer, TEXT_OF[kind]))
    reach(board, tx, to, told)


def about(tx: Transaction, offer: Offer) -> tuple[Notice, ...]:
    """Return the notices about an offer, oldest first."""
    return notices.about_call(tx, f"{ABOUT}{offer.number}")


def ground(board: Switchboard) -> Ground:
    """Return what the rules of a swap rest on."""
    return Ground(board.profile, board.countries, worked=rooms.worked_between)


def _who_reads(board: Switchboard, to: Iterable[Person]) -> list[Person]:
    return [person for person in to if takes_texts(person, board.sms_number)]
