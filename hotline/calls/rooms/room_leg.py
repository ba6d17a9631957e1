"""What can a responder do in a conversation, and what happens when it ends?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from hotline.calls.call import GOODBYE, OFFENSIVE, Leg, LegResult, LegState
from hotline.calls.endings import open_room
from hotline.calls.heard import staff_words
from hotline.calls.live import LiveCall
from hotline.calls.promise import agreement
from hotline.calls.ring import move_leg
from hotline.calls.rooms import store
from hotline.calls.rooms.errands import call_in, is_without_responder, stop_errand
from hotline.calls.rooms.next_call import is_rung_next
from hotline.calls.switchboard import Switchboard
from hotline.followups import actions as followups
from hotline.followups.followup import due_hour
from hotline.ivr.engine import Situation, Step, enter, take_turn
from hotline.ivr.flows.room_v1 import EMERGENCY, INTERPRETER, PRIVATE
from hotline.ivr.nodes import CallIn, Effect, EndCall, Position, Report, Say
from hotline.ivr.prompts import Value
from hotline.telephony.instructions import GoTo, HangUp, Instruction, JoinRoom, Listen, Pause

LONGEST_PRIVATE = 60
SIDE_ROOM = "p"
"""First letter of the room of a private word; the caller is not in it."""

JOINING = "joining"
"""Where somebody waits who comes in while nobody knows yet what became of the caller: no menu for them."""

AFTER_CALL = frozenset({"after_call", "after_call_again", "after_call_once", "after_call_brief"})
_MENU = frozenset({"room_menu", "room_menu_number", "end_sure"})
_HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True)
class RoomHeard:
    """What a turn of a leg in a conversation reports; `at` is where the leg was sent."""

    key: str | None
    ended_room: str
    moved: bool
    at: str


def in_room(board: Switchboard, live: LiveCall, leg: Leg, heard: RoomHeard) -> list[Instruction]:
    """Decide what a responder hears between rooms: the menu, the next room, or the keys after the call."""
    call = live.call
    pressing = not heard.ended_room and not heard.moved
    if leg.node in AFTER_CALL and pressing:
        return _flow(board, live, leg, heard)
    if call.caller_left_at is not None or call.is_closed:
        return _enter(board, live, leg, _question_after(board, live, leg))
    if heard.moved and heard.at == PRIVATE and call.side_room is not None:
        return [_side_room(board, live, leg, call.side_room)]
    if heard.ended_room.startswith(SIDE_ROOM):
        if call.side_room == heard.ended_room:
            live.change(side_room=None)
        return join(board, live, leg)
    if leg.node in _MENU and pressing:
        return _flow(board, live, leg, heard)
    comes_in = heard.at == JOINING
    caller_unknown = call.position != Position.HOLD and call.room is None
    if caller_unknown or (heard.ended_room and _others_in_room(live, leg)):
        return wait(board, live, leg, JOINING if comes_in else "between")
    if not comes_in and _pressed_star(live, leg, heard):
        return _enter(board, live, leg, _menu_of(leg))
    return join(board, live, leg, announced=comes_in)


def _question_after(board: Switchboard, live: LiveCall, leg: Leg) -> str:
    """Choose how the call's end is asked about: shorter for whoever another caller waits for.

    After a grave call every key is said all the same; after any other they count, though nobody says them.
    """
    if not is_rung_next(board, live, leg.person_id):
        return "after_call"
    return "after_call_once" if is_careful(board, live) else "after_call_brief"


def _pressed_star(live: LiveCall, leg: Leg, heard: RoomHeard) -> bool:
    """Tell whether this leg gets the menu: the room ended, and nobody's going explains it.

    Where the next room is open already, though nobody else could open it, a late redirect ended the last one.
    """
    if live.call.room is not None and not _others_in_room(live, leg):
        return False
    ended = heard.ended_room or (leg.node == "between" and heard.at == "between")
    return bool(ended) and not store.somebody_left(live.tx, live.call.id, heard.ended_room)


def _others_in_room(live: LiveCall, leg: Leg) -> bool:
    """Tell whether a further responder was with them, who may have hung up: their own report is coming."""
    return any(other.is_open and other.state == LegState.ROOM and other.id != leg.id for other in live.legs)


def _menu_of(leg: Leg) -> str:
    may_hear_number = leg.role == "social_worker" or leg.errand == EMERGENCY
    return "room_menu_number" if may_hear_number else "room_menu"


def wait(board: Switchboard, live: LiveCall, leg: Leg, at: str = "between") -> list[Instruction]:
    """Wait a second for the caller's own report; perhaps they left without a word: the ticker asks, soon."""
    live.change(pass_due_at=min(live.tx.now, live.call.pass_due_at or live.tx.now))
    return [Pause(1), GoTo(board.urls.responder(leg.id, next_turn(live, leg, at), at))]


def _enter(board: Switchboard, live: LiveCall, leg: Leg, node: str) -> list[Instruction]:
    return _say(board, live, leg, enter(board.responder_flow, node, Situation(category=live.call.category)))


def _flow(board: Switchboard, live: LiveCall, leg: Leg, heard: RoomHeard) -> list[Instruction]:
    step = take_turn(board.responder_flow, leg.node, heard.key, Situation(category=live.call.category))
    for effect in step.does:
        if not _bring_about(board, live, leg, effect):
            step = enter(board.responder_flow, "nobody", Situation())
    return _say(board, live, leg, step)


