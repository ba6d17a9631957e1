"""What happens on a responder's leg? It rings, hears who waits, claims or passes on, talks, and ends."""

from dataclasses import dataclass, replace
from datetime import timedelta

from hotline.calls import store
from hotline.calls.call import (
    RESULT_OF_STATUS,
    Leg,
    LegEvent,
    LegResult,
    LegState,
    Whereto,
    responder_where_now,
)
from hotline.calls.dial_leg import connected
from hotline.calls.endings import leg_over, open_room, room_over
from hotline.calls.heard import seconds_of, staff_words
from hotline.calls.live import LiveCall
from hotline.calls.ring import end_other_legs, move_caller, ring_for_waiting, ring_whoever_is_due
from hotline.calls.rooms import store as rooms
from hotline.calls.rooms.errands import bring_a_responder, first_node, is_without_responder
from hotline.calls.rooms.room_leg import RoomHeard, in_room, is_careful, join, join_colleague, next_turn
from hotline.calls.staff.lent import way_out
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.engine import Situation, Step, enter, take_turn
from hotline.ivr.nodes import Accept, PassOn, Position, Say
from hotline.people import store as people
from hotline.telephony import acts
from hotline.telephony.acts import ActKind
from hotline.telephony.instructions import HangUp, Instruction, Listen

PATIENT_ROLES = frozenset({"social_worker", "coordinator"})
_WHISPER_SLACK = 4.0


@dataclass(frozen=True)
class ResponderHeard:
    """What a turn of a responder's leg reports."""

    sid: str
    key: str | None = None
    on_line: bool = True
    ended_room: str = ""
    answered: bool = False
    moved: bool = False
    at: str = ""


def responder_turn(
    board: Switchboard, tx: Transaction, leg_id: str, heard: ResponderHeard
) -> list[Instruction]:
    """Take in what a responder's leg reports, and return what it does next."""
    call = store.lock_call_of_leg(tx, leg_id)
    live = LiveCall(tx, call) if call is not None else None
    leg = live.leg(leg_id) if live is not None else None
    if live is None or leg is None or not _is_of(leg, heard.sid):
        words = staff_words(board, None, board.responder_flow.node("gone").says, "", tx.now, {})
        return [*words, HangUp()]
    if heard.answered:
        leg = _answered(live, leg, heard.sid)
    if heard.ended_room:
        # As with the caller: whoever hangs up may have waited there alone.
        room_over(live, heard.ended_room, reported=heard.on_line)
    if not heard.on_line:
        leg_over(board, live, leg, LegResult.NO_KEY)
        ring_for_waiting(board, live)
        reply: list[Instruction] = [HangUp()]
    else:
        reply = _next(board, live, leg, heard)
    live.save()
    return reply


def leg_status(board: Switchboard, tx: Transaction, leg_id: str, sid: str, status: str) -> None:
    """Take in a status callback; late, repeated and reordered ones change nothing."""
    call = store.lock_call_of_leg(tx, leg_id)
    if call is None:
        return
    live = LiveCall(tx, call)
    leg = live.leg(leg_id)
    if leg is None or not leg.is_open or not _is_of(leg, sid):
        return
    if leg.sid is None and sid:
        leg = live.change_leg(leg, sid=sid)
    if status == "ringing":
        live.advance_leg(leg, LegEvent.RUNG)
    elif status in RESULT_OF_STATUS or status == "completed":
        leg_over(board, live, leg, RESULT_OF_STATUS.get(status, _result_when_completed(leg)))
        ring_for_waiting(board, live)
    live.save()


def _is_of(leg: Leg, sid: str) -> bool:
    """Tell whether a report is of this leg; that of another, as of a doubled ring, changes nothing."""
    return leg.sid in (None, sid)


def _result_when_completed(leg: Leg) -> LegResult:
    return LegResult.NO_KEY if leg.answered_at is not None else LegResult.CANCELED


def _answered(live: LiveCall, leg: Leg, sid: str) -> Leg:
    """Note that somebody, or a voicemail box, has picked up."""
    if leg.sid is None and sid:
        leg = live.change_leg(leg, sid=sid)
    if leg.answered_at is None and leg.is_open:
        leg = live.advance_leg(leg, LegEvent.ANSWERED, answered_at=live.tx.now, node=_start(leg))
        live.note("picked_up", "", leg.person_id)
    return leg


def _start(leg: Leg) -> str:
    if leg.errand is not None:
        return first_node(leg.errand)
    return "whisper_patient" if leg.role in PATIENT_ROLES else "whisper"


def _next(board: Switchboard, live: LiveCall, leg: Leg, heard: ResponderHeard) -> list[Instruction]:
    where = responder_where_now(live.call, leg, is_without_responder(live))
    if where == Whereto.OVER:
        return [HangUp()]
    if leg.state == LegState.ROOM and leg.dialled and where in (Whereto.ROOM, Whereto.BETWEEN):
        return []
    if leg.state == LegState.ROOM and not leg.dialled and where != Whereto.GONE:
        room_heard = RoomHeard(heard.key, heard.ended_room, heard.moved, heard.at)
        return in_room(board, live, leg, room_heard)
    if where == Whereto.LOST:
        return _lost(board, live, leg, heard)
    if where in (Whereto.GONE, Whereto.THANKS):
        return _goodbye(board, live, leg, where)
    return _flow(board, live, leg, heard)


