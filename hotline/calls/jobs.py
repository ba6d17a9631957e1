"""What must be done for calls by the clock? Nothing that a live call waits for."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from hotline.callers import store as contacts
from hotline.calls import store
from hotline.calls.call import ELSEWHERE, RESULT_OF_STATUS, Leg, LegResult, LegState
from hotline.calls.caller_leg import ROOM_LOOK
from hotline.calls.endings import caller_left, leg_over, room_over
from hotline.calls.live import LiveCall
from hotline.calls.ring import move_caller, move_leg, ring_for_waiting, ring_whoever_is_due
from hotline.calls.rooms import store as rooms
from hotline.calls.rooms.errands import bring_a_responder
from hotline.calls.rooms.room_leg import LONGEST_PRIVATE
from hotline.calls.staff.lent import LENT
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.handovers import store as handovers
from hotline.ivr.nodes import Position
from hotline.telephony import acts, replies, rest_health
from hotline.telephony.acts import ActKind
from hotline.telephony.line import Line, LineError, ProviderCall
from hotline.texts import store as texts

log = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=5)
LONG_OVERDUE = timedelta(seconds=20)
LONG_SENTENCE = timedelta(seconds=15)
DIAL_LOOK = timedelta(seconds=15)
PRIVATE_LOOK = timedelta(seconds=LONGEST_PRIVATE + 15)
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
            children = line.live_children(call.sid) if found is not None and not found.is_over else ()
            together = bool(call.room) and line.room_is_on(str(call.room))
        except LineError:
            continue
        with database.transaction() as tx:
            _look_after(board, tx, call.id, found, children, call.room if together else None)


def _look_after(
    board: Switchboard,
    tx: Transaction,
    call_id: str,
    found: ProviderCall | None,
    children: Sequence[str] = (),
    together_in: str | None = None,
) -> None:
    """Act on what the provider knows: the call itself, the legs it dials now, the room where people talk."""
    call = store.lock_call(tx, call_id)
    if call is None or call.ended_at is not None or call.pass_due_at is None:
        return
    late = tx.now - call.pass_due_at
    if late <= OVERDUE:
        return
    live = LiveCall(tx, call)
    if found is None or found.is_over:
        _found_gone(board, live)
    elif children:
        _leave_in_their_dial(live, children)
    elif call.position == Position.ROOM:
        _look_into_the_room(board, live, together_in)
    elif call.node == LENT:
        live.change(pass_due_at=tx.now + ROOM_LOOK)
    elif ELSEWHERE in call.flags:
        # Back from a conversation that was not ours, perhaps: they decide whether it was the end.
        live.change(flags=call.flags - {ELSEWHERE}, pass_due_at=tx.now, winner=None, between_at=tx.now)
        move_caller(board, live, "between")
    elif late > LONG_OVERDUE:
        live.note("pass_lost")
        live.change(pass_due_at=tx.now)
        move_caller(board, live, "hold")
    live.save()


def look_for_callers_gone(board: Switchboard, database: Database, line: Line) -> None:
    """Ask Twilio about callers for whom phones ring while they hear a long sentence: they may have gone.

    Twilio says once that a caller has left, and does not say it again to a service that was away.
    """
    with database.reading() as tx:
        listening = store.rung_for_in_a_long_sentence(tx, LONG_SENTENCE)
    for call in listening:
        try:
            found = line.look_up(call.sid)
        except LineError:
            continue
        if found is None or found.is_over:
            with database.transaction() as tx:
                call_now = store.lock_call(tx, call.id)
                if call_now is not None and call_now.ended_at is None:
                    live = LiveCall(tx, call_now)
                    _found_gone(board, live)
                    live.save()


def _found_gone(board: Switchboard, live: LiveCall) -> None:
    live.note("found_gone")
    caller_left(board, live)


def _leave_in_their_dial(live: LiveCall, children: Sequence[str]) -> None:
    """Leave a caller who talks, or hears a phone ring, through a Dial; note it when the Dial is not ours.

    The fallback, or a reply without the database, is talking then: nobody may be torn out of that.
    """
    if not _dials_for_us(live, children):
        live.flag(ELSEWHERE)
    live.change(pass_due_at=live.tx.now + DIAL_LOOK)


def _dials_for_us(live: LiveCall, children: Sequence[str]) -> bool:
    """Tell whether the caller's live Dial is the one that rings a person for us while REST is down."""
    ours = [leg for leg in live.legs if leg.is_open and leg.dialled]
    known = {leg.sid for leg in ours}
    return bool(ours) and (None in known or all(child in known for child in children))


def _look_into_the_room(board: Switchboard, live: LiveCall, together_in: str | None) -> None:
    """Leave people who talk alone; bring together those who wait in two rooms for each other."""
    call = live.call
    if call.side_room is not None and live.tx.now - (call.joined_at or call.came_in_at) < PRIVATE_LOOK:
        # The responder has a private word, and comes back by themselves.
        live.change(pass_due_at=live.tx.now + DIAL_LOOK)
        return
    met = call.room is not None and rooms.room_met_at(live.tx, call.room) is not None
    if call.room is not None and (met or together_in == call.room):
        if not met:
            # The room's own word is lost, and every later one may be.
            rooms.note_met(live.tx, call.room, since=call.joined_at)
            live.note("met")
        bring_a_responder(board, live)
        live.change(pass_due_at=live.tx.now + ROOM_LOOK)
        return
    live.note("room_never_began")
    if call.room is not None:
        room_over(live, call.room)
    live.change(position=Position.HOLD, node="between", between_at=live.tx.now, pass_due_at=live.tx.now)
    move_caller(board, live, "between")
    winner = live.leg(call.winner)
    if winner is not None and winner.is_open and winner.sid is not None:
        move_leg(board, live, winner, "room")


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


def ring_in_time(board: Switchboard, database: Database) -> None:
    """Ring for waiting callers whose next pass comes later than a phone is due: a long sentence is spoken."""
    with database.reading() as tx:
        late = store.waiting_for_a_look(tx)
    for call_id in late:
        with database.transaction() as tx:
            call = store.lock_call(tx, call_id)
            if call is not None:
                live = LiveCall(tx, call)
                ring_whoever_is_due(board, live)
                live.save()


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
    # A ring that has not left yet would ring a phone for nobody, perhaps while it rings for somebody else.
    acts.cancel(tx, leg.id, ActKind.RING)
    usual = LegResult.NO_KEY if current.state == LegState.WHISPER else LegResult.UNKNOWN
    result = RESULT_OF_STATUS.get(found.status, usual) if found is not None else LegResult.UNKNOWN
    live.note("found_ended", result, current.person_id)
    leg_over(board, live, current, result)
    ring_for_waiting(board, live)
    live.save()


def forget(board: Switchboard, database: Database) -> None:
    """Erase callers' numbers after the days that the profile promises, and replies of calls long over."""
    zone: ZoneInfo = board.profile.service.timezone
    with database.transaction() as tx:
        kept_since = tx.now.astimezone(zone) - timedelta(days=board.profile.service.number_kept_days)
        forgotten = store.forget_calls_before(tx, kept_since, _FORGET_AT_ONCE)
        contacts.forget_numbers_before(tx, kept_since)
        texts.forget_before(tx, kept_since)
        notes_since = tx.now.astimezone(zone) - timedelta(days=board.profile.handover.notes_kept_days)
        handovers.forget_notes_before(tx, notes_since)
        handovers.forget_talks_before(tx, notes_since)
        replies.erase_older_than(tx, tx.now - timedelta(days=1))
    if forgotten:
        log.info("numbers of past callers erased", extra={"count": forgotten})
