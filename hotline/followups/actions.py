"""How does the service come to owe something, who takes it, and how does it end?"""

from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from hotline.callers import actions as contacts
from hotline.callers import store as contact_store
from hotline.database import Transaction
from hotline.followups import alarms, store
from hotline.followups.followup import (
    AGAIN,
    AGAIN_WHEN_BUSY,
    LIFECYCLE,
    MOST_ATTEMPTS,
    OWNED_FOR,
    READ_AGAIN,
    Event,
    FollowUp,
    Kind,
    Result,
    State,
)


def promise(tx: Transaction, call_id: str, grade: str, due_at: datetime) -> FollowUp:
    """Store that the caller wants to be called back; asked twice it is one promise.

    No alarm rings before the caller has left: until then the live call itself looks for a person.
    """
    new = FollowUp(token_hex(8), call_id, Kind.CALL_BACK, State.OPEN, grade, tx.now, due_at)
    known = store.add(tx, new)
    if due_at < known.due_at:
        # Promised for the morning, and now for sooner: that is what the caller hears.
        return _change(tx, known, grade=grade, due_at=due_at)
    return known


def review(
    tx: Transaction, call_id: str, grade: str, due_at: datetime, left_at: datetime | None = None
) -> FollowUp:
    """Store that somebody must look at a call whose caller left unanswered and may not be called.

    `left_at` is when they left, where that is heard of later: an alarm names that hour.
    """
    since = left_at or tx.now
    return store.add(tx, FollowUp(token_hex(8), call_id, Kind.REVIEW, State.OPEN, grade, since, due_at))


def ask_for_more(tx: Transaction, call_id: str, grade: str, due_at: datetime) -> FollowUp:
    """Store that whoever talked with a caller wants more done, also where all that was owed had been done."""
    known = store.lock_of_call(tx, call_id)
    if known is None:
        return review(tx, call_id, grade, due_at)
    if known.state == State.DONE:
        values = {"kind": Kind.REVIEW, "grade": grade, "created_at": tx.now, "due_at": due_at}
        undone = {"owner_id": None, "owned_at": None, "outcome": None, "done_at": None}
        return _advance(tx, known, Event.ASKED_AGAIN, **values, **undone, alarm_step=alarms.FIRST)
    return hurry(tx, known) if grade == "at_once" else known


def hurry(tx: Transaction, follow_up: FollowUp) -> FollowUp:
    """Let what could wait until the morning wait no longer; what the caller was told stays."""
    if follow_up.grade == "at_once":
        return follow_up
    return _change(tx, follow_up, grade="at_once", alarm_step=alarms.FIRST)


def read(tx: Transaction, thread_id: str, grade: str, due_at: datetime, first: int) -> FollowUp:
    """Store that somebody must read texts that came in; the alarm begins with the step `first`."""
    new = FollowUp(token_hex(8), thread_id, Kind.TEXT, State.OPEN, grade, tx.now, due_at, alarm_step=first)
    return store.add(tx, new)


def read_further(tx: Transaction, follow_up: FollowUp, grade: str) -> FollowUp:
    """Open it again for whoever has it in hand: another text has come; one that nobody took rings on.

    What could wait until the morning no longer does when the new text cannot.
    """
    if follow_up.grade != grade == "at_once":
        hurried = hurry(tx, follow_up)
        begin_alarms(tx, hurried)
        return _advance(tx, hurried, Event.LET_GO)
    step, alarm_at = alarms.OWNER, tx.now + READ_AGAIN
    return _advance(tx, follow_up, Event.LET_GO, alarm_at=alarm_at, alarm_step=step)


def begin_alarms(tx: Transaction, follow_up: FollowUp) -> None:
    """Let the alarms begin: the caller has left."""
    _change(tx, follow_up, alarm_at=max(tx.now, follow_up.first_alarm_at))


def take(tx: Transaction, follow_up: FollowUp, person_id: str) -> FollowUp:
    """Make somebody the owner: the alarm pauses; a review that was understood rings nobody any more."""
    again_at = None if follow_up.kind == Kind.REVIEW else tx.now + OWNED_FOR
    return _advance(
        tx, follow_up, Event.TAKEN, owner_id=person_id, owned_at=tx.now, alarm_at=again_at, alarm_step=0
    )


