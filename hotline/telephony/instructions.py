"""What can a leg be told to do next? Provider-neutral; `twilio/twiml.py` writes it as TwiML."""

from dataclasses import dataclass

WORDS_PER_SECOND = 2.0
"""Speed of slow, clear speech: used by the pretend exchange and by every test of a prompt's length."""


@dataclass(frozen=True)
class Speech:
    """Speak `text` with a synthetic `voice` in the language `tag` (BCP 47, as `it-IT`)."""

    text: str
    tag: str
    voice: str


@dataclass(frozen=True)
class Sound:
    """Play the audio file at `path` below our public address; `caption` is what it says."""

    path: str
    caption: str = ""


@dataclass(frozen=True)
class Pause:
    """Keep silent for whole `seconds`."""

    seconds: int


Heard = Speech | Sound | Pause


@dataclass(frozen=True)
class Listen:
    """Play `heard` and wait `seconds` after it for keys; whatever happens, go on at `then`."""

    heard: tuple[Heard, ...]
    seconds: int
    then: str
    digits: int = 1
    finish_on: str = ""


@dataclass(frozen=True)
class JoinRoom:
    """Enter the conference `room`; when it ends, or this leg leaves it, go on at `then`.

    `wait` is heard while alone; `events` receives the room's status callbacks; `star_leaves`: the key `*`
    leaves the room; `announced`: one tone tells the others; `longest` ends it after so many seconds.
    """

    room: str
    then: str
    wait: str
    events: str
    star_leaves: bool = False
    announced: bool = False
    longest: int | None = None


@dataclass(frozen=True)
class RingOne:
    """Dial `number` for `seconds` from `caller_id`, screened by the document at `whisper`, then `then`."""

    number: str
    caller_id: str
    whisper: str
    seconds: int
    then: str


@dataclass(frozen=True)
class GoTo:
    """Continue with the document at `url`."""

    url: str


@dataclass(frozen=True)
class HangUp:
    """End the leg."""


Instruction = Heard | Listen | JoinRoom | RingOne | GoTo | HangUp
