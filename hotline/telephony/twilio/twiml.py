"""How does Twilio hear an instruction? Instructions written as TwiML."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from hotline.telephony.instructions import (
    GoTo,
    HangUp,
    Heard,
    Instruction,
    JoinRoom,
    Listen,
    Pause,
    RingOne,
    Sound,
    Speech,
)

_ENDS = (".", "?", "!")


def render(
    instructions: Iterable[Instruction], public_url: str, method: str = "POST", when_silent: str = "ask"
) -> str:
    """Write instructions as one TwiML document; sounds are fetched below `public_url`.

    Static documents are asked by GET, and cannot look for the key: there silence goes on to the `next` verb.
    """
    response = VoiceResponse()
    heard: list[Heard] = []
    for instruction in instructions:
        if isinstance(instruction, Speech | Sound | Pause):
            heard.append(instruction)
            continue
        _write_heard(response, heard, public_url)
        heard = []
        _write(response, instruction, public_url, method, when_silent == "ask")
    _write_heard(response, heard, public_url)
    return str(response)


def _write(
    response: VoiceResponse, instruction: Instruction, public_url: str, method: str, ask_when_silent: bool
) -> None:
    match instruction:
        case Listen():
            gather = Gather(
                input="dtmf",
                action=instruction.then,
                method=method,
                timeout=instruction.seconds,
                finish_on_key=instruction.finish_on,
                action_on_empty_result=ask_when_silent,
                **({"num_digits": instruction.digits} if instruction.digits else {}),
            )
            _write_heard(gather, instruction.heard, public_url)
            response.append(gather)
        case JoinRoom():
            limit = {} if instruction.longest is None else {"time_limit": instruction.longest}
            dial = Dial(
                action=instruction.then, method=method, hangup_on_star=instruction.star_leaves, **limit
            )
            dial.conference(
                instruction.room,
                beep="onEnter" if instruction.announced else "false",
                start_conference_on_enter=True,
                end_conference_on_exit=True,
                wait_url=instruction.wait,
                wait_method=method,
                status_callback=instruction.events,
                status_callback_event="start end join leave",
                status_callback_method=method,
            )
            response.append(dial)
        case RingOne():
            dial = Dial(
                action=instruction.then,
                method=method,
                timeout=instruction.seconds,
                caller_id=instruction.caller_id,
                ring_tone="it",
            )
            dial.number(instruction.number, url=instruction.whisper, method=method)
            response.append(dial)
        case GoTo():
            response.redirect(instruction.url, method=method)
        case HangUp():
            response.hangup()


def _write_heard(parent: Any, heard: Iterable[Heard], public_url: str) -> None:
    for item in _joined(heard):
        if isinstance(item, Speech):
            parent.say(item.text, voice=item.voice, language=item.tag)
        elif isinstance(item, Sound):
            parent.play(public_url + item.path)
        else:
            parent.pause(length=item.seconds)


def _joined(heard: Iterable[Heard]) -> list[Heard]:
    """Merge neighbouring sentences of one voice, so that no gap is heard between them."""
    merged: list[Heard] = []
    for item in heard:
        last = merged[-1] if merged else None
        same_voice = (
            isinstance(item, Speech)
            and isinstance(last, Speech)
            and (item.voice, item.tag) == (last.voice, last.tag)
        )
        if same_voice and isinstance(item, Speech) and isinstance(last, Speech):
            text = item.text[:1].upper() + item.text[1:] if last.text.endswith(_ENDS) else item.text
            merged[-1] = replace(last, text=f"{last.text} {text}")
        else:
            merged.append(item)
    return merged
