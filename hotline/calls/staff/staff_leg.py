"""What happens on the leg of one of ours who dials the line? `*`, a PIN, the door, and back to a caller."""

from dataclasses import dataclass

from hotline.callers.caller import Caller
from hotline.calls import caller_leg, endings
from hotline.calls import store as calls
from hotline.calls.caller_heard import CallerHeard
from hotline.calls.handover.over import notice_over
from hotline.calls.handover.talk import NOT_REACHED
from hotline.calls.live import LiveCall
from hotline.calls.responder_leg import leg_status
from hotline.calls.ring import end_other_legs
from hotline.calls.staff import inside, missed, store
from hotline.calls.staff.lent import BACK, LENT
from hotline.calls.staff.who import STAFF, STAR, may_open, person_calling
from hotline.calls.staff.words import Known
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.engine import Situation, enter, take_turn
from hotline.ivr.flows.staff_v1 import GREETED
from hotline.ivr.nodes import NO_NUMBER, TYPED, Position
from hotline.notifications import store as notices
from hotline.people import actions as people_actions
from hotline.people import store as people
from hotline.people.person import Person
from hotline.telephony.instructions import HangUp, Instruction, Pause

_AFTER_AN_OFFER = 3
_EMERGENCY = "112"


@dataclass(frozen=True)
class StaffHeard:
    """What a turn at the staff door reports; `pin_right` was checked before the transaction began."""

    sid: str
    at: str
    turn: str
    key: str | None = None
    typed: str = ""
    pin_right: bool = False
    on_line: bool = True
    again: bool = False


def come_in(board: Switchboard, tx: Transaction, sid: str, caller: Caller) -> list[Instruction]:
    """Greet whoever calls; one of ours who missed a ring may take that call, or hears what became of it."""
    person = person_calling(tx, caller.number)
    known = person is not None and calls.call_by_sid(tx, sid) is not None
    reply = caller_leg.come_in(board, tx, sid, caller)
    call = calls.call_by_sid(tx, sid) if person is not None and not known else None
    if call is None or person is None:
        return reply
    own = LiveCall(tx, call)
    instead = _missed(board, own, person)
    own.save()
    return instead or reply


def caller_turn(
    board: Switchboard, tx: Transaction, call_id: str, heard: CallerHeard
) -> list[Instruction] | None:
    """Take in what the caller's leg reports; `*` from somebody's own number opens the staff door."""
    call = calls.lock_call(tx, call_id) if heard.key == STAR and heard.on_line else None
    person = person_calling(tx, call.caller) if call is not None and may_open(board, call) else None
    if call is None or person is None:
        return caller_leg.caller_turn(board, tx, call_id, heard)
    own = LiveCall(tx, call)
    end_other_legs(board, own, None, "gone")
    reply = _knock(board, own, person)
    own.save()
    return reply


def staff_turn(
    board: Switchboard, tx: Transaction, call_id: str, heard: StaffHeard
) -> list[Instruction] | None:
    """Take in what a leg at the staff door reports; return what it does next, None for an unknown call."""
    seen = calls.call_by_sid(tx, heard.sid)
    if seen is None or seen.id != call_id:
        return None
    if not heard.on_line:
        number_status(board, tx, heard.sid, over=True)
        return [HangUp()]
    person = person_calling(tx, seen.caller)
    if seen.node == LENT:
        _end_what_it_carried(board, tx, heard.sid)
    # Whoever waits is locked first, as everywhere; then the call at the door.
    may_take = person is not None and inside.is_in(seen) and heard.at != BACK
    waiting = missed.lock_waiting(board, tx, person, rung=False) if may_take and person else None
    call = calls.lock_call(tx, call_id)
    if call is None or call.position != Position.STAFF:
        return caller_leg.caller_turn(board, tx, call_id, CallerHeard(turn=heard.turn, moved=True))
    own = LiveCall(tx, call)
    if person is None:
        reply = caller_leg.as_caller(board, own, None, at_once=True)
    else:
        offered = missed.offer(board, own, waiting, person) if waiting is not None else []
        reply = offered or _next(board, own, person, heard)
    own.save()
    return reply


def number_status(board: Switchboard, tx: Transaction, sid: str, over: bool) -> None:
    """Take in that a leg which was dialled has ended, with whatever it carried."""
    seen = calls.call_by_sid(tx, sid) if over else None
    if seen is not None and STAFF in seen.flags:
        _end_what_it_carried(board, tx, sid)
    endings.number_status(board, tx, sid, over)
    if seen is not None and seen.ended_at is None and seen.node == missed.WAITING:
        person = person_calling(tx, seen.caller)
        if person is not None:
            missed.ring_at_once(board, tx, person)


