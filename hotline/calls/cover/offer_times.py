"""What must be done by the clock for offered shifts? Ask people, tell the coordinators, let them lapse."""

from datetime import timedelta

from hotline.calls.cover import offers
from hotline.calls.cover.offer_words import UNTAKEN
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.offer import Offer, State
from hotline.oncall.swaps.pace import Step, is_quiet, must_ask, steps
from hotline.people import store as people

_GIVERS_TOLD_WITHIN = timedelta(days=1)
_KEPT = timedelta(days=90)


def follow_offers(board: Switchboard, database: Database) -> None:
    """Look after every offer that nobody has taken, and tell whoever gave a shift away and does not know.

    Each in a transaction of its own, each step claimed: two replicas ask nobody twice.
    """
    with database.reading() as tx:
        waiting = store.still_open(tx)
        taken = [one for one in store.taken_since(tx, tx.now - _GIVERS_TOLD_WITHIN) if one.ends_at > tx.now]
        taken = [one for one in taken if not offers.giver_knows(tx, one)]
    for offer in waiting:
        asked = _chosen(board, database, offer)
        with database.transaction() as tx:
            _follow(board, tx, offer, asked)
    for offer in taken:
        with database.transaction() as tx:
            people.lock(tx, {offer.person_id})
            offers.tell_giver(board, tx, offer)


def forget_who_was_asked(database: Database) -> None:
    """Erase who was asked for shifts that ended long ago."""
    with database.transaction() as tx:
        store.forget_asked(tx, tx.now - _KEPT)


def _chosen(board: Switchboard, database: Database, offer: Offer) -> list[str] | None:
    """Decide whom to ask, if that is due, while nothing is locked: it may take a second."""
    zone = board.profile.service.timezone
    with database.reading() as tx:
        if is_quiet(tx.now, offer.begins_at, zone) or not must_ask(offer, zone, tx.now):
            return None
        return offers.whom_to_ask(board, tx, offer)


def _follow(board: Switchboard, tx: Transaction, seen: Offer, chosen: list[str] | None) -> None:
    people.lock(tx, {seen.person_id})
    offer = store.by_number(tx, seen.number) or seen
    if offer.state != State.OPEN:
        return
    zone = board.profile.service.timezone
    due = [one for one in steps(offer, zone) if one.at <= tx.now]
    if any(one.step == Step.LAPSE for one in due) or not actions.still_has(tx, offer):
        offers.lapse(board, tx, offer)
        return
    if actions.needs_who_left(tx, offer):
        offers.lapse(board, tx, offer, offers.WHO_LEFT)
        return
    if is_quiet(tx.now, offer.begins_at, zone):
        return
    is_told = [offers.is_first(tx, one) for one in due if one.step == Step.TELL]
    if chosen is not None and offer.chosen_at == seen.chosen_at and offer.opened_at == seen.opened_at:
        store.ask(tx, offer.number, chosen)
    offers.ask(board, tx, offer)
    if any(is_told):
        offers.tell(board, tx, offer, offers.coordinators(board, tx, offer.person_id), UNTAKEN)