def let_go(tx: Transaction, follow_up: FollowUp, keep_owner: bool) -> FollowUp:
    """Open it again: nothing was attempted in time (the owner is rung first), or the shift is over."""
    owner_id = follow_up.owner_id if keep_owner else None
    step = alarms.OWNER if keep_owner else alarms.FIRST
    return _advance(tx, follow_up, Event.LET_GO, owner_id=owner_id, alarm_at=tx.now, alarm_step=step)


def hand_over(tx: Transaction, follow_up: FollowUp, person_id: str) -> FollowUp:
    """Give what has been understood to the next on duty; nobody is woken for it."""
    return _advance(tx, follow_up, Event.TAKEN, owner_id=person_id, owned_at=tx.now)


def finish(tx: Transaction, follow_up: FollowUp, outcome: Result) -> FollowUp:
    """Close it, and forget the number that was given for it."""
    contact = contact_store.contact_of(tx, follow_up.call_id)
    if contact is not None:
        contact_store.keep(tx, replace(contact, number=None, keyed=None))
    return _advance(tx, follow_up, Event.FINISHED, outcome=outcome, alarm_at=None, done_at=tx.now)


def turn_into_review(tx: Transaction, follow_up: FollowUp, heard_by_owner: bool) -> FollowUp:
    """Nobody may be called any more: what remains is to be ready if they ring again."""
    alarm_at = None if heard_by_owner else follow_up.alarm_at
    return _change(tx, follow_up, kind=Kind.REVIEW, alarm_at=alarm_at)


def turn_into_call_back(tx: Transaction, follow_up: FollowUp, owner_id: str) -> FollowUp:
    """Somebody has decided to call: their phone rings first, and at once."""
    open_again = _advance(tx, follow_up, Event.LET_GO, owner_id=owner_id)
    return _change(
        tx, open_again, kind=Kind.CALL_BACK, owner_id=owner_id, alarm_at=tx.now, alarm_step=alarms.OWNER
    )


def attempted(tx: Transaction, follow_up: FollowUp) -> FollowUp:
    """Count an attempt; while it lasts no alarm rings."""
    return _change(tx, follow_up, attempts=follow_up.attempts + 1, alarm_at=tx.now + OWNED_FOR)


def not_reached(tx: Transaction, follow_up: FollowUp, busy: bool) -> FollowUp:
    """Try again in a while, soon if the line was busy; the third time was the last."""
    if follow_up.attempts >= MOST_ATTEMPTS:
        return finish(tx, follow_up, Result.NOT_REACHED)
    wait = AGAIN_WHEN_BUSY if busy else AGAIN
    return _change(tx, follow_up, alarm_at=tx.now + wait)


def not_rung(tx: Transaction, follow_up: FollowUp) -> FollowUp:
    """Try again in a while: the phone never rang, so that this was no attempt."""
    if follow_up.state == State.DONE:
        return follow_up
    return _change(tx, follow_up, attempts=follow_up.attempts - 1, alarm_at=tx.now + AGAIN)


def reached_the_wrong_person(tx: Transaction, follow_up: FollowUp) -> FollowUp:
    """Somebody else has that phone: nothing here may ring it again."""
    contact = contact_store.contact_of(tx, follow_up.call_id)
    if contact is not None:
        contacts.decline(tx, follow_up.call_id, contact.number)
    return finish(tx, follow_up, Result.WRONG_PERSON)


def alarm_next(tx: Transaction, follow_up: FollowUp, step: int, after: timedelta) -> None:
    """Store that an alarm has gone out, and when the next is due."""
    _change(tx, follow_up, alarm_step=step, alarm_at=tx.now + after)


def _advance(tx: Transaction, follow_up: FollowUp, event: Event, **values: Any) -> FollowUp:
    """Move it along its lifecycle; an event that does not fit its state changes nothing."""
    state = LIFECYCLE.get((follow_up.state, event))
    return follow_up if state is None else _change(tx, follow_up, state=state, **values)


def _change(tx: Transaction, follow_up: FollowUp, **values: Any) -> FollowUp:
    store.change(tx, follow_up.id, values)
    return replace(follow_up, **values)
