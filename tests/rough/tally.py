"""What became of every caller of a rough play, and was anybody lost, or rung twice?"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urlsplit

from sqlalchemy import select

from hotline.calls.tables import calls, events, legs
from hotline.followups.tables import follow_ups
from hotline.simulator.leg import OVER, Leg
from tests.rough.crowd import Caller
from tests.rough.replicas import Replicas

HELD = 10.0
"""Real seconds for which the proxy may hold a call's first request: who leaves by then has heard nothing."""


@dataclass
class Tally:
    """The one table of a rough play."""

    calls: int = 0
    kills: int = 0
    stops: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    by_fallback: int = 0
    lost: list[str] = field(default_factory=list)
    two_winners: list[str] = field(default_factory=list)
    rung_twice: list[str] = field(default_factory=list)
    left_open: list[str] = field(default_factory=list)
    broken_rules: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    real_seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Tell whether any rule was broken."""
        return bool(self.lost or self.two_winners or self.rung_twice or self.left_open or self.broken_rules)

    def as_table(self, heading: str) -> str:
        """Return the table."""
        known = ("answered", "promised", "unreached", "abandoned")
        rows = [
            ("calls", self.calls),
            ("kill -9", self.kills),
            ("SIGSTOP", self.stops),
            *((name, self.outcomes[name]) for name in known),
            *((name, many) for name, many in sorted(self.outcomes.items()) if name not in known),
            ("answered by the fallback", self.by_fallback),
            ("seconds to a human, p50", f"{percentile(self.waits, 50):.0f}"),
            ("seconds to a human, p95", f"{percentile(self.waits, 95):.0f}"),
            ("lost", len(self.lost)),
            ("doubled: two winners", len(self.two_winners)),
            ("doubled: rung twice", len(self.rung_twice)),
            ("calls or legs left open", len(self.left_open)),
            ("Twilio's rules broken", len(self.broken_rules)),
            ("real seconds", f"{self.real_seconds:.0f}"),
        ]
        body = "\n".join(f"| {name:<26} | {value!s:>8} |" for name, value in rows)
        found = [*self.lost, *self.two_winners, *self.rung_twice, *self.left_open, *self.broken_rules[:20]]
        return "\n".join([f"| {heading:<26} |          |", f"|{'-' * 28}|{'-' * 9}:|", body, *found])


def percentile(values: list[float], percent: int) -> float:
    """Return a percentile, 0 where there is nothing to measure."""
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)] if values else 0.0


def tally(rig: Replicas, callers: list[Caller]) -> Tally:
    """Look at everything once all callers are gone."""
    found = Tally(calls=len(callers))
    found.waits = [
        (caller.talked_at - caller.began_at).total_seconds()
        for caller in callers
        if caller.talked_at is not None and caller.began_at is not None
    ]
    with rig.database.reading() as tx:
        kept = {row.sid: row for row in tx.execute(select(calls))}
        owed = set(tx.execute(select(follow_ups.c.call_id)).scalars())
        joined = set(tx.execute(select(events.c.call_id).where(events.c.event == "joined_too")).scalars())
        open_calls = list(tx.execute(select(calls.c.sid).where(calls.c.ended_at.is_(None))).scalars())
        open_legs = list(tx.execute(select(legs.c.id).where(legs.c.ended_at.is_(None))).scalars())
    found.left_open = [f"left open: {each}" for each in (*open_calls, *open_legs)]
    by_fallback = sids_asked_at(rig, rig.fallback_url)
    by_fallback |= sids_asked_at(rig, rig.public_url, "/twilio/backstop")
    for caller in callers:
        row = kept.get(caller.leg.sid) if caller.leg is not None else None
        via_fallback = caller.leg is not None and caller.leg.sid in by_fallback
        found.by_fallback += via_fallback and caller.talked_at is not None
        outcome = (row.outcome or "still open") if row is not None else "never came in"
        found.outcomes[outcome] += 1
        if (why := _is_lost(caller, row, owed, via_fallback, rig.speed)) is not None:
            found.lost.append(f"lost: {caller.handset.name}, {outcome}: {why}")
    found.two_winners = _two_winners(rig, {sid for sid, row in kept.items() if row.id in joined}, callers)
    found.rung_twice = rung_twice(rig)
    found.left_open += [f"still rings: {leg.name}" for leg in rig.exchange.legs.values() if _is_left(leg)]
    found.broken_rules = list(rig.exchange.violations)
    return found


def _is_lost(caller: Caller, row: object, owed: set[str], via_fallback: bool, speed: float) -> str | None:
    """Say why a caller counts as lost; None when they had a person, a follow-up, or left at once by hand."""
    if caller.talked_at is not None:
        return None
    if not caller.hung_up:
        return "their line was closed before anybody had answered"
    if row is None:
        known = via_fallback or caller.stayed / speed < HELD
        return None if known else "nobody knows that they called"
    if getattr(row, "rung_at", None) is not None and getattr(row, "id", "") not in owed:
        return "they left after the ringing began, and nothing is owed to them"
    return None


def sids_asked_at(rig: Replicas, host: str, path: str = "/") -> set[str]:
    """Return the calls whose documents were asked of a host, below a path."""
    wanted = urlsplit(host).netloc
    return {
        request.value("CallSid") or _in_query(request.url)
        for _, request in list(rig.exchange.webhooks)
        if urlsplit(request.url).netloc == wanted and request.path.startswith(path)
    }


def _in_query(url: str) -> str:
    found = [part.removeprefix("CallSid=") for part in urlsplit(url).query.split("&") if "CallSid=" in part]
    return found[0] if found else ""


def _two_winners(rig: Replicas, may_be_three: set[str], callers: list[Caller]) -> list[str]:
    """Return the callers who talked with two responders at once, of whom none was called in."""
    known = {caller.handset.name: caller for caller in callers}
    found = []
    for entry in list(rig.exchange.transcript.entries):
        if entry.kind != "talk" or len(entry.group) < 3:
            continue
        here = [known[name] for name in entry.group if name in known]
        if not any(caller.leg is not None and caller.leg.sid in may_be_three for caller in here):
            found.append(f"two winners: {entry.text}")
    return found


def rung_twice(rig: Replicas) -> list[str]:
    """Return the rings of a phone that another ring of ours had not left yet.

    One that was ended while Twilio still had it in its queue reached nobody.
    """
    by_number: dict[str, list[Leg]] = defaultdict(list)
    for leg in list(rig.exchange.legs.values()):
        if leg.direction == "outbound-api" and leg.started_at is not None:
            by_number[leg.to_field].append(leg)
    return [
        f"rung twice: {later.name} at {later.created_at:%H:%M:%S}: {_of(earlier)}, {_of(later)}"
        for rings in by_number.values()
        for earlier, later in pairwise(sorted(rings, key=lambda leg: leg.created_at))
        if earlier.ended_at is None or earlier.ended_at > later.created_at
    ]


def _of(leg: Leg) -> str:
    path = urlsplit(leg.callback.address.url).path if leg.callback else ""
    over = f"{leg.ended_at:%H:%M:%S}" if leg.ended_at else "never"
    return f"{path} {leg.status} until {over}"


def _is_left(leg: Leg) -> bool:
    for_a_call = leg.callback is not None and "/twilio/leg-status" in leg.callback.address.url
    return leg.status not in OVER and (for_a_call or leg.direction == "inbound")
