"""What does a leg hear while the database is not there? An apology, once more, then people by the file."""

from hotline.callers.caller import parse_caller
from hotline.calls.door import MOST_TRIES, Door, next_try
from hotline.calls.heard import callers_words, staff_words
from hotline.calls.journal import ANSWERED, LEFT, NOBODY, RANG, Entry
from hotline.ivr.nodes import Say
from hotline.phone_number import is_dialable
from hotline.telephony.instructions import GoTo, HangUp, Instruction, Listen, Pause, RingOne
from hotline.telephony.twilio.webhook_forms import VoiceForm

_RING_SECONDS = 18
"""Shorter than most voicemail boxes wait."""
_QUIET = 10


def apologise(door: Door, form: VoiceForm, tries: int, url: str, language: str) -> list[Instruction]:
    """Apologise and take the same turn again; when that fails too, ring people by the backstop file."""
    if tries < MOST_TRIES:
        words = door.apology(language) if tries == 0 else []
        return [*words, Pause(1), GoTo(next_try(url))]
    _note(door, form, RANG)
    return _ring(door, 0, form, language)


def try_again(tries: int, url: str) -> list[Instruction]:
    """Take a responder's turn again after a moment; a leg that keeps failing is let go."""
    if tries < MOST_TRIES:
        return [Pause(2), GoTo(next_try(url))]
    return [HangUp()]


def after_dial(door: Door, form: VoiceForm, index: int, language: str) -> list[Instruction]:
    """Ring the next number of the file, unless somebody talked or the caller has left."""
    if form.dial_bridged:
        _note(door, form, ANSWERED)
    if form.is_over:
        _note(door, form, LEFT)
        return [HangUp()]
    if form.dial_bridged:
        return _had_talked(door, language)
    return _ring(door, index, form, language)


def _had_talked(door: Door, language: str) -> list[Instruction]:
    """Let the caller decide whether the conversation was the end of it; who stays comes in again."""
    words = callers_words(door.board, language, [Say("room.lost")], {})
    return [*words, Pause(_QUIET), GoTo(door.board.urls.come_in_again(language))]


def _ring(door: Door, index: int, form: VoiceForm, language: str) -> list[Instruction]:
    """Ring a number of the file; after the last one say 112 and come in again."""
    countries, own = door.board.countries, parse_caller(form.caller).number
    known = door.backstop.numbers_at(door.clock.now())
    numbers = [number for number in known if number != own and is_dialable(number, countries)]
    public = door.board.urls.public
    if index >= len(numbers):
        _note(door, form, NOBODY)
        words = callers_words(door.board, language, [Say("close.danger")], {})
        return [*words, Pause(3), GoTo(door.board.urls.come_in_again(language))]
    return [
        RingOne(
            number=numbers[index],
            caller_id=door.board.line_number,
            whisper=f"{public}/twilio/backstop-whisper",
            seconds=min(_RING_SECONDS, door.board.ring_seconds),
            then=door.board.urls.backstop(index + 1, language),
        )
    ]


def whisper(door: Door, asked: int, key: str | None) -> list[Instruction]:
    """Ask the person for the key; without it the leg ends, so that no voicemail takes the call."""
    if asked and key == "1":
        return []
    if asked >= 2:
        return [HangUp()]
    says = [
        Say("whisper.waiting" if asked == 0 else "whisper.again"),
        *([Say("whisper.again")] if asked == 0 else []),
    ]
    words = staff_words(door.board, None, says, "", door.clock.now(), {})
    return [Listen(words, 8, f"{door.board.urls.public}/twilio/backstop-whisper?asked={asked + 1}"), HangUp()]


def _note(door: Door, form: VoiceForm, what: str) -> None:
    door.journal.note(Entry(door.clock.now().isoformat(), form.call_sid, form.caller, what))
