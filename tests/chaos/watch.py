"""What must hold whatever happens? Each rule is looked at while a play goes on, and again at its end."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Row, func, select

from hotline.calls.tables import calls, events, legs
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.followups.tables import follow_ups
from hotline.simulator.leg import Leg
from hotline.simulator.transcript import Entry
from hotline.simulator.wire import Outcome, WebRequest, WebResponse
from hotline.telephony import refusals

OWN_TIME = 2.0
LONGEST_SILENCE = 10.6
"""Ten seconds of quiet, and a word's worth of slack."""
LONGEST_ALONE = 20.0
"""A phone that is held to an ear may be quiet while a key is waited for, but not for ever."""
LARGEST_REPLY, LONGEST_URL = 64 * 1024, 4000
STILL_RINGS = 3.0
"""So long a phone may still ring after the caller has left, where nothing was disturbed."""
STILL_RINGS_DISTURBED = 45.0
DISTURBANCE = 40.0
"""So long after a fault things may still be disturbed by it."""

_NEVER = datetime.max.replace(tzinfo=UTC)
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

_ELSEWHERE = ((events.c.event == "flag") & (events.c.detail == "fallback")) | (
    events.c.event == "rang_elsewhere"
)
"""A call was, at some time, with documents on another host."""


@dataclass(frozen=True)
class Complaint:
    """A rule that was broken: which, when, by what."""

    rule: str
    moment: datetime
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.what} (at {self.moment:%H:%M:%S})"


@dataclass
class _Heard:
    """Stretches of time on one leg: in which something was heard, in which Twilio waited for us."""

    audible: list[tuple[datetime, datetime]] = field(default_factory=list)
    in_flight: list[tuple[datetime, datetime]] = field(default_factory=list)


