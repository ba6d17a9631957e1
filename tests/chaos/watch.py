"""What must hold at every moment of a play, whatever happens? Each rule is looked at while it goes on."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import func, select

from hotline.calls.tables import calls, events, legs
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.leg import Leg
from hotline.simulator.transcript import Entry
from hotline.simulator.wire import Outcome, WebRequest, WebResponse
from hotline.telephony import refusals
from tests.chaos.heard import Heard

OWN_TIME = 2.0
LARGEST_REPLY, LONGEST_URL = 64 * 1024, 4000
STILL_RINGS = 3.0
"""So long a phone may still ring after the caller has left, where nothing was disturbed."""
STILL_RINGS_DISTURBED = 45.0
DISTURBANCE = 40.0
"""So long after a fault things may still be disturbed by it."""

_TASKS = Path("/proc/self/task")

LOST, DOUBLED = "lost", "doubled"

_JOINED_TOO = (
    select(events.c.person_id)
    .where(events.c.call_id == legs.c.call_id, events.c.event == "joined_too")
    .where(events.c.person_id == legs.c.person_id, events.c.at >= legs.c.created_at)
    .exists()
)
# Built once: they are asked every other second of every play.
_WINNERS = (
    select(legs.c.call_id, func.count())
    .join(calls, calls.c.id == legs.c.call_id)
    .where(legs.c.ended_at.is_(None), legs.c.state == "room", calls.c.ended_at.is_(None), ~_JOINED_TOO)
    .group_by(legs.c.call_id)
    .having(func.count() > 1)
)
_LIVE_LEGS = (
    select(legs.c.person_id, func.count())
    .where(legs.c.ended_at.is_(None))
    .group_by(legs.c.person_id)
    .having(func.count() > 1)
)


@dataclass(frozen=True)
class Complaint:
    """A rule that was broken: which, when, by what."""

    rule: str
    moment: datetime
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.what} (at {self.moment:%H:%M:%S})"


class Watch:
    """Look at everything that goes between the exchange and the service, and complain."""

    def __init__(self, rig: Rig, database: Database, staff: frozenset[str], yes: frozenset[str]) -> None:
        self.rig, self.database, self.exchange = rig, database, rig.exchange
        self.staff, self.yes = staff, yes
        self.complaints: list[Complaint] = []
        self.database_gone = False
        self.longest_reply = 0.0
        self.told: set[str] = set()
        self._disturbed_at: datetime | None = None
        self._faults = 0
        self._texts = 0
        self._call_of_leg: dict[str, str | None] = {}
        self.heard = Heard(rig.exchange)
        self._log = _Errors(self)
        self._listen()

    def complain(self, rule: str, what: str) -> None:
        """Keep a complaint, the first of its kind about the same thing."""
        key = f"{rule} {what}"
        if key not in self.told:
            self.told.add(key)
            self.complaints.append(Complaint(rule, self.exchange.now(), what))

    # Listening in

    def _listen(self) -> None:
        driver, exchange = self.exchange.driver, self.exchange
        deliver, new_leg, send = driver._deliver, exchange.new_leg, exchange.send  # type: ignore[attr-defined]
        pass_time = driver.pass_time

        def delivered(request: WebRequest) -> WebResponse:
            began, starved = time.perf_counter(), _waited_for_a_processor()
            response: WebResponse = deliver(request)
            took = time.perf_counter() - began
            self.replied(request, response, took - (_waited_for_a_processor() - starved if took > 1 else 0))
            return response

        def opened(direction: str, shown: str, to: str, parent: Leg | None = None) -> Leg:
            self.leg_opens(direction, to)
            return new_leg(direction, shown, to, parent)

        def sent(request: WebRequest, done: Callable[[Outcome], None]) -> None:
            began = exchange.now()
            self.heard.asked(request)

            def finished(outcome: Outcome) -> None:
                if request.purpose == "call":
                    self.heard.waited(request, began)
                if outcome.response is not None and outcome.response.status < 400:
                    self.heard.told(request)
                done(outcome)

            send(request, finished)

        def stood_still(seconds: float) -> None:
            # One thread plays everything: while it waits for a slow REST answer, nobody's tone goes on.
            began = exchange.now()
            pass_time(seconds)
            self.heard.stood_still.append((began, exchange.now()))

        driver.pass_time = stood_still  # type: ignore[method-assign]
        driver._deliver = delivered  # type: ignore[attr-defined]
        exchange.new_leg = opened  # type: ignore[method-assign]
        exchange.send = sent  # type: ignore[method-assign]
        logging.getLogger("hotline").addHandler(self._log)

    def close(self) -> None:
        """Stop listening to what is logged."""
        logging.getLogger("hotline").removeHandler(self._log)

    @property
    def disturbed(self) -> bool:
        """Tell whether a fault has happened a short while ago."""
        now, faults = self.exchange.now(), sum(self.exchange.faults.counts.values())
        if faults != self._faults or self.database_gone or self.rig._delivery.app is None:
            self._faults, self._disturbed_at = faults, now
        return self._disturbed_at is not None and now - self._disturbed_at < timedelta(seconds=DISTURBANCE)

    # While it happens

    def replied(self, request: WebRequest, response: WebResponse, seconds: float) -> None:
        """Look at one reply of ours."""
        if urlsplit(request.url).netloc != self.exchange._own_host():
            return
        self.longest_reply = max(self.longest_reply, seconds)
        path = request.path
        if seconds >= OWN_TIME:
            self.complain("own time", f"{path} took {seconds:.2f} s")
        if len(response.body) > LARGEST_REPLY:
            self.complain("reply", f"{path} answers {len(response.body)} bytes")
        is_document = response.header("content-type").startswith("text/xml")
        if is_document and max((len(part) for part in response.body.split(b'"')), default=0) > LONGEST_URL:
            self.complain("reply", f"{path} answers an address of over 4,000 characters")
        if response.status >= 400 and not (self.database_gone and response.status == 503):
            self.complain("reply", f"{path} answers {response.status}")

    def logged(self, record: logging.LogRecord) -> None:
        """Look at an error that the service has written down: while its database is there, it is its own."""
        if record.levelno >= logging.ERROR and not self.database_gone:
            error = getattr(record, "error", "")
            self.complain("error", f"{record.name}: {record.getMessage()} {error}".strip())

    def leg_opens(self, direction: str, to: str) -> None:
        """Look at a phone that is about to be rung."""
        if direction == "inbound":
            return
        self.contacts(to, "rung")
        if direction == "outbound-api":
            others = [
                leg
                for leg in self.exchange.legs.values()
                if leg.to_field == to and leg.direction == "outbound-api" and not leg.over
            ]
            if others and not self.disturbed:
                self.complain(DOUBLED, f"{self._name(to)} is rung while another leg is {others[0].status}")

    def contacts(self, number: str, how: str) -> None:
        """Look at a number that is about to be rung or texted."""
        if number in self.staff:
            return
        if number not in self.yes:
            self.complain("refused", f"{self._name(number)} never said yes and is {how}")
        if not self.database_gone:
            with self.database.reading() as tx:
                if refusals.is_refused(tx, number):
                    self.complain("refused", f"{self._name(number)} is refused and {how}")

    def note(self, entry: Entry) -> None:
        """Look at one event of the transcript."""
        if entry.kind == "talk":
            for torn in self.heard.torn(entry.group):
                self.complain(DOUBLED, f"{' and '.join(sorted(torn))} in two conversations")
        self.heard.note(entry)

    def _name(self, number: str) -> str:
        handset = self.exchange.handset_at(number)
        return handset.name if handset else "an unknown phone"

    # After every step

    def look(self) -> None:
        """Look at everything that must hold at every moment."""
        disturbed = self.disturbed
        for complaint in self.exchange.violations:
            self.complain("twiml", complaint)
        for message in list(self.exchange.texts.sent.values())[self._texts :]:
            self.contacts(message.recipient, "texted")
        self._texts = len(self.exchange.texts.sent)
        if self.database_gone:
            return
        self._look_at_winners()
        self._look_at_ringing(STILL_RINGS_DISTURBED if disturbed else STILL_RINGS)

    def _look_at_winners(self) -> None:
        with self.database.reading() as tx:
            for call_id, many in tx.execute(_WINNERS):
                self.complain(DOUBLED, f"{many} winners of call {call_id}")
            for person_id, many in tx.execute(_LIVE_LEGS):
                self.complain(DOUBLED, f"person {person_id} has {many} live legs")

    def _look_at_ringing(self, patience: float) -> None:
        for leg in self.exchange.legs.values():
            if leg.direction != "outbound-api" or leg.status not in ("queued", "ringing"):
                continue
            caller = self.exchange.legs.get(self._caller_of(leg) or "")
            if caller is None or caller.ended_at is None:
                continue
            since = max(caller.ended_at, leg.created_at)
            late = (self.exchange.now() - caller.ended_at).total_seconds()
            if (self.exchange.now() - since).total_seconds() > patience:
                self.complain(
                    "rings on", f"{leg.name} is {leg.status}, the caller has gone {patience:g} s ago"
                )
            elif leg.created_at > caller.ended_at and late > patience:
                self.complain(
                    "rings on", f"{leg.name} is rung although the caller has gone {patience:g} s ago"
                )

    def _caller_of(self, leg: Leg) -> str | None:
        if leg.sid not in self._call_of_leg:
            url = leg.callback.address.url if leg.callback else ""
            ours = parse_qs(urlsplit(url).query).get("leg", [""])[0]
            with self.database.reading() as tx:
                found = tx.execute(
                    select(calls.c.sid).join(legs, legs.c.call_id == calls.c.id).where(legs.c.id == ours)
                ).scalar()
            self._call_of_leg[leg.sid] = str(found) if found else None
        return self._call_of_leg[leg.sid]


class _Errors(logging.Handler):
    """Pass on what the service logs as an error."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.ERROR)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        self._watch.logged(record)


def _waited_for_a_processor() -> float:
    """Return how many seconds the threads of this process have wanted to run while others did.

    It is no time of ours, and on a busy machine most of what looks like it.
    """
    found = 0
    for task in _TASKS.glob("*/schedstat"):
        with suppress(OSError):
            found += int(task.read_text().split()[1])
    return found / 1e9
