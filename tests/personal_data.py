"""Does anything that leaves the service, or is written down in clear, betray who called or who answered?

Every story is watched: what is logged, the addresses that the service gives out or asks for, the texts it
sends, the page of figures, and the words of its exceptions are searched for the people of that story.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest

from hotline.demo.rig import PUBLIC_URL, InProcess, Rig
from hotline.errors import HotlineError
from hotline.simulator.transport import ExchangeTransport
from hotline.simulator.wire import WebRequest, WebResponse

SEPARATORS = re.compile(r"(?<=\d)[ .\-/·]+(?=\d)")
SIDS = re.compile(r"\b(?:CA|SM|AC|CF|PN)[0-9a-f]{32}\b")
LOGGERS_OF_OTHERS = (
    "httpx",
    "httpcore",
    "asyncio",
    "apscheduler",
    "alembic",
    "twilio",
    "faker",
    "hypothesis",
)
"""Silenced in `hotline/logs.py` below warnings, and so here."""


@dataclass
class Watch:
    """What was seen in one story, by where it was seen."""

    seen: dict[str, list[str]] = field(default_factory=dict)

    def note(self, place: str, text: str) -> None:
        """Keep a text that nobody's name or number may be in."""
        self.seen.setdefault(place, []).append(text)

    def betrayals(self, names: Iterable[str], numbers: Iterable[str]) -> list[str]:
        """Return what was betrayed, and where."""
        patterns = [(name, re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)) for name in names]
        local = {number: number.removeprefix("+39").removeprefix("+") for number in numbers}
        found = []
        for place, texts in self.seen.items():
            for text in dict.fromkeys(texts):
                plain = unquote_plus(text)
                digits = SEPARATORS.sub("", plain)
                found += [
                    f"{place}: {name!r} in {plain!r}" for name, pattern in patterns if pattern.search(plain)
                ]
                found += [
                    f"{place}: {number} in {plain!r}" for number, tail in local.items() if tail in digits
                ]
                if place in ("log", "metrics") and SIDS.search(plain):
                    found.append(f"{place}: a SID in {plain!r}")
        return found


class _Records(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.DEBUG)
        self.watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(LOGGERS_OF_OTHERS) and record.levelno < logging.WARNING:
            return
        usual = logging.makeLogRecord({}).__dict__
        extra = {name: value for name, value in record.__dict__.items() if name not in usual}
        self.watch.note("log", f"{record.getMessage()} {extra or ''}")
        if record.exc_info and record.exc_info[1] is not None:
            self.watch.note("exception", str(record.exc_info[1]))


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch whatever the service says while this lasts."""
    watch = Watch()
    records = _Records(watch)
    root, patch = logging.getLogger(), pytest.MonkeyPatch()
    level = logging.getLogger("hotline").level
    logging.getLogger("hotline").setLevel(logging.DEBUG)
    root.addHandler(records)
    _watch_addresses(watch, patch)
    _watch_exceptions(watch, patch)
    try:
        yield watch
    finally:
        patch.undo()
        root.removeHandler(records)
        logging.getLogger("hotline").setLevel(level)


def _watch_addresses(watch: Watch, patch: pytest.MonkeyPatch) -> None:
    received, asked = InProcess.__call__, ExchangeTransport.handle_request

    def receive(self: InProcess, request: WebRequest) -> WebResponse:
        if request.url.startswith(PUBLIC_URL):  # what Twilio adds when it asks a static host is its own
            watch.note("address received", request.url)
        answer = received(self, request)
        for url in re.findall(r"https?://[^\s<>\"]+", answer.body.decode(errors="replace")):
            watch.note("address given out", url)
        return answer

    def ask(self: ExchangeTransport, request: httpx.Request) -> httpx.Response:
        watch.note("address asked for", str(request.url))
        form = request.read().decode()
        for url in re.findall(r"https?://[^\s&]+", unquote_plus(form)):
            watch.note("address given out", url)
        return asked(self, request)

    patch.setattr(InProcess, "__call__", receive)
    patch.setattr(ExchangeTransport, "handle_request", ask)


def _watch_exceptions(watch: Watch, patch: pytest.MonkeyPatch) -> None:
    made = HotlineError.__init__

    def make(self: HotlineError, *args: Any, **more: Any) -> None:
        made(self, *args, **more)
        watch.note("exception", str(self))

    patch.setattr(HotlineError, "__init__", make)


def look_once_more(watch: Watch, rig: Rig) -> None:
    """Add what is there to see at the end of a story: the texts that were sent, and the page of figures."""
    for message in rig.exchange.texts.sent.values():
        watch.note("text", message.body)
    if rig._delivery.app is not None:
        page = rig._delivery(WebRequest("GET", f"{PUBLIC_URL}/metrics", (), (), b"", 1.0, 4.0))
        watch.note("metrics", page.body.decode())


def nobody_was_betrayed(watch: Watch, rig: Rig) -> None:
    """Fail with what was betrayed, and where."""
    look_once_more(watch, rig)
    betrayals = watch.betrayals(*people_of(rig))
    assert not betrayals, "\n".join(["somebody was betrayed:", *betrayals[:20]])


def people_of(rig: Rig) -> tuple[set[str], set[str]]:
    """Return the names and the numbers of a story that nobody may learn: everybody with a telephone."""
    known_words = {"Caller", "Stranger", "Police"}
    names = {name for name in rig.town.phones if name not in known_words and len(name) > 3}
    numbers = {phone.number for phone in rig.town.phones.values()}
    ours = {rig.service.board.line_number, rig.service.board.sms_number}
    return names | {"Prova"}, {number for number in numbers - ours if len(number) > 6}
