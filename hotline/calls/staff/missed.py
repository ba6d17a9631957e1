"""Somebody who was rung and did not answer dials the line: may they take the call, or what became of it?"""

from datetime import timedelta

from hotline.calls import store as calls
from hotline.calls.call import Call, Leg, LegResult, LegState
from hotline.calls.live import LiveCall
from hotline.calls.promise import store as promise_store
from hotline.calls.promise.agreement import is_careful
from hotline.calls.ring import drop_leg, ring_people
from hotline.calls.ringing import Ring
from hotline.calls.staff import store
from hotline.calls.staff.lent import lend
from hotline.calls.switchboard import Switchboard
from hotline.calls.urgency import is_urgent
from hotline.database import Transaction
from hotline.notifications import actions as notifications
from hotline.people.person import Person
from hotline.telephony import rest_health
from hotline.telephony.instructions import GoTo, Instruction

RETURNED_WITHIN = timedelta(minutes=60)
"""So long after a missed ring whoever dials the line is told what became of it, once."""

WAITING, ANSWERED, QUIET = "waiting", "answered", "quiet"
"""Nodes of the staff flow."""

_NOT_MISSED = frozenset({LegResult.ACCEPTED, LegResult.DECLINED, LegResult.FAILED})


def lock_waiting(board: Switchboard, tx: Transaction, person: Person, rung: bool) -> LiveCall | None:
    """Return the call that waits for somebody, urgent ones first, locked; never one from their own number."""
    if rest_health.is_down(tx):
        return None
    found = [call for call in store.waiting_for(tx, person.id, rung) if call.caller != person.phone]
    for call in sorted(found, key=lambda call: not is_urgent(board.profile, tx, call)):
        locked = calls.lock_call(tx, call.id)
        if locked is not None and locked.is_waiting:
            return LiveCall(tx, locked)
    return None


def is_forgeable_risk(board: Switchboard, waiting: LiveCall) -> bool:
    """Tell whether a forged number could do harm: who may be watched talks only with a phone that we ring."""
    return is_careful(board.profile, waiting.call)


def offer(board: Switchboard, own: LiveCall, waiting: LiveCall, person: Person) -> list[Instruction]:
    """Let somebody hear the whisper of a waiting call on the leg that they dialled; empty if they cannot."""
    for leg in waiting.legs:
        if leg.is_open and leg.person_id == person.id:
            # Their voicemail, or a ring that has just begun.
            drop_leg(waiting, leg)
    notifications.make_way(own.tx, {person.id})
    added = waiting.add_legs([_leg_on(own, waiting.call, person)])
    if not added:
        waiting.save()
        return []
    waiting.note("offered", added[0].role, person.id)
    waiting.save()
    own.note("offered", "", person.id)
    lend(own)
    return [GoTo(board.urls.responder(added[0].id, 0, "whisper"))]


def what_became(own: LiveCall, person: Person) -> str | None:
    """Return what to tell about the ring that somebody missed last; None: nothing, or it was told before."""
    tx = own.tx
    last = store.last_ring(tx, person.id, tx.now - RETURNED_WITHIN)
    if last is None or last.errand is not None or last.result in _NOT_MISSED:
        return None
    since = promise_store.calls_from(tx, person.phone, since=last.at)
    if any(call.id != own.call.id for call in since):
        return None
    return ANSWERED if last.answered else QUIET


def ring_at_once(board: Switchboard, tx: Transaction, person: Person) -> None:
    """Ring whoever was asked to hang up, before anybody else."""
    waiting = lock_waiting(board, tx, person, rung=True)
    if waiting is None:
        return
    role = store.role_rung(tx, waiting.call.id, person.id) or person.role
    ring_people(board, waiting, [Ring(person, role)])
    waiting.save()


def _leg_on(own: LiveCall, waiting: Call, person: Person) -> Leg:
    role = store.role_rung(own.tx, waiting.id, person.id) or store.role_planned(own.tx, waiting.id, person.id)
    return Leg(
        id=calls.new_id(own.tx),
        call_id=waiting.id,
        person_id=person.id,
        role=role or person.role,
        sid=own.call.sid,
        state=LegState.WHISPER,
        node="whisper",
        turn=0,
        result=None,
        created_at=own.tx.now,
        answered_at=own.tx.now,
    )
