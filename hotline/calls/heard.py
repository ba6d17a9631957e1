"""What does a leg hear at a node? Prompts named by the flow, spoken in the right language and voice."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from hotline.calls.call import Call
from hotline.calls.switchboard import Switchboard
from hotline.ivr.flows.room_v1 import ANSWERED, ANSWERS
from hotline.ivr.nodes import MENU, Flow, Say
from hotline.ivr.prompts import RINGING_TONE, SOFT_TONE, Value, estimated_seconds
from hotline.telephony.instructions import Heard, Pause, Sound, Speech

TONES = {"ringing": RINGING_TONE, "soft": SOFT_TONE}
LONGEST_EXTRAS = 2
_TONE_SECONDS = 1.0


def callers_words(
    board: Switchboard, language: str, says: Iterable[Say], more: Mapping[str, Value]
) -> tuple[Heard, ...]:
    """Return what the caller hears; `more` are the values only this moment knows."""
    wording, flow = board.callers_wording, board.caller_flow
    heard: list[Heard] = []
    for say in says:
        spoken_in = say.language or language
        if say.prompt.startswith("close.") and not wording.has(board.profile.default_language, say.prompt):
            continue
        if say.prompt == MENU:
            heard += wording.menu(spoken_in, flow.menu)
        else:
            values = {**_callers_values(board, flow, spoken_in), **more, **say.keys}
            heard += wording.speak(spoken_in, say.prompt, values)
    return tuple(heard)


def _callers_values(board: Switchboard, flow: Flow, language: str) -> dict[str, Value]:
    service = board.profile.service
    return {
        **flow.spoken_keys,
        "service": _in(service.name, language, board),
        "service_short": _in(service.short_name, language, board),
        "controller": _in(service.controller, language, board),
        "days": service.number_kept_days,
        "number": board.line_number,
    }


def staff_words(
    board: Switchboard,
    call: Call | None,
    says: Iterable[Say],
    role: str,
    now: datetime,
    more: Mapping[str, Value],
) -> tuple[Heard, ...]:
    """Return what a responder hears: who, what, in which language, at most two facts more, and the keys."""
    wording, language = board.staff_wording, board.profile.service.staff_language
    values: dict[str, Value] = {
        **board.responder_flow.spoken_keys,
        "service_short": _in(board.profile.service.short_name, language, board),
        "line": board.line_number,
        **more,
    }
    heard: list[Heard] = []
    for say in says:
        for prompt in _staff_prompts(board, call, say.prompt, role, now):
            heard += wording.speak(language, prompt, values)
    return tuple(heard)


def _staff_prompts(board: Switchboard, call: Call | None, prompt: str, role: str, now: datetime) -> list[str]:
    if call is None:
        return [prompt]
    if prompt == "topic.{category}":
        return [f"topic.{call.category or 'none'}"]
    if prompt == "whisper.language":
        return [f"language_name.{call.language}"]
    if prompt == "whisper.extras":
        return extras(board, call, role, now)[:LONGEST_EXTRAS]
    if prompt in ANSWERED:
        return [answer for answer in ANSWERED[prompt] if _answers(call)[answer]]
    if prompt == "room.number" and call.caller is None:
        return ["extra.withheld"]
    if prompt == "lost.night":
        return [prompt] if board.profile.is_night(now) else []
    return [prompt]


def extras(board: Switchboard, call: Call, role: str, now: datetime) -> list[str]:
    """Return what a responder should know before pressing 1, the most important first."""
    category = board.profile.category(call.category)
    waited = (now - call.rung_at).total_seconds() if call.rung_at else 0.0
    facts = {
        **{answer: _answers(call)[answer] for answer in ANSWERED[ANSWERS]},
        "extra.keyed_112": "keyed_112" in call.flags,
        "extra.redial": "redial" in call.flags,
        "extra.claims_body": category is not None and category.professional,
        "extra.no_volunteer": role != "volunteer" and "volunteers_tried" in call.flags,
        "extra.no_social_worker": role == "coordinator" and "no_social_worker" in call.flags,
        "extra.waiting_three_minutes": waited >= 180,
        "extra.follow_up": "follow_up_open" in call.flags,
        "extra.withheld": call.withheld,
    }
    return [prompt for prompt, holds in facts.items() if holds]


def _answers(call: Call) -> dict[str, bool]:
    """Return what the caller has told by key; silence and company in one prompt: neither is left out."""
    near = "somebody_near" in call.flags
    silent = "cannot_speak" in call.flags and not near
    return {
        "extra.danger_now": "danger_now" in call.flags,
        "extra.cannot_speak_near": near,
        "extra.cannot_speak": silent,
        "extra.silent_near": near,
        "extra.silent": silent,
    }


def seconds_of(heard: Iterable[Heard]) -> float:
    """Estimate how long this is heard, in seconds."""
    total = 0.0
    for item in heard:
        if isinstance(item, Speech):
            total += estimated_seconds(item.text)
        elif isinstance(item, Pause):
            total += item.seconds
        elif isinstance(item, Sound):
            total += max(_TONE_SECONDS, estimated_seconds(item.caption))
    return total


def _in(texts: Mapping[str, str], language: str, board: Switchboard) -> str:
    return texts.get(language) or texts[board.profile.default_language]
