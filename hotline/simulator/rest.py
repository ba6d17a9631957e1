"""What does the exchange's REST desk answer: who may ask, which operation is meant, what goes wrong?"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from hotline.simulator.rest_calls import CallDesk
from hotline.simulator.rest_parameters import PARAMETERS, Asked, RestError, checked
from hotline.simulator.rest_rooms import RoomDesk
from hotline.simulator.rest_texts import TextDesk
from hotline.simulator.wire import LostAnswer, Refused

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange

Form = list[tuple[str, str]]
Answer = tuple[int, dict[str, object]]
Check = Callable[[str, str, dict[str, str], Form], list[str]]
Operation = Callable[[Asked], Answer]


@dataclass(frozen=True)
class RestRecord:
    """One request as it arrived, and the status it was answered with (0: no answer)."""

    moment: object
    operation: str
    path: str
    form: tuple[tuple[str, str], ...]
    status: int


_ACCOUNT = r"/2010-04-01/Accounts/(?P<account>[^/]+)"
_ROUTES: tuple[tuple[str, str, str], ...] = (
    ("create_call", "POST", r"/Calls\.json"),
    ("list_calls", "GET", r"/Calls\.json"),
    ("update_call", "POST", r"/Calls/(?P<sid>[^/]+)\.json"),
    ("fetch_call", "GET", r"/Calls/(?P<sid>[^/]+)\.json"),
    ("create_message", "POST", r"/Messages\.json"),
    ("fetch_message", "GET", r"/Messages/(?P<sid>[^/]+)\.json"),
    ("list_numbers", "GET", r"/IncomingPhoneNumbers\.json"),
    ("list_conferences", "GET", r"/Conferences\.json"),
    ("fetch_conference", "GET", r"/Conferences/(?P<sid>[^/]+)\.json"),
    ("update_conference", "POST", r"/Conferences/(?P<sid>[^/]+)\.json"),
    ("list_participants", "GET", r"/Conferences/(?P<sid>[^/]+)/Participants\.json"),
    ("remove_participant", "DELETE", r"/Conferences/(?P<sid>[^/]+)/Participants/(?P<call>[^/]+)\.json"),
)
_PATTERNS = tuple((name, verb, re.compile(_ACCOUNT + tail + r"\Z")) for name, verb, tail in _ROUTES)


class RestDesk:
    """Answer REST requests for calls, texts, rooms and numbers."""

    def __init__(self, exchange: "Exchange") -> None:
        self.exchange = exchange
        self.calls = CallDesk(exchange)
        self.log: list[RestRecord] = []
        self.checks: list[Check] = []
        rooms, texts = RoomDesk(exchange), TextDesk(exchange)
        self._operations: dict[str, Operation] = {
            "create_call": self.calls.create,
            "list_calls": self.calls.list,
            "update_call": self.calls.update,
            "fetch_call": self.calls.fetch,
            "create_message": texts.create,
            "fetch_message": texts.fetch,
            "list_numbers": texts.list_numbers,
            "list_conferences": rooms.list,
            "fetch_conference": rooms.fetch,
            "update_conference": rooms.update,
            "list_participants": rooms.list_participants,
            "remove_participant": rooms.remove_participant,
        }

    def perform(self, method: str, url: str, headers: dict[str, str], form: Form) -> Answer:
        """Answer one request; raise Refused or LostAnswer where a fault says so."""
        request = _Request(method.upper(), url, headers, form)
        operation, parts = _route(request)
        with self.exchange.lock:
            fate = self.exchange.faults.for_rest(operation)
        if fate.refused:
            self._record(operation, url, form, 0)
            raise Refused
        if fate.seconds:
            self.exchange.driver.pass_time(fate.seconds)
        if fate.status:
            status, answer = _refusal(fate.status).as_answer()
        else:
            with self.exchange.lock:
                status, answer = self._answer(operation, parts, request)
        self._record(operation, url, form, status)
        if fate.answer_lost:
            raise LostAnswer
        return status, answer

    def _answer(self, operation: str, parts: dict[str, str], request: "_Request") -> Answer:
        try:
            self._authorise(request.headers, parts)
            self._check_shape(operation, request)
            pairs = request.query if request.method == "GET" else request.form
            return self._operations[operation](Asked(parts, checked(operation, pairs)))
        except RestError as error:
            if error.violation:
                self.exchange.violate(f"REST {operation}: {error}")
            return error.as_answer()

    def _authorise(self, headers: dict[str, str], parts: dict[str, str]) -> None:
        right = f"{self.exchange.account_sid}:{self.exchange.auth_token}"
        given = next((value for name, value in headers.items() if name.lower() == "authorization"), "")
        if given != "Basic " + base64.b64encode(right.encode()).decode():
            raise RestError(401, 20003, "Authenticate")
        if parts.get("account") not in (None, self.exchange.account_sid):
            raise RestError(401, 20003, "Authenticate: another account")

    def _check_shape(self, operation: str, request: "_Request") -> None:
        if operation not in PARAMETERS:
            raise RestError(404, 20404, f"The requested resource {request.path} was not found", True)
        for check in self.checks:
            complaints = check(request.method, request.url, request.headers, request.form)
            if complaints:
                raise RestError(400, 20001, "; ".join(complaints), True)

    def _record(self, operation: str, url: str, form: Form, status: int) -> None:
        path = urlsplit(url).path
        with self.exchange.lock:
            self.log.append(RestRecord(self.exchange.now(), operation, path, tuple(form), status))


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    headers: dict[str, str]
    form: Form

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.url).path)

    @property
    def query(self) -> Form:
        return parse_qsl(urlsplit(self.url).query, keep_blank_values=True)


def _route(request: _Request) -> tuple[str, dict[str, str]]:
    for name, verb, pattern in _PATTERNS:
        found = pattern.match(request.path)
        if found and verb == request.method:
            return name, found.groupdict()
    return "unknown", {}


def _refusal(status: int) -> RestError:
    if status == 429:
        return RestError(429, 20429, "Too many requests")
    if status == 401:
        return RestError(401, 20003, "Authenticate")
    return RestError(status, 20500, "An internal server error has occurred")
