"""What travels between the pretend exchange and the service?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WebRequest:
    """One signed webhook as it leaves the exchange; limits in real seconds.

    `purpose` is call, callback (the answer changes nothing), sound or text.
    """

    method: str
    url: str
    headers: Fields
    form: Fields = ()
    body: bytes = b""
    connect_limit: float = 5.0
    read_limit: float = 15.0
    purpose: str = "call"

    def header(self, name: str) -> str:
        """Return a header's value, or an empty text."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def value(self, name: str, default: str = "") -> str:
        """Return one form field, or `default` when it is absent."""
        return dict(self.form).get(name, default)

    @property
    def path(self) -> str:
        """Return the path without host and query."""
        rest = self.url.split("://", 1)[-1]
        slash = rest.find("/")
        return "/" if slash < 0 else rest[slash:].split("?", 1)[0]


@dataclass(frozen=True)
class WebResponse:
    """The service's answer; `seconds` is the virtual time it took to make."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def header(self, name: str) -> str:
        """Return a header's value, or an empty text."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt: an answer, or `refused`, `ct` (connect) or `rt` (read) time-out."""

    response: WebResponse | None = None
    failure: str = ""


class Refused(Exception):
    """Nobody listens at that address."""


class TimedOut(Exception):
    """No connection, or no answer, within the limit; `stage` is `ct` or `rt`."""

    def __init__(self, stage: str = "rt") -> None:
        super().__init__(stage)
        self.stage = stage


class LostAnswer(Exception):
    """The exchange did what it was asked, but the answer never reached the client."""


Deliver = Callable[[WebRequest], WebResponse]


def twiml_response(text: str, seconds: float = 0.0) -> WebResponse:
    """Make an ordinary answer that carries `text` as TwiML."""
    return WebResponse(200, text.encode(), {"Content-Type": "text/xml; charset=utf-8"}, seconds)
