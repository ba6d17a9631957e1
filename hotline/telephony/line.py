"""What does the service ask of a telephone provider? The port; adapters live in subpackages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.errors import HotlineError


class LineError(HotlineError):
    """Report that the provider did not do what was asked; `code` is the provider's own."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class Refused(LineError):
    """Report a definite no: nothing happened, and repeating the same request changes nothing."""


class NumberRefused(Refused):
    """Report that nobody may ring or text this number: its owner has said no."""


class WrongCredentials(Refused):
    """Report that the provider does not know us: nothing will work until the account or token is mended."""


class NotNow(LineError):
    """Report that nothing happened this time (overload, refused connection, 5xx): try again."""


class OutcomeUnknown(LineError):
    """Report that the answer was lost: the act may or may not have happened."""


class AlreadyOver(LineError):
    """Report that the call had already ended."""


@dataclass(frozen=True)
class ProviderCall:
    """What the provider knows about a leg; `status` as in Twilio's CallStatus."""

    sid: str
    status: str

    @property
    def is_over(self) -> bool:
        """Tell whether the leg has ended."""
        return self.status in ("completed", "busy", "failed", "no-answer", "canceled")


@dataclass(frozen=True)
class IncomingCall:
    """A call to our number that is over, as the provider knows it; `caller` is as the provider writes it."""

    sid: str
    caller: str
    began_at: datetime
    ended_at: datetime


class Line(Protocol):
    """A telephone line: every method is one request, takes at most 4 seconds, and raises LineError.

    Ringing and texting raise NumberRefused for a refused number, unless it is a `duty` call to staff.
    """

    def ring(self, number: str, answer_url: str, status_url: str, seconds: int, duty: bool = False) -> str:
        """Ring `number` for `seconds`; return the new leg's SID as soon as the provider has accepted."""
        ...

    def redirect(self, sid: str, url: str) -> None:
        """Make the live leg `sid` continue at `url`."""
        ...

    def hang_up(self, sid: str) -> str:
        """End the leg `sid` in any phase; return the status it then has."""
        ...

    def text(self, number: str, body: str, status_url: str, duty: bool = False) -> str:
        """Send an SMS; return its SID."""
        ...

    def look_up(self, sid: str) -> ProviderCall | None:
        """Return what the provider knows of the leg `sid`, or None when it knows nothing."""
        ...

    def live_children(self, sid: str) -> tuple[str, ...]:
        """Return the SIDs of the legs that the leg `sid` is ringing or talking with now, by a Dial."""
        ...

    def has_dialled(self, sid: str) -> bool:
        """Tell whether the leg `sid` has ever rung a phone by a Dial, its own or that of another host."""
        ...

    def room_is_on(self, room: str) -> bool:
        """Tell whether two people are together in the room now; of one that is over, nobody can tell."""
        ...

    def calls_that_came_in(self, since: datetime) -> tuple[IncomingCall, ...]:
        """Return the calls to our number that began since a moment and are over, oldest first."""
        ...

    def find_ring(self, number: str, since: datetime) -> ProviderCall | None:
        """Return the newest leg to `number` begun since `since`, or None."""
        ...
