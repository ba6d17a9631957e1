"""What follows when somebody says that they are there, or leaves, however they said it?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.calls.cover.telling import cannot_now, found_again
from hotline.calls.presence.asking import say_cannot_come
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.followups import store as owed
from hotline.followups.followup import to_take
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.oncall import store as oncall
from hotline.oncall.cover import NIGHT
from hotline.oncall.presence import actions, store
from hotline.oncall.presence.actions import Heard
from hotline.oncall.presence.check import Check
from hotline.oncall.shifts import Shift
from hotline.people import store as people
from hotline.people.person import Person

SHORTLY_BEFORE = timedelta(minutes=15)
"""So long before the end somebody may check out; earlier it is "I can't, now"."""


@dataclass(frozen=True)
class Leaving:
    """Somebody checks out: until when they are on duty, is that early, what is owed, what of it is theirs."""

    until: datetime
    early: bool
    owed: int
    mine: int


def check_in(board: Switchboard, tx: Transaction, person: Person) -> Shift | None:
    """Take in "I am there", and let everybody rest who was disturbed for it; return the shift, if any."""
    heard = actions.check_in(tx, person)
    _let_rest(board, tx, heard)
    return heard.shift


def reachable(board: Switchboard, tx: Transaction, person: Person) -> None:
    """Take in that somebody has shown themselves: what they were asked about a running shift is answered."""
    _let_rest(board, tx, actions.reachable(tx, person))


def cannot_come(board: Switchboard, tx: Transaction, person: Person, check: Check) -> str:
    """Take in that somebody cannot keep the shift they were asked about; return the node that answers."""
    if check.starts_at <= tx.now:
        cannot_now(board, tx, person, "phone")
        return "cannot_now"
    return "cannot_later" if say_cannot_come(board, tx, check, person) else "cannot_untold"


def is_unheard(tx: Transaction, person: Person) -> bool:
    """Tell whether somebody has been asked whether they are, or will be, there, and has not answered."""
    return bool(store.unheard(tx, person.id))


def leaving(tx: Transaction, person: Person) -> Leaving | None:
    """Return what whoever wants to leave must know; None off duty."""
    running = [one for one in oncall.on_duty(tx, tx.now) if one.person_id == person.id]
    if not running:
        return None
    until = max(one.ends_at for one in running)
    early = until - tx.now > SHORTLY_BEFORE
    still = owed.still_owed(tx)
    mine = sum(one.owner_id == person.id for one in still)
    return Leaving(until, early, len({one.id for one in to_take(still, person.id)}), mine)


def note_leaving(tx: Transaction, person: Person) -> Leaving | None:
    """Write down that somebody checks out at the end of their shift; the rota stays as it is."""
    found = leaving(tx, person)
    if found is not None and not found.early:
        for check in store.running(tx, person.id):
            store.change(tx, check.id, {"left_at": tx.now})
    return found


def _let_rest(board: Switchboard, tx: Transaction, heard: Heard) -> None:
    _stop_ringing(tx, heard.checks)
    for withdrawal in heard.found_again:
        if withdrawal.said_by == NIGHT and withdrawal.taken_by is not None:
            _stop_ringing(tx, store.unheard(tx, withdrawal.taken_by))
            for taker in people.people_by_ids(tx, {withdrawal.taken_by}):
                actions.release(tx, withdrawal, taker)
        found_again(board, tx, withdrawal)


def _stop_ringing(tx: Transaction, checks: Iterable[Check]) -> None:
    for check in checks:
        for notice in notices.about_call(tx, check.id):
            if notice.answered_at is None:
                notifications.stop(tx, notice)
