"""What happens on the caller's leg? It comes in, hears, presses, waits, talks, and leaves."""

from datetime import timedelta

from hotline.callers.caller import Caller
from hotline.calls import store
from hotline.calls.call import ELSEWHERE, OFFENSIVE, Call, Whereto, where_now
from hotline.calls.caller_heard import CallerHeard, came_of_the_last_keys, key_of
from hotline.calls.dial_leg import dial_over, something_said, without_rest
from hotline.calls.endings import caller_left, give_up_winner
from hotline.calls.heard import TONES, callers_words, seconds_of
from hotline.calls.live import LiveCall
from hotline.calls.moved import ARRIVES_WITHIN, back_from_the_room, is_stale, left_the_room, pulled_out
from hotline.calls.promise import agreement, redial
from hotline.calls.ring import ring_whoever_is_due
from hotline.calls.rooms.errands import ring_back
from hotline.calls.situation import has_waited_too_long, listening_seconds, situation_of, words_values
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.engine import (
    CANNOT_SPEAK,
    KEYED_112,
    NOBODY_REACHED,
    QUESTIONS,
    QUESTIONS_QUIET,
    Step,
    enter,
    take_turn,
)
from hotline.ivr.nodes import (
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
from hotline.ivr.prompts import SOFT_TONE
from hotline.telephony import acts
from hotline.telephony.acts import ActKind
from hotline.telephony.instructions import GoTo, HangUp, Heard, Instruction, JoinRoom, Listen, Pause

LONGEST_BETWEEN = timedelta(seconds=100)
"""A responder may read the menu, press, and have a private word; the ticker notices a line that is gone."""

SAY_AGAIN = timedelta(seconds=14)
LONGEST_KEYING, LONGEST_NUMBER = 60, 20
FIRST_ROOM_LOOK, ROOM_LOOK = timedelta(seconds=10), timedelta(seconds=60)
"""So late, and then so often, the ticker asks whether a caller in a conversation is still there."""
_JOINING, _BACK_SOON = Say("hold.joining"), Say("hold.menu_back")
_BACK_SOON_QUIET = Say("hold.menu_back_quiet")


def come_in(board: Switchboard, tx: Transaction, sid: str, caller: Caller) -> list[Instruction]:
    """Store a call that came in, and greet."""
    flow = board.caller_flow
    call = Call(
        id=store.new_id(tx),
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
    if redial.recognise(board, live):
        careful = agreement.is_careful(board.profile, live.call)
        live.change(node=flow.redial_quiet if careful else flow.redial)
    reply = _say(board, live, enter(flow, live.call.node, situation_of(board, live)))
    if live.add() or (known := store.lock_call_by_sid(tx, sid)) is None:
        return reply
    # Twilio's fallback, or a repetition under another turn: go on where the call is.
    return _go_on(board, LiveCall(tx, known), CallerHeard(moved=True))


def caller_turn(
    board: Switchboard, tx: Transaction, call_id: str, heard: CallerHeard
) -> list[Instruction] | None:
    """Take in what the caller's leg reports and return what it does next; None for an unknown call.

    A report of another leg counts for nothing, whatever its address says.
    """
    call = store.lock_call(tx, call_id)
    if call is None or heard.sid not in ("", call.sid):
        return None
    return _go_on(board, LiveCall(tx, call), heard)


def as_caller(board: Switchboard, live: LiveCall, key: str | None, at_once: bool) -> list[Instruction]:
    """Make a caller of somebody at the staff door: greeted, with a `key`, or with phones `at_once`."""
    live.change(position=Position.GREETING, node="" if at_once else board.caller_flow.start)
    if key is None and not at_once:
        return _say(board, live, enter(board.caller_flow, live.call.node, situation_of(board, live)))
    return _flow(board, live, CallerHeard(key=key, moved=at_once))


def _go_on(board: Switchboard, live: LiveCall, heard: CallerHeard) -> list[Instruction]:
    stale = heard.on_line and is_stale(live.call, heard.turn)
    if heard.dialled:
        dial_over(live, heard.dialled, heard.dial_status, heard.bridged)
    if stale:
        live.save()
        return [Pause(2), GoTo(board.urls.caller(live.call, f"s{heard.turn}", "hold"))]
    if ELSEWHERE in live.call.flags:
        live.change(flags=live.call.flags - {ELSEWHERE})
    if heard.moved:
        pulled_out(live)
    if heard.ended_room:
        left_the_room(live, heard.ended_room, by_hanging_up=not heard.on_line)
    if not heard.on_line:
        caller_left(board, live)
    else:
        back_from_the_room(live)
    reply = _next(board, live, heard)
    live.save()
    return reply


def _next(board: Switchboard, live: LiveCall, heard: CallerHeard) -> list[Instruction]:
    call = live.call
    being_moved = (
        call.winner is not None
        and call.position == Position.HOLD
        and not heard.moved
        and acts.is_under_way(live.tx, call.id, ActKind.REDIRECT, ARRIVES_WITHIN)
    )
    match where_now(call, heard.moved, being_moved):
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
        case Whereto.ENDED:
            return _ended(board, live)
    return _flow(board, live, heard)


def _flow(board: Switchboard, live: LiveCall, heard: CallerHeard) -> list[Instruction]:
    """Move in the flow's table by the key, bring about what it says, and speak."""
    flow = board.caller_flow
    if has_waited_too_long(live):
        reply = _say(board, live, enter(flow, "ceiling", situation_of(board, live)))
        live.note("ceiling")
        return reply
    key = key_of(board, live, heard)
    situation = situation_of(board, live)
    asked_anew = heard.lost and flow.node(live.call.node).typing
    if heard.moved or asked_anew or (heard.dialled and live.call.node not in flow.scripts):
        step = enter(flow, live.call.node, situation)
    else:
        step = take_turn(flow, live.call.node, key, situation)
    live.change(node=step.node.name, position=step.node.position)
    for effect in step.does:
        _bring_about(live, effect)
        if isinstance(effect, ResumeRinging):
            ring_back(board, live)
    agreement.take_in(board, live, step.does)
    if key is None and (dial := without_rest(board, live, step, back=bool(heard.dialled))) is not None:
        return [dial]
    ring_whoever_is_due(board, live, at_once=bool(step.does))
    if heard.dialled:
        step = something_said(flow, step)
    _note_what_is_told(live, step)
    return _say(board, live, step)


def _note_what_is_told(live: LiveCall, step: Step) -> None:
    if step.node.name in NOBODY_REACHED:
        live.change(honest_at=live.tx.now)
        live.note("told_honestly")
    if step.node.name in (*QUESTIONS, *QUESTIONS_QUIET):
        live.flag(agreement.ASKED)


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
            if name == KEYED_112 and came_of_the_last_keys(live, CANNOT_SPEAK):
                live.change(flags=live.call.flags - {CANNOT_SPEAK})
        case WidenPlan():
            live.flag(agreement.FULL_PLAN)
        case ResumeRinging():
            resumed = call.flags - {"all_tried"} | {"interrupted"}
            live.change(
                rung_at=live.tx.now, ring_check_at=None, said=0, said_at=None, honest_at=None, flags=resumed
            )
            live.note("ringing_resumed")


def _say(board: Switchboard, live: LiveCall, step: Step) -> list[Instruction]:
    """Speak a step and listen; a node without exits ends the leg."""
    call = live.call
    heard = callers_words(board, call.language, step.says, words_values(board, live, step))
    if step.says and step.node.position == Position.HOLD:
        live.change(said=step.said, said_at=live.tx.now)
    if step.tone:
        heard = (TONES[step.tone],)
    if not step.node.exits:
        return [*heard, HangUp()]
    seconds = listening_seconds(board, live, step, seconds_of(heard))
    keying = LONGEST_KEYING if step.node.typing else 0
    live.change(pass_due_at=live.tx.now + timedelta(seconds=seconds_of(heard) + seconds + keying))
    url = board.urls.caller(call, live.next_turn(), step.node.name)
    if step.node.typing:
        return [Listen(heard, seconds, url, digits=LONGEST_NUMBER, finish_on="#")]
    return [Listen(heard, seconds, url)]


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
        then=board.urls.caller(call, live.next_turn(), "room", name),
        wait=board.urls.room_wait("caller"),
        events=board.urls.room_events(name),
    )
    return [*words, room]


def _between(board: Switchboard, live: LiveCall) -> list[Instruction]:
    """Wait for the responder who may still be there: silence at first, then a word, never for long."""
    call = live.call
    waited = live.tx.now - (call.between_at or live.tx.now)
    if waited > LONGEST_BETWEEN:
        give_up_winner(board, live)
        return _lost(board, live)
    if waited < timedelta(seconds=1):
        return [Pause(1), _on(board, live, "between", 1)]
    if waited < timedelta(seconds=3) or live.tx.now - (call.said_at or call.came_in_at) > SAY_AGAIN:
        careful = agreement.is_careful(board.profile, call)
        says = (_BACK_SOON_QUIET if careful else _BACK_SOON,)
        words: tuple[Heard, ...] = callers_words(board, call.language, says, {})
        live.change(said_at=live.tx.now)
    else:
        words = (SOFT_TONE,)
    return [*words, Pause(2), _on(board, live, "between", 2 + seconds_of(words))]


def _lost(board: Switchboard, live: LiveCall) -> list[Instruction]:
    """Tell the caller that the other line is gone; they decide whether it was the end."""
    live.change(position=Position.HOLD, node="lost", between_at=None)
    live.note("responder_gone")
    return _say(board, live, enter(board.caller_flow, "lost", situation_of(board, live)))


def _ended(board: Switchboard, live: LiveCall) -> list[Instruction]:
    """Say the responder's goodbye, or that this call is closed; either way they may call again."""
    node = "offended" if OFFENSIVE in live.call.flags else "ended"
    live.change(node=node, between_at=None)
    return _say(board, live, enter(board.caller_flow, node, situation_of(board, live)))


def _on(board: Switchboard, live: LiveCall, at: str, seconds: float) -> GoTo:
    live.change(pass_due_at=live.tx.now + timedelta(seconds=seconds))
    return GoTo(board.urls.caller(live.call, live.next_turn(), at))