def _end_what_it_carried(board: Switchboard, tx: Transaction, sid: str) -> None:
    for leg_id in store.open_legs_on(tx, sid):
        leg_status(board, tx, leg_id, sid, "completed")
    for notice in notices.open_calls(tx):
        if notice.sid == sid:
            notice_over(board, tx, notice.id)


def _missed(board: Switchboard, own: LiveCall, person: Person) -> list[Instruction]:
    waiting = missed.lock_waiting(board, own.tx, person, rung=True)
    if waiting is not None and not missed.is_forgeable_risk(board, waiting):
        own.change(flags=own.call.flags | {STAFF})
        return missed.offer(board, own, waiting, person)
    node = missed.WAITING if waiting is not None else missed.what_became(own, person)
    if node is None:
        return []
    own.change(flags=own.call.flags | {STAFF})
    own.note("returned", node, person.id)
    return inside.arrive(board, own, person, enter(board.staff_flow, node, Situation()))


def _knock(board: Switchboard, own: LiveCall, person: Person) -> list[Instruction]:
    """Ask for the PIN, if there is one and the door is not closed; the phones that rang are silent."""
    own.change(ring_check_at=None, whisper_until=None, flags=own.call.flags | {STAFF})
    own.note("knocked", "", person.id)
    if people.pin_hash_of(own.tx, person.id) is None:
        return _leave(board, own, person, "no_code")
    if people.pin_tries_of(own.tx, person.id).is_locked(own.tx.now):
        return _leave(board, own, person, "locked")
    return inside.arrive(board, own, person, enter(board.staff_flow, board.staff_flow.start, Situation()))


def _next(board: Switchboard, own: LiveCall, person: Person, heard: StaffHeard) -> list[Instruction]:
    flow, node = board.staff_flow, board.staff_flow.node(own.call.node)
    if own.call.node == LENT:
        return _back_from_an_offer(board, own, person, heard.at)
    if not node.typing:
        step = take_turn(flow, node.name, heard.key, Situation())
        if step.node.name == flow.start:
            return _knock(board, own, person)
        if step.node.name == GREETED:
            return caller_leg.as_caller(board, own, heard.key, at_once=False)
        return inside.take_step(board, own, person, step)
    if heard.again or heard.typed == STAR:
        # What was keyed in got lost on the way, or the door was asked for once more.
        return inside.arrive(board, own, person, enter(flow, node.name, Situation()))
    if len(heard.typed) == 1 or heard.typed == _EMERGENCY:
        own.change(keys=tuple((key, own.tx.now) for key in heard.typed[:-1]))
        return caller_leg.as_caller(board, own, heard.typed[-1], at_once=False)
    if not heard.typed:
        return _leave(board, own, person, "as_caller")
    return _tried(board, own, person, heard.pin_right)


def _tried(board: Switchboard, own: LiveCall, person: Person, right: bool) -> list[Instruction]:
    opens = people_actions.try_pin(own.tx, person.id, right)
    own.note("pin_right" if opens else "pin_wrong", "", person.id)
    if not opens and people.pin_tries_of(own.tx, person.id).is_locked(own.tx.now):
        own.note("door_locked", "", person.id)
        return _leave(board, own, person, "locked")
    key = TYPED if opens else NO_NUMBER
    return inside.take_step(board, own, person, take_turn(board.staff_flow, own.call.node, key, Situation()))


def _leave(board: Switchboard, own: LiveCall, person: Person, node: str) -> list[Instruction]:
    """Say why the door stays shut, and let them be a caller like any other: phones ring at once."""
    words = inside.words_of(board, own.tx, person, board.staff_flow.node(node).says, Known())
    own.note("as_caller", "", person.id)
    return [*words, *caller_leg.as_caller(board, own, None, at_once=True)]


def _back_from_an_offer(board: Switchboard, own: LiveCall, person: Person, at: str) -> list[Instruction]:
    if inside.is_in(own.call):
        node = at if at == NOT_REACHED else "inside_again"
        return inside.arrive(board, own, person, enter(board.staff_flow, node, Situation()))
    return [Pause(_AFTER_AN_OFFER), *caller_leg.as_caller(board, own, None, at_once=False)]
