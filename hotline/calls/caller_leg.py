"""What happens on the caller's leg? It comes in, hears, presses, waits, talks, and leaves."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from hotline.callers.caller import Caller
from hotline.calls import store
from hotline.calls.call import Call, Whereto, where_now
from hotline.calls.endings import caller_left, give_up_winner, room_over
from hotline.calls.heard import TONES, callers_words, seconds_of
from hotline.calls.live import LiveCall
from hotline.calls.ring import ring_whoever_is_due
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.followups import actions as followups
from hotline.ivr.engine import CALLERS_KEYS, Keys, Situation, Step, enter, take_turn
from hotline.ivr.nodes import (
    AgreeCallBack,
    ChooseCategory,
    Effect,
    Position,
    RaiseFlag,
    ResumeRinging,
    Say,
    SpeakLanguage,
    StartRinging,
    WidenPlan,
)
from hotline.ivr.prompts import Value
from hotline.telephony import acts
from hotline.telephony.acts import ActKind
from hotline.telephony.instructions import GoTo, HangUp, Instruction, JoinRoom, Listen, Pause

WHISPER_PASS = 1
QUIET_PASS = 7
LONGEST_BETWEEN = timedelta(seconds=10)
BETWEEN_SENTENCES = 24.0
CEILING = timedelta(minutes=60)
FIRST_ROOM_LOOK, ROOM_LOOK = timedelta(seconds=10), timedelta(seconds=60)
"""So late, and then so often, the ticker asks whether a caller in a conversation is still there."""
_JOINING, _BACK_SOON = Say("hold.joining"), Say("hold.menu_back")


@dataclass(frozen=True)
class CallerHeard:
    """What a turn of the caller's leg reports: the key, whether a room ended, whether the caller is there."""

    key: str | None = None
    on_line: bool = True
    ended_room: str = ""
    moved: bool = False


def come_in(board: Switchboard, tx: Transaction, sid: str, caller: Caller) -> list[Instruction]:
    """Store a call that came in, and greet."""
    flow = board.caller_flow
    call = Call(
        id=store.new_id(),
        sid=sid,
        caller=caller.number,
        caller_hash=tx.keyring.fingerprint(caller.number) if caller.number else None,
        withheld=caller.withheld,
        flow_version=flow.version,
        position=Position.GREETING,
        node=flow.start,
        turn=0,
        language=board.profile.default_language,
        category=None,
        flags=frozenset({"withheld"} if caller.withheld else ()),
        keys=(),
        said=0,
        came_in_at=tx.now,
    )
    live = LiveCall(tx, call)
    live.note("came_in", "withheld" if caller.withheld else "")
    reply = _say(board, live, enter(flow, flow.start, _situation(board, live)))
    if live.add() or (known := store.lock_call_by_sid(tx, sid)) is None:
        return reply
    # Twilio's fallback, or a repetition under another turn: go on where the call is.
    return _go_on(board, LiveCall(tx, known), CallerHeard(moved=True))


def caller_turn(
    board: Switchboard, tx: Transaction, call_id: str, heard: CallerHeard
) -> list[Instruction] | None:
    """Take in what the caller's leg reports and return what it does next; None for an unknown call."""
    call = store.lock_call(tx, call_id)
    return None if call is None else _go_on(board, LiveCall(tx, call), heard)


def _go_on(board: Switchboard, live: LiveCall, heard: CallerHeard) -> list[Instruction]:
    if heard.ended_room:
        _left_the_room(live, heard.ended_room)
    if not heard.on_line:
        caller_left(board, live)
    reply = _next(board, live, heard)
    live.save()
    return reply


def _next(board: Switchboard, live: LiveCall, heard: CallerHeard) -> list[Instruction]:
    call = live.call
    redirect = None
    if call.winner is not None and call.position == Position.HOLD and not heard.moved:
        redirect = acts.latest_state(live.tx, call.id, ActKind.REDIRECT)
    match where_now(call, heard.moved, redirect):
        case Whereto.OVER:
            return [HangUp()]
        case Whereto.ROOM:
            return _join(board, live)
        case Whereto.WAIT:
            return [Pause(2), _on(board, live, "hold", 2)]
        case Whereto.BETWEEN:
            return _between(board, live)
        case Whereto.LOST:
            return _lost(board, live)
    return _flow(board, live, heard)


