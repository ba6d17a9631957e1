"""What must be done for calls by the clock? Nothing that a live call waits for."""

import logging
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hotline.callers import store as contacts
from hotline.calls import store
from hotline.calls.backstop import BackstopFile, Period
from hotline.calls.call import RESULT_OF_STATUS, Leg, LegResult, LegState
from hotline.calls.caller_leg import ROOM_LOOK
from hotline.calls.endings import caller_left, leg_over
from hotline.calls.live import LiveCall
from hotline.calls.ring import move_caller, ring_for_waiting
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.ivr.nodes import Position
from hotline.oncall import store as oncall
from hotline.people import store as people
from hotline.telephony import replies, rest_health
from hotline.telephony.line import Line, LineError, ProviderCall

log = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=5)
LONG_OVERDUE = timedelta(seconds=20)
BACKSTOP_AHEAD = timedelta(hours=72)
_LEG_SLACK = 20
_NO_CALL = "CA" + "0" * 32
_FORGET_AT_ONCE = 500


def look_after_overdue(board: Switchboard, database: Database, line: Line) -> None:
    """Ask Twilio about callers whose pass has not come: gone without a word, or left without a reply."""
    with database.reading() as tx:
        late = store.overdue_calls(tx, OVERDUE)
    for call in late:
        try:
            found = line.look_up(call.sid)
        except LineError:
            continue
        with database.transaction() as tx:
            _look_after(board, tx, call.id, found)


def _look_after(board: Switchboard, tx: Transaction, call_id: str, found: ProviderCall | None) -> None:
    call = store.lock_call(tx, call_id)
    if call is None or call.ended_at is not None or call.pass_due_at is None:
        return
    late = tx.now - call.pass_due_at
    if late <= OVERDUE:
        return
    live = LiveCall(tx, call)
    if found is None or found.is_over:
        live.note("found_gone")
        caller_left(board, live)
    elif call.position == Position.ROOM:
        live.change(pass_due_at=tx.now + ROOM_LOOK)
    elif late > LONG_OVERDUE:
        live.note("pass_lost")
        live.change(pass_due_at=tx.now)
        move_caller(board, live, "hold")
    live.save()


def probe_rest(database: Database, line: Line) -> None:
    """While REST counts as down and nobody waits, see whether it answers; waiting callers probe by rings."""
    with database.reading() as tx:
        if not rest_health.is_down(tx) or store.waiting_calls(tx, except_id=""):
            return
    try:
        line.look_up(_NO_CALL)
        answered = True
    except LineError:
        answered = False
    count = rest_health.note_success if answered else rest_health.note_failure
    with database.transaction() as tx:
        count(tx)


def reconcile_legs(board: Switchboard, database: Database, line: Line) -> None:
    """Ask Twilio about legs that should have ended by now: their last callback may have been lost."""
    with database.reading() as tx:
        limit = tx.now - timedelta(seconds=board.ring_seconds + _LEG_SLACK)
        old = store.open_legs_older_than(tx, limit)
    for leg in old:
        try:
            found = line.look_up(leg.sid) if leg.sid else None
        except LineError:
            continue
        if found is not None and not found.is_over:
            continue
        with database.transaction() as tx:
            _close_lost_leg(board, tx, leg, found)


def _close_lost_leg(board: Switchboard, tx: Transaction, leg: Leg, found: ProviderCall | None) -> None:
    call = store.lock_call_of_leg(tx, leg.id)
    if call is None:
        return
    live = LiveCall(tx, call)
    current = live.leg(leg.id)
    if current is None or not current.is_open or current.sid != leg.sid:
        return
    usual = LegResult.NO_KEY if current.state == LegState.WHISPER else LegResult.UNKNOWN
    result = RESULT_OF_STATUS.get(found.status, usual) if found is not None else LegResult.UNKNOWN
    live.note("found_ended", result, current.person_id)
    leg_over(board, live, current, result)
    ring_for_waiting(board, live)
    live.save()


def write_backstop(board: Switchboard, database: Database, file: BackstopFile) -> None:
    """Write down whom to ring in the next 72 hours, for when the database is not there."""
    with database.reading() as tx:
        shifts = oncall.on_duty_between(tx, tx.now, tx.now + BACKSTOP_AHEAD)
        persons = {person.id: person for person in people.everybody(tx) if person.active}
        edges = {tx.now, tx.now + BACKSTOP_AHEAD}
        for shift in shifts:
            edges |= {moment for moment in (shift.starts_at, shift.ends_at) if moment > tx.now}
    order = [tier.role for tier in board.profile.tiers]
    moments = sorted(edges)
    periods = []
    for start, end in pairwise(moments):
        on = [
            s
            for s in shifts
            if s.starts_at <= start < s.ends_at and s.person_id in persons and s.role in order
        ]
        numbers = [persons[s.person_id].phone for s in sorted(on, key=lambda s: order.index(s.role))]
        periods.append(Period(start.isoformat(), end.isoformat(), tuple(dict.fromkeys(numbers))))
    last_resort = [person.phone for person in persons.values() if person.last_resort]
    file.write(periods, last_resort)


def forget(board: Switchboard, database: Database) -> None:
    """Erase callers' numbers after the days that the profile promises, and replies of calls long over."""
    zone: ZoneInfo = board.profile.service.timezone
    with database.transaction() as tx:
        kept_since = tx.now.astimezone(zone) - timedelta(days=board.profile.service.number_kept_days)
        forgotten = store.forget_calls_before(tx, kept_since, _FORGET_AT_ONCE)
        contacts.forget_numbers_before(tx, kept_since)
        replies.erase_older_than(tx, tx.now - timedelta(days=1))
    if forgotten:
        log.info("numbers of past callers erased", extra={"count": forgotten})