def _flow(board: Switchboard, live: LiveCall, leg: Leg, heard: ResponderHeard) -> list[Instruction]:
    """Move in the flow's table by the key: claim, pass on, or hear the question once more."""
    flow = board.responder_flow
    situation = Situation(category=live.call.category)
    if heard.answered or leg.node not in flow.nodes:
        step = enter(flow, _start(leg), situation)
    else:
        step = take_turn(flow, leg.node, heard.key, situation)
    if leg.dialled and heard.answered:
        *facts, keys = step.says
        step = replace(step, says=(*facts, Say("extra.no_star"), keys))
    for effect in step.does:
        if isinstance(effect, Accept):
            called_in = leg.errand is not None and live.call.winner is not None
            return join_colleague(board, live, leg) if called_in else _claim(board, live, leg)
        if isinstance(effect, PassOn):
            leg = live.change_leg(leg, result=LegResult.DECLINED)
            live.note("passed_on", "", leg.person_id)
    reply = _say(board, live, leg, step)
    if step.node.position == Position.OVER or step.does:
        ring_whoever_is_due(board, live, at_once=True)
    return reply


def _claim(board: Switchboard, live: LiveCall, leg: Leg) -> list[Instruction]:
    """Claim the call, once for all; then the caller is brought and every other phone stops."""
    if not store.claim(live.tx, live.call.id, leg.id):
        fresh = store.lock_call(live.tx, live.call.id)
        gone = fresh is None or fresh.caller_left_at is not None
        return _goodbye(board, live, leg, Whereto.GONE) if gone else _lost(board, live, leg, None)
    live.change(winner=leg.id, whisper_until=None)
    leg = live.advance_leg(leg, LegEvent.CLAIMED, result=LegResult.ACCEPTED, node="room")
    live.note("accepted", leg.role, leg.person_id)
    words = staff_words(board, live.call, board.responder_flow.node("room").says, leg.role, live.tx.now, {})
    if leg.dialled:
        connected(live, leg)
        end_other_legs(board, live, leg, "lost")
        return [*words]
    open_room(live, leg)
    move_caller(board, live, "room")
    end_other_legs(board, live, leg, "lost")
    bring_a_responder(board, live)
    return [*words, *join(board, live, leg)]


def _lost(board: Switchboard, live: LiveCall, leg: Leg, heard: ResponderHeard | None) -> list[Instruction]:
    """Say that a colleague has it; in the gravest cases the social worker may join."""
    flow, winner = board.responder_flow, live.leg(live.call.winner)
    in_rooms = winner is not None and not winner.dialled and not leg.dialled
    may_join = leg.role == "social_worker" and is_careful(board, live) and in_rooms
    acts.cancel(live.tx, leg.id, ActKind.REDIRECT)
    if leg.node == "lost_careful" and heard is not None and not heard.moved and may_join:
        # Also while the responder is in the menu or has a private word: the caller is with nobody then.
        if heard.key == "1" and not live.call.is_closed:
            return join_colleague(board, live, leg)
        return _end(board, live, leg, [])
    node = "lost_careful" if may_join else "lost"
    step = enter(flow, node, Situation())
    return _say(board, live, live.change_leg(leg, node=node), step)


def _goodbye(board: Switchboard, live: LiveCall, leg: Leg, where: Whereto) -> list[Instruction]:
    node = board.responder_flow.node("thanks" if where == Whereto.THANKS else "gone")
    words = staff_words(board, live.call, node.says, leg.role, live.tx.now, {})
    acts.cancel(live.tx, leg.id, ActKind.REDIRECT)
    return _end(board, live, leg, [*words])


def _say(board: Switchboard, live: LiveCall, leg: Leg, step: Step) -> list[Instruction]:
    """Speak a step and listen; a node without exits ends the leg."""
    winner = live.leg(live.call.winner)
    name = _name_of(live, winner) if winner is not None else ""
    heard = staff_words(board, live.call, step.says, leg.role, live.tx.now, {"name": name})
    if not step.node.exits:
        return _end(board, live, leg, [*heard])
    if live.call.winner is None:
        until = live.tx.now + timedelta(seconds=seconds_of(heard) + step.node.seconds + _WHISPER_SLACK)
        live.change(whisper_until=max(until, live.call.whisper_until or until))
    url = board.urls.responder(leg.id, next_turn(live, leg, step.node.name), step.node.name)
    return [Listen(heard, step.node.seconds, url)]


def _end(board: Switchboard, live: LiveCall, leg: Leg, words: list[Instruction]) -> list[Instruction]:
    """Let a leg go; its person is free for other calls once the provider reports that it has ended."""
    still_open = live.call.winner is None and live.call.caller_left_at is None
    live.change_leg(leg, result=leg.result or (LegResult.NO_KEY if still_open else LegResult.CANCELED))
    return [*words, way_out(board, live.tx, leg)]


def _name_of(live: LiveCall, leg: Leg) -> str:
    found = people.people_by_ids(live.tx, {leg.person_id})
    return found[0].name.split()[0] if found else ""


def note_met(tx: Transaction, room: str) -> None:
    """Take in the room's own word that two people have met."""
    call_id = rooms.note_met(tx, room)
    if call_id is not None:
        store.add_events(tx, call_id, [("met", "", None)])
