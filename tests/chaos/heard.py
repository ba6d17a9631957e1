"""Who talked with whom in a play, what was heard on each leg and when, and what were we told of it?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from hotline.simulator.exchange import Exchange
from hotline.simulator.leg import Leg
from hotline.simulator.transcript import Entry
from hotline.simulator.wire import WebRequest

Stretch = tuple[datetime, datetime]


@dataclass
class _OnALeg:
    """Stretches of time on one leg: in which something was heard, in which Twilio waited for us."""

    audible: list[Stretch] = field(default_factory=list)
    in_flight: list[Stretch] = field(default_factory=list)


class Heard:
    """Keep what is heard while a play goes on."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.talked: dict[str, float] = {}
        """How many seconds somebody talked on each leg."""
        self.rooms: dict[str, set[str]] = defaultdict(set)
        """The rooms to which each leg was ever sent."""
        self.told_of: dict[str, datetime] = {}
        """When the service was told of each room."""
        self.stood_still: list[Stretch] = []
        self._open_talks: dict[str, tuple[datetime, frozenset[str], tuple[str, ...]]] = {}
        self._on: dict[str, _OnALeg] = defaultdict(_OnALeg)
        self._tones: dict[str, tuple[datetime, str]] = {}
        self._over: set[str] = set()

    # Requests

    def asked(self, request: WebRequest) -> None:
        """Note in which room a leg is, or was, of which Twilio asks the service something."""
        if room := _room_of(request):
            self.rooms[request.value("CallSid")].add(room)

    def waited(self, request: WebRequest, began: datetime) -> None:
        """Note that a leg has waited for an answer of the service until now."""
        self._on[_sid_of(request)].in_flight.append((began, self._exchange.now()))

    def told(self, request: WebRequest) -> None:
        """Note that the service was told of a room: that it has begun, or first by a leg that was sent out.

        Whoever hangs up may have waited there alone, and who is sent out later, by a redirect of ours.
        """
        room, event = _room_of(request), request.value("StatusCallbackEvent")
        if not room or event not in ("", "conference-start"):
            return
        sent_out = room not in self._over and request.value("CallStatus") != "completed"
        if event or sent_out:
            self.told_of.setdefault(room, self._exchange.now())
        if not event:
            self._over.add(room)

    # Talks and tones

    def note(self, entry: Entry) -> None:
        """Take in one event of the transcript."""
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
            self._on[sid].audible.append((entry.moment, entry.moment))

    def torn(self, group: frozenset[str]) -> list[frozenset[str]]:
        """Return who of a group that begins to talk still talks with somebody outside it."""
        talking = [others for _, others, _ in self._open_talks.values()]
        return [others & group for others in talking if others & group and not others <= group]

    def _talk_begins(self, entry: Entry) -> None:
        sids = tuple(sid for name in sorted(entry.group) if (sid := self._line_of(name)))
        for name in entry.group:
            self._tone_ends(name)
        for text, (_, group, _) in list(self._open_talks.items()):
            if group & entry.group:
                self._talk_ends(text)
        self._open_talks[entry.text] = (entry.moment, entry.group, sids)

    def _talk_ends(self, text: str) -> None:
        if text not in self._open_talks:
            return
        began, _, sids = self._open_talks.pop(text)
        now = self._exchange.now()
        for sid in sids:
            self.talked[sid] = self.talked.get(sid, 0.0) + (now - began).total_seconds()
            self._on[sid].audible.append((began, now))

    def _tone_ends(self, name: str) -> None:
        began, sid = self._tones.pop(name, (None, ""))
        if began is not None and sid:
            self._on[sid].audible.append((began, self._exchange.now()))

    def _line_of(self, name: str) -> str:
        """Return the leg on which somebody is now; who is called back talks on another than they called."""
        legs = self._exchange.legs.values()
        return next((leg.sid for leg in legs if leg.name == name and not leg.over), "")

    # Silence

    def silences(self, leg: Leg) -> Iterator[tuple[datetime, float]]:
        """Give the stretches in which a leg heard nothing and nobody: since when, and how many seconds."""
        if leg.answered_at is None or leg.ended_at is None or leg.handset is None:
            return
        on = self._on[leg.sid]
        spans = [
            (each.started_at, each.ended_at or leg.ended_at)
            for each in leg.handset.utterances
            if leg.answered_at <= each.started_at <= leg.ended_at
        ]
        until = leg.answered_at
        for start, end in [*sorted(spans + on.audible), (leg.ended_at, leg.ended_at)]:
            waited = _overlap(on.in_flight + self.stood_still, until, start)
            yield until, (start - until).total_seconds() - waited
            until = max(until, end)


def _room_of(request: WebRequest) -> str:
    return parse_qs(urlsplit(request.url).query).get("room", [""])[0]


def _sid_of(request: WebRequest) -> str:
    found = request.value("CallSid")
    return found or parse_qs(urlsplit(request.url).query).get("CallSid", [""])[0]


def _overlap(spans: list[Stretch], start: datetime, end: datetime) -> float:
    """Return how much of a stretch of time lies within the spans, each counted once."""
    covered, at = 0.0, start
    for begin, finish in sorted(spans):
        begin, finish = max(begin, at), min(finish, end)
        if finish > begin:
            covered += (finish - begin).total_seconds()
            at = finish
    return covered
