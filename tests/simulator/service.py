"""A tiny pretend service: documents by path, so that the exchange is the thing under test."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime

from hotline.clock import ManualClock
from hotline.simulator.exchange import Exchange
from hotline.simulator.phones import Town
from hotline.simulator.wire import WebRequest, WebResponse, twiml_response

HOST = "https://hotline.example.org"
LINE = "+39078133000"
Answer = str | WebResponse | Callable[[WebRequest], "str | WebResponse"]


class Service:
    """Answer each path with a fixed document, a response, or a function; keep every request."""

    def __init__(self, **documents: Answer) -> None:
        self.documents: dict[str, Answer] = {f"/{name}": answer for name, answer in documents.items()}
        self.requests: list[WebRequest] = []

    def __call__(self, request: WebRequest) -> WebResponse:
        self.requests.append(request)
        answer = self.documents.get(request.path, "")
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, WebResponse):
            return answer
        return twiml_response(f"<Response>{answer}</Response>")

    def asked(self, path: str) -> list[WebRequest]:
        """Return the requests for one path."""
        return [request for request in self.requests if request.path == path]

    def statuses(self, path: str) -> list[str]:
        """Return the call statuses that were reported to one path."""
        return [request.value("CallStatus") for request in self.asked(path)]


def connect(
    service: Callable[[WebRequest], WebResponse], settle: Callable[[], None] | None = None, **line: str
) -> Town:
    """Make an exchange with our line around a service."""
    exchange = Exchange(ManualClock(datetime(2026, 11, 22, 2, 0, tzinfo=UTC)), service, settle)
    exchange.add_line(LINE, f"{HOST}/voice", **line)
    return Town(exchange)


def with_caller(service: Callable[[WebRequest], WebResponse], **line: str) -> Town:
    """Make a town with one caller, Piera."""
    town = connect(service, **line)
    town.phone("Piera", "+39 340 0000001")
    return town


AUTHORISATION = {"Authorization": "Basic " + b64encode(b"AC" + b"0" * 32 + b":12345").decode()}


def rest(town: Town, method: str, tail: str, *form: tuple[str, str]) -> tuple[int, dict[str, object]]:
    """Ask the exchange's REST desk as the account would."""
    url = f"https://api.twilio.com/2010-04-01/Accounts/AC{'0' * 32}/{tail}"
    return town.exchange.rest(method, url, AUTHORISATION, form)


def ring(town: Town, to: str, *more: tuple[str, str], path: str = "/leg") -> str:
    """Create a call by REST and return its sid."""
    status, answer = rest(town, "POST", "Calls.json", ("To", to), ("From", LINE), ("Url", HOST + path), *more)
    assert status == 201, answer
    return str(answer["sid"])
