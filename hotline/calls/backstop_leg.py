"""What does a leg hear while the database is not there? An apology, once more, then people by the file."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from hotline.calls.door import Door
from hotline.calls.heard import callers_words, staff_words
from hotline.ivr.nodes import Say
from hotline.phone_number import is_dialable
from hotline.telephony.instructions import GoTo, HangUp, Instruction, Listen, Pause, RingOne

_MOST_TRIES = 2


def apologise(door: Door, tries: int, url: str) -> list[Instruction]:
    """Apologise and take the same turn again; when that fails too, ring people by the backstop file."""
    if tries < _MOST_TRIES:
        words = door.apology() if tries == 0 else []
        return [*words, Pause(1), GoTo(_with(url, "try", str(tries + 1)))]
    return after_dial(door, bridged=False, over=False, index=0)


def try_again(tries: int, url: str) -> list[Instruction]:
    """Take a responder's turn again after a moment; a leg that keeps failing is let go."""
    if tries < _MOST_TRIES:
        return [Pause(2), GoTo(_with(url, "try", str(tries + 1)))]
    return [HangUp()]


def after_dial(door: Door, bridged: bool, over: bool, index: int) -> list[Instruction]:
    """Ring the next number of the file; after the last one say 112 and come in again."""
    if bridged or over:
        return [HangUp()]
    countries = door.board.countries
    numbers = [n for n in door.backstop.numbers_at(door.clock.now()) if is_dialable(n, countries)]
    public = door.board.urls.public
    if index >= len(numbers):
        words = callers_words(door.board, door.board.profile.default_language, [Say("close.danger")], {})
        return [*words, Pause(3), GoTo(door.board.urls.come_in_again())]
    return [
        RingOne(
            number=numbers[index],
            caller_id=door.board.line_number,
            whisper=f"{public}/twilio/backstop-whisper",
            seconds=door.board.ring_seconds,
            then=f"{public}/twilio/backstop?index={index + 1}",
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


def _with(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    query = [(key, old) for key, old in parse_qsl(parts.query, keep_blank_values=True) if key != name]
    return urlunsplit(parts._replace(query=urlencode([*query, (name, value)])))