def _flow(board: Switchboard, live: LiveCall, heard: CallerHeard) -> list[Instruction]:
    """Move in the flow's table by the key, bring about what it says, and speak."""
    flow, now = board.caller_flow, live.tx.now
    if live.call.rung_at is not None and now - live.call.came_in_at > CEILING:
        reply = _say(board, live, enter(flow, "ceiling", _situation(board, live)))
        live.note("ceiling")
        return reply
    if heard.key is not None:
        live.change(keys=(*live.call.keys, (heard.key, now))[-3:])
        live.note("key", heard.key)
    situation = _situation(board, live)
    if heard.moved:
        step = enter(flow, live.call.node, situation)
    else:
        step = take_turn(flow, live.call.node, heard.key, situation)
    live.change(node=step.node.name, position=step.node.position)
    for effect in step.does:
        _bring_about(live, effect)
    ring_whoever_is_due(board, live, at_once=bool(step.does))
    if step.node.name.startswith("unreached"):
        live.change(honest_at=now)
        live.note("told_honestly")
    return _say(board, live, step)


def _bring_about(live: LiveCall, effect: Effect) -> None:
    call = live.call
    match effect:
        case StartRinging() if call.rung_at is None:
            live.change(rung_at=live.tx.now)
            live.note("ringing_began")
        case ChooseCategory(code) if call.category != code:
            live.change(category=code)
            live.note("category", code)
        case SpeakLanguage(code):
            live.change(language=code)
            live.note("language", code)
        case RaiseFlag(name):
            live.flag(name)
            if name == "keyed_112":
                live.change(flags=live.call.flags - {"cannot_speak"})
        case WidenPlan():
            live.flag("full_plan")
        case AgreeCallBack():
            live.flag("call_back_agreed")
            followups.promise(live.tx, call.id)
        case ResumeRinging():
            resumed = call.flags - {"all_tried"} | {"interrupted"}
            live.change(
                rung_at=live.tx.now, ring_check_at=None, said=0, said_at=None, honest_at=None, flags=resumed
            )
            live.note("ringing_resumed")


def _say(board: Switchboard, live: LiveCall, step: Step) -> list[Instruction]:
    """Speak a step and listen; a node without exits ends the leg."""
    call = live.call
    heard = callers_words(board, call.language, step.says, _values(board, live))
    if step.says and step.node.position == Position.HOLD:
        live.change(said=step.said, said_at=live.tx.now)
    if step.tone:
        heard = (TONES[step.tone],)
    if not step.node.exits:
        return [*heard, HangUp()]
    seconds = _listening(board, live, step, seconds_of(heard))
    live.change(pass_due_at=live.tx.now + timedelta(seconds=seconds_of(heard) + seconds))
    url = board.urls.caller(call.id, live.next_turn(), step.node.name)
    return [Listen(heard, seconds, url)]


def _listening(board: Switchboard, live: LiveCall, step: Step, after: float) -> int:
    """Return how many seconds to listen: less while somebody hears the whisper or a ring is about due."""
    call, now = live.call, live.tx.now
    if call.whisper_until is not None and now < call.whisper_until and call.winner is None:
        return WHISPER_PASS
    if step.node.seconds:
        return step.node.seconds
    usual = QUIET_PASS if _is_careful(board, call) else board.hold_seconds
    if call.ring_check_at is None or call.ring_check_at <= now:
        return usual
    until_check = ceil((call.ring_check_at - now).total_seconds() - after)
    return max(1, min(usual, until_check))