def _bring_about(board: Switchboard, live: LiveCall, leg: Leg, effect: Effect) -> bool:
    """Do what the key asks for; False when nobody can be rung for it."""
    match effect:
        case CallIn(errand):
            return call_in(board, live, errand)
        case EndCall(offensive):
            live.flag(OFFENSIVE if offensive else GOODBYE)
            live.note("ended_by_responder", "", leg.person_id)
        case Report(result):
            _report(board, live, leg, result)
    return True


def _report(board: Switchboard, live: LiveCall, leg: Leg, result: str) -> None:
    """Store what the responder keyed after the call, and leave what follows from it."""
    live.change_leg(leg, afterwards=result)
    live.note("afterwards", result, leg.person_id)
    if result == "mute":
        live.flag("prank")
    if result in ("now", "tomorrow", "heavy"):
        grade = "at_once" if result == "now" else "morning"
        due_at = live.tx.now if result == "now" else _tomorrow(board, live)
        follow_up = followups.ask_for_more(live.tx, live.call.id, grade, due_at)
        if result == "now" or (result == "tomorrow" and follow_up.grade == grade):
            followups.begin_alarms(live.tx, follow_up)


def _tomorrow(board: Switchboard, live: LiveCall) -> datetime:
    """Return by when what can wait is looked at: in the morning after this night, or after today."""
    now, profile = live.tx.now, board.profile
    evening = now if profile.is_night(now) else now + _HALF_A_DAY
    return due_hour(evening, "morning", profile.service.timezone)


def _say(board: Switchboard, live: LiveCall, leg: Leg, step: Step) -> list[Instruction]:
    words = staff_words(board, live.call, step.says, leg.role, live.tx.now, _values(live))
    if step.node.position == Position.ROOM and not step.node.exits:
        return [*words, *join(board, live, leg)]
    if not step.node.exits:
        live.change_leg(leg, node=step.node.name)
        return [*words, HangUp()]
    url = board.urls.responder(leg.id, next_turn(live, leg, step.node.name), step.node.name)
    return [Listen(words, step.node.seconds, url)]


def _values(live: LiveCall) -> dict[str, Value]:
    return {"caller": live.call.caller or ""}


def join(board: Switchboard, live: LiveCall, leg: Leg, announced: bool = False) -> list[Instruction]:
    """Enter the caller's room; a new one when the last has ended and both are still there."""
    room = live.call.room or open_room(live, leg)
    store.enter_room(live.tx, room, live.call.id, leg.id)
    return [_room(board, live, leg, room, announced)]


def _room(
    board: Switchboard,
    live: LiveCall,
    leg: Leg,
    room: str,
    announced: bool = False,
    longest: int | None = None,
) -> JoinRoom:
    return JoinRoom(
        room,
        then=board.urls.responder(leg.id, next_turn(live, leg, "room"), "room", room),
        wait=board.urls.room_wait("responder"),
        events=board.urls.room_events(room),
        star_leaves=True,
        announced=announced,
        longest=longest,
    )


def join_colleague(board: Switchboard, live: LiveCall, leg: Leg) -> list[Instruction]:
    """Let somebody who was called in, or who may join, into the conversation of a colleague."""
    takes_over = leg.role != INTERPRETER and leg.errand != PRIVATE and is_without_responder(live)
    if takes_over:
        live.change(winner=leg.id)
    leg = live.change_leg(leg, state=LegState.ROOM, result=LegResult.ACCEPTED, node="room")
    live.note("joined_too", leg.role, leg.person_id)
    stop_errand(board, live, leg, takes_over)
    if leg.errand == PRIVATE:
        return _private(board, live, leg)
    first = [Say("called_in.emergency_how")] if leg.errand == EMERGENCY else [Say("whisper.accepted")]
    words = staff_words(board, live.call, first, leg.role, live.tx.now, {})
    if live.call.room is None and live.call.position != Position.HOLD:
        return [*words, *wait(board, live, leg, JOINING)]
    return [*words, *join(board, live, leg, announced=True)]


def _private(board: Switchboard, live: LiveCall, leg: Leg) -> list[Instruction]:
    """Bring the colleague and the one who asked together, without the caller, for a minute at most."""
    side = f"{SIDE_ROOM}{token_hex(12)}"
    live.change(side_room=side)
    winner = live.leg(live.call.winner)
    if winner is not None and winner.is_open:
        move_leg(board, live, winner, PRIVATE)
    words = staff_words(board, live.call, [Say("whisper.accepted")], leg.role, live.tx.now, {})
    return [*words, _side_room(board, live, leg, side)]


def _side_room(board: Switchboard, live: LiveCall, leg: Leg, side: str) -> JoinRoom:
    room = _room(board, live, leg, side, longest=LONGEST_PRIVATE)
    # By this node it is known who must be told when the caller leaves meanwhile.
    live.change_leg(live.leg(leg.id) or leg, node=PRIVATE)
    return room


def next_turn(live: LiveCall, leg: Leg, node: str | None = None) -> int:
    """Return the number of the leg's next turn, and note at which node it then is."""
    current = live.leg(leg.id) or leg
    live.change_leg(current, turn=current.turn + 1, **({} if node is None else {"node": node}))
    return current.turn + 1


def is_careful(board: Switchboard, live: LiveCall) -> bool:
    """Tell whether the call is one of the gravest."""
    return agreement.is_careful(board.profile, live.call)
