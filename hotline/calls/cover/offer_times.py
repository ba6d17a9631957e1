"""What must be done by the clock for offered shifts? Ask again, tell the coordinators, let them lapse."""

from datetime import timedelta

from hotline.calls.cover import offers
from hotline.calls.cover.offer_words import LAPSED, UNTAKEN
from hotline.calls.switchboard import Switchboard
from hotline.claims.store import claim
from hotline.database import Database, Transaction
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.offer import Offer, State
from hotline.oncall.swaps.pace import Due, Step, is_quiet, steps
from hotline.people import store as people

FOLLOW = "follow offer"
_GIVERS_TOLD_WITHIN = timedelta(days=1)
_KEPT = timedelta(days=90)


def follow_offers(board: Switchboard, database: Database) -> None:
    """Look after every offer that nobody has taken, and tell whoever gave a shift away and does not know.

    Each in a transaction of its own, each step claimed: two replicas ask nobody twice.
    """
    with database.reading() as tx:
        waiting = [one.number for one in store.still_open(tx)]
        taken = [one for one in store.taken_since(tx, tx.now - _GIVERS_TOLD_WITHIN) if one.ends_at > tx.now]
        taken = [one for one in taken if not offers.giver_knows(tx, one)]
    for number in waiting:
        with database.transaction() as tx:
            _follow(board, tx, number)
    for offer in taken:
        with database.transaction() as tx:
            people.lock(tx, {offer.person_id})
            offers.tell_giver(board, tx, offer)


def forget_who_was_asked(database: Database) -> None:
    """Erase who was asked for shifts that ended long ago."""
    with database.transaction() as tx:
        store.forget_asked(tx, tx.now - _KEPT)


def _follow(board: Switchboard, tx: Transaction, number: int) -> None:
    seen = store.by_number(tx, number)
    if seen is None:
        return
    people.lock(tx, {seen.person_id})
    offer = store.by_number(tx, number) or seen
    if offer.state != State.OPEN:
        return
    zone = board.profile.service.timezone
    due = [one for one in steps(offer, zone) if one.at <= tx.now]
    if any(one.step == Step.LAPSE for one in due) or not actions.still_has(tx, offer):
        _lapse(board, tx, offer)
        return
    if is_quiet(tx.now, offer.begins_at, zone):
        return
    fresh = {one.step for one in due if _is_mine(tx, one)}
    if Step.ASK_AGAIN in fresh:
        offers.choose_whom_to_ask(board, tx, offer)
        store.ask_anew(tx, offer.number)
    offers.ask(board, tx, offer)
    if Step.TELL in fresh:
        offers.tell(board, tx, offer, offers.coordinators(board, tx, offer.person_id), UNTAKEN)


def _is_mine(tx: Transaction, due: Due) -> bool:
    return claim(tx, FOLLOW, f"{due.step} {due.slot}")


def _lapse(board: Switchboard, tx: Transaction, offer: Offer) -> None:
    """Let it end: the shift stays with whoever has it, and they and the coordinators are told so."""
    keeps = actions.still_has(tx, offer)
    if not actions.lapse(tx, offer):
        return
    offers.be_silent(tx, offer)
    if keeps:
        offers.tell(board, tx, offer, people.people_by_ids(tx, {offer.person_id}), LAPSED)
        offers.tell(board, tx, offer, offers.coordinators(board, tx, offer.person_id), UNTAKEN)