class Watch:
    """Look at everything that goes between the exchange and the service, and complain."""

    def __init__(self, rig: Rig, database: Database, staff: frozenset[str], yes: frozenset[str]) -> None:
        self.rig, self.database, self.exchange = rig, database, rig.exchange
        self.staff, self.yes = staff, yes
        self.complaints: list[Complaint] = []
        self.database_gone = False
        self.longest_reply = 0.0
        self.longest_silence = 0.0
        self.told: set[str] = set()
        self._disturbed_at: datetime | None = None
        self._faults = 0
        self._talking_since: dict[frozenset[str], datetime] = {}
        self.talked: dict[str, float] = {}
        self._talks: list[tuple[datetime, frozenset[str]]] = []
        self._open_talks: dict[str, tuple[datetime, frozenset[str], tuple[str, ...]]] = {}
        self._heard: dict[str, _Heard] = defaultdict(_Heard)
        self._tones: dict[str, tuple[datetime, str]] = {}
        self._rooms: dict[str, set[str]] = defaultdict(set)
        self._told_of: dict[str, datetime] = {}
        self._over: set[str] = set()
        self._stood_still: list[tuple[datetime, datetime]] = []
        self._texts = 0
        self._call_of_leg: dict[str, str | None] = {}
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
            began, room = exchange.now(), _room_of(request)
            if room:
                self._rooms[request.value("CallSid")].add(room)

            def finished(outcome: Outcome) -> None:
                if request.purpose == "call":
                    self._heard[_sid_of(request)].in_flight.append((began, exchange.now()))
                if outcome.response is not None and outcome.response.status < 400:
                    self._told(request)
                done(outcome)

            send(request, finished)

        def stood_still(seconds: float) -> None:
            # One thread plays everything: while it waits for a slow REST answer, nobody's tone goes on.
            began = exchange.now()
            pass_time(seconds)
            self._stood_still.append((began, exchange.now()))

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

    def _told(self, request: WebRequest) -> None:
        """Note that the service was told of a room: that it has begun, or first by a leg that was sent out.

        Whoever hangs up may have waited there alone, and who is sent out later, by a redirect of ours.
        """
        room, event = _room_of(request), request.value("StatusCallbackEvent")
        if not room or event not in ("", "conference-start"):
            return
        sent_out = room not in self._over and request.value("CallStatus") != "completed"
        if event or sent_out:
            self._told_of.setdefault(room, self.exchange.now())
        if not event:
            self._over.add(room)

    def note(self, entry: Entry) -> None:
        """Look at one event of the transcript."""
        if entry.kind == "talk":
            self._talk_begins(entry)
        elif entry.kind == "part":
            self._talk_ends(entry.text)
        elif entry.kind == "tone" and "ringing tone" in entry.text:
            self._tone_ends(entry.who)
            self._tones[entry.who] = (entry.moment, self._line_of(entry.who))
        elif entry.kind in ("spoken", "hang_up", "dropped"):
            self._tone_ends(entry.who)
        elif entry.kind == "key" and (sid := self._line_of(entry.who)):
            # Whoever keys a number in, slowly, is not left in silence: each key sounds, and is waited for.
            self._heard[sid].audible.append((entry.moment, entry.moment))

    def _talk_begins(self, entry: Entry) -> None:
        sids = tuple(sid for name in sorted(entry.group) if (sid := self._line_of(name)))
        for name in entry.group:
            self._tone_ends(name)
        for text, (began, group, known) in list(self._open_talks.items()):
            if group & entry.group:
                if not group <= entry.group:
                    self.complain(
                        DOUBLED, f"{' and '.join(sorted(group & entry.group))} in two conversations"
                    )
                self._close_talk(text, began, known)
        self._open_talks[entry.text] = (entry.moment, entry.group, sids)

    def _talk_ends(self, text: str) -> None:
        if text in self._open_talks:
            began, _, sids = self._open_talks[text]
            self._close_talk(text, began, sids)

    def _close_talk(self, text: str, began: datetime, sids: tuple[str, ...]) -> None:
        self._open_talks.pop(text)
        now = self.exchange.now()
        for sid in sids:
            self.talked[sid] = self.talked.get(sid, 0.0) + (now - began).total_seconds()
            self._heard[sid].audible.append((began, now))

    def _tone_ends(self, name: str) -> None:
        began, sid = self._tones.pop(name, (None, ""))
        if began is not None and sid:
            self._heard[sid].audible.append((began, self.exchange.now()))

    def _line_of(self, name: str) -> str:
        """Return the leg on which somebody is now; who is called back talks on another than they called."""
        return next((leg.sid for leg in self.exchange.legs.values() if leg.name == name and not leg.over), "")

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

    # At the end

    def look_back(self) -> list[str]:
        """Look at every call that is over; return how each one ended."""
        results = []
        with self.database.reading() as tx:
            known = {row.sid: row for row in tx.execute(select(calls))}
            owed = {row.call_id for row in tx.execute(select(follow_ups.c.call_id))}
            elsewhere = {row.call_id for row in tx.execute(select(events.c.call_id).where(_ELSEWHERE))}
            open_legs = tx.execute(select(legs.c.id).where(legs.c.ended_at.is_(None))).all()
        for leg in self.unheard():
            ended = known[leg.sid].outcome if leg.sid in known else "unknown to us"
            self.complain(LOST, f"{leg.name} talked with nobody and nothing is owed ({ended})")
        if open_legs:
            self.complain("left open", f"{len(open_legs)} legs")
        for leg in self.exchange.legs.values():
            if leg.direction != "inbound":
                self._look_for_silence(leg, LONGEST_ALONE)
                continue
            row = known.get(leg.sid)
            self.longest_silence = max(self.longest_silence, self._look_for_silence(leg, LONGEST_SILENCE))
            if row is None:
                results.append("fallback talked" if leg.sid in self.talked else "never reached us")
                continue
            if row.ended_at is None:
                self.complain(LOST, f"the call of {leg.name} is still open")
            elif row.outcome != "answered" and self.talked.get(leg.sid, 0.0) > 4:
                self._wrong_outcome(leg, row, row.id in owed, row.id in elsewhere)
            results.append(row.outcome or "open")
        return results

    def unheard(self) -> list[Leg]:
        """Return the callers who have gone, met nobody though phones rang, and are owed nothing.

        Whoever hangs up in the second in which they are connected has met somebody, who is asked about it.
        """
        with self.database.reading() as tx:
            known = {row.sid: row for row in tx.execute(select(calls))}
            owed = {row.call_id for row in tx.execute(select(follow_ups.c.call_id))}
        # Before its first call the service does not know that the number is its own.
        first = min((row.came_in_at for row in known.values()), default=_NEVER)
        return [
            leg
            for leg in self.exchange.legs.values()
            if leg.direction == "inbound" and leg.over and leg.sid not in self.talked
            if self._has_rung(leg, known.get(leg.sid), first)
            if leg.sid not in known or known[leg.sid].id not in owed
        ]

    def _has_rung(self, leg: Leg, row: Row[Any] | None, first: datetime) -> bool:
        by_a_dial = any(each.parent is leg for each in self.exchange.legs.values())
        if row is not None:
            return by_a_dial or (row.rung_at is not None and row.ended_at is not None)
        return by_a_dial and leg.started_at is not None and leg.started_at - timedelta(seconds=1) > first

    def _wrong_outcome(self, leg: Leg, row: Row[Any], owed: bool, elsewhere: bool) -> None:
        """Complain of a conversation that was not written down, unless nobody could know of it.

        What was said while documents on another host connected people, only they were told.
        """
        if not owed or (self._could_know(row) and not elsewhere):
            self.complain(
                "outcome", f"{leg.name} talked for {self.talked.get(leg.sid, 0.0):.0f} s: {row.outcome}"
            )

    def _could_know(self, row: Row[Any]) -> bool:
        """Tell whether the service could know of a conversation when it wrote down how the call ended.

        It cannot where it was away all the while: Twilio says once that a room has begun, and asks each leg
        once when it is over. Such a caller may have been cut off: something must be owed to them.
        """
        rooms = self._rooms[row.sid]
        told = [self._told_of[room] for room in rooms & self._told_of.keys()]
        return not rooms or min(told, default=_NEVER) <= row.ended_at

    def _look_for_silence(self, leg: Leg, bearable: float) -> float:
        """Return how long at most a leg heard nothing and nobody; complain of what is not bearable."""
        if leg.answered_at is None or leg.ended_at is None or leg.handset is None:
            return 0.0
        heard = self._heard[leg.sid]
        spans = [
            (each.started_at, each.ended_at or leg.ended_at)
            for each in leg.handset.utterances
            if leg.answered_at <= each.started_at <= leg.ended_at
        ]
        until, longest = leg.answered_at, 0.0
        for start, end in [*sorted(spans + heard.audible), (leg.ended_at, leg.ended_at)]:
            gap = (start - until).total_seconds() - _overlap(
                heard.in_flight + self._stood_still, until, start
            )
            longest = max(longest, gap)
            if gap > bearable:
                self.complain("silence", f"{leg.name} hears nothing for {gap:.1f} s from {until:%H:%M:%S}")
            until = max(until, end)
        return longest


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


def _room_of(request: WebRequest) -> str:
    return parse_qs(urlsplit(request.url).query).get("room", [""])[0]


def _sid_of(request: WebRequest) -> str:
    found = request.value("CallSid")
    return found or parse_qs(urlsplit(request.url).query).get("CallSid", [""])[0]


def _overlap(spans: list[tuple[datetime, datetime]], start: datetime, end: datetime) -> float:
    """Return how much of a stretch of time lies within the spans, each counted once."""
    covered, at = 0.0, start
    for begin, finish in sorted(spans):
        begin, finish = max(begin, at), min(finish, end)
        if finish > begin:
            covered += (finish - begin).total_seconds()
            at = finish
    return covered