def _situation(board: Switchboard, live: LiveCall) -> Situation:
    call, now, profile = live.call, live.tx.now, board.profile
    waited = (now - call.rung_at).total_seconds() if call.rung_at else 0.0
    night = profile.is_night(now)
    danger = profile.danger_category
    since_said = (now - call.said_at).total_seconds() if call.said_at else 1e9
    tried = "all_tried" in call.flags and waited >= 60
    return Situation(
        category=call.category,
        careful=_is_careful(board, call),
        narrow=frozenset(c.code for c in profile.categories if c.full_plan_key and night and c.ring_night),
        number_known=call.caller is not None,
        waited=waited,
        since_said=since_said,
        said=call.said,
        ring_in=(call.ring_check_at - now).total_seconds() if call.ring_check_at else 0.0,
        nobody_reached=call.honest_at is None
        and (tried or waited >= board.max_wait_seconds)
        and since_said >= BETWEEN_SENTENCES,
        all_busy="all_busy" in call.flags,
        late_menu=tuple((c.code, c.key) for c in profile.categories if c.spoken == "late"),
        danger_category=danger.code if danger else None,
        keys=Keys(tuple((key, (now - at).total_seconds()) for key, at in call.keys)),
    )


def _values(board: Switchboard, live: LiveCall) -> dict[str, Value]:
    due = followups.hour_of_promise(live.tx.now, board.profile.service.timezone)
    return {"hour": due.astimezone(board.profile.service.timezone).time()}


def _is_careful(board: Switchboard, call: Call) -> bool:
    category = board.profile.category(call.category)
    return (category is not None and category.careful) or bool({"cannot_speak", "keyed_112"} & call.flags)


def _join(board: Switchboard, live: LiveCall) -> list[Instruction]:
    """Bring the caller to the responder."""
    call = live.call
    acts.cancel(live.tx, call.id, ActKind.REDIRECT)
    first_time = call.between_at is None
    live.change(position=Position.ROOM, node="room", joined_at=live.tx.now, between_at=None)
    live.change(pass_due_at=live.tx.now + FIRST_ROOM_LOOK)
    live.note("joined")
    words = callers_words(board, call.language, (_JOINING,), {}) if first_time else ()
    name = str(call.room)
    room = JoinRoom(
        name,
        then=board.urls.caller(call.id, live.next_turn(), "room", name),
        wait=board.urls.room_wait("caller"),
        events=board.urls.room_events(name),
    )
    return [*words, room]


def _left_the_room(live: LiveCall, room: str) -> None:
    room_over(live, room, reported=True)
    if live.call.position == Position.ROOM:
        live.change(position=Position.HOLD, node="between", between_at=live.tx.now)


def _between(board: Switchboard, live: LiveCall) -> list[Instruction]:
    """Wait for the responder who may still be there: silence at first, then a word, never for long."""
    call = live.call
    waited = live.tx.now - (call.between_at or live.tx.now)
    if waited > LONGEST_BETWEEN:
        give_up_winner(board, live)
        return _lost(board, live)
    if waited < timedelta(seconds=1):
        return [Pause(1), _on(board, live, "between", 1)]
    words = callers_words(board, call.language, (_BACK_SOON,), {}) if waited < timedelta(seconds=3) else ()
    return [*words, Pause(2), _on(board, live, "between", 2 + seconds_of(words))]


def _lost(board: Switchboard, live: LiveCall) -> list[Instruction]:
    """Tell the caller that the other line is gone; they decide whether it was the end."""
    live.change(position=Position.HOLD, node="lost", between_at=None)
    live.note("responder_gone")
    return _say(board, live, enter(board.caller_flow, "lost", _situation(board, live)))


def _on(board: Switchboard, live: LiveCall, at: str, seconds: float) -> GoTo:
    live.change(pass_due_at=live.tx.now + timedelta(seconds=seconds))
    return GoTo(board.urls.caller(live.call.id, live.next_turn(), at))


def callers_key(digits: str) -> str | None:
    """Return the key that was pressed: the first one, `?` for what no telephone has, None for silence."""
    if not digits:
        return None
    return digits[0] if digits[0] in CALLERS_KEYS else "?"
