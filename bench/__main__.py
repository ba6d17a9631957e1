"""`make bench`: one run, every figure, as ratios; exit code 1 when an aim is missed by more than noise."""

import logging
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import aims
from bench.aims import Finding
from bench.coverage import coverage_figures, coverage_findings, coverage_table
from bench.escalation import Escalation, escalations
from bench.figures import Figures
from bench.first_ring import NO_KEY, FirstRing, first_rings
from bench.history import ACTS_A_CALL, CALLS, EVENTS_A_CALL, LEGS_A_CALL, RECENT, YEARS
from bench.machines import DURABLE, Ground, Pair, create, fill, seconds_to_first_answer, serving
from bench.plan import plan_figures, plan_findings, plan_table
from bench.rota import rota_figures, rota_table
from bench.stage import MOMENTS
from bench.tables import aims_table, escalation_table, first_ring_table, rate_table, turn_table
from bench.turns import MEASURED, Times, play_calls
from bench.whole_calls import CALLERS, calls_per_second
from hotline.clock import stopwatch
from tests.postgresql import PostgresServer, find_postgres

ROUNDS = 5
STARTS = 3
MILLION = " + 1M"
_ESCALATION = (
    "Nobody answers: seconds after the first ring until volunteers / social worker / coordinators ring; "
    "until everybody has rung twice; until the promise is asked."
)


@dataclass(frozen=True)
class Size:
    """How much is measured in one run."""

    calls_a_round: int
    calls_at_full_speed: int
    with_history: bool


FULL, QUICK = Size(40, 40, with_history=True), Size(10, 16, with_history=False)


def main() -> int:
    """Measure everything, print the tables, and return the exit code."""
    size = QUICK if os.environ.get("QUICK") else FULL
    logging.getLogger("alembic").setLevel(logging.WARNING)
    began = stopwatch()
    with (
        tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder,
        _grounds(Path(folder), size) as grounds,
    ):
        starts = {ground.name: _start(ground) for ground in grounds if MILLION not in ground.name}
        figures, rates = _measure(grounds, size)
        rota = [rota_figures(ground) for ground in grounds if MILLION not in ground.name]
    proofs, plans = coverage_figures(), plan_figures()
    rings = list(first_rings())
    escalated = list(escalations())
    findings = [*_findings(figures, starts), *_findings_in_virtual_time(rings, escalated)]
    findings += [finding for of in rota for finding in of.findings()]
    findings += [*coverage_findings(proofs), *plan_findings(plans)]
    print(turn_table(figures), rate_table(rates, starts), first_ring_table(rings), sep="\n\n")
    print(f"\n{rota_table(rota)}\n\n{coverage_table(proofs)}\n\n{plan_table(plans)}")
    print(f"\n{_ESCALATION}\n")
    print(*(escalation_table(escalated, band) for band in MOMENTS), sep="\n\n")
    print(f"\n{aims_table(findings)}\n\n{_how(size)} {stopwatch() - began:.0f} s.")
    return int(bool(aims.missed(findings)))


@contextmanager
def _grounds(folder: Path, size: Size) -> Iterator[list[Ground]]:
    """Prepare the databases, all at the same time; PostgreSQL is left out where it is missing."""
    names = ["", MILLION] if size.with_history else [""]
    with ExitStack() as stack:
        grounds = [
            Ground(
                f"SQLite{name}",
                f"sqlite:///{folder / f'sqlite{at}' / 'hotline.sqlite'}",
                folder / f"sqlite{at}",
            )
            for at, name in enumerate(names)
        ]
        if (binaries := find_postgres()) is None:
            print("No PostgreSQL here: only SQLite is measured.", file=sys.stderr)
        else:
            server = stack.enter_context(PostgresServer(binaries, DURABLE))
            grounds += [
                Ground(f"PostgreSQL{name}", server.create(f"bench{at}"), folder / f"postgresql{at}")
                for at, name in enumerate(names)
            ]
        for ground in grounds:
            create(ground)
        with ThreadPoolExecutor() as together:
            for ground, seconds in zip(grounds, together.map(_fill, grounds), strict=True):
                print(f"{ground.name} prepared in {seconds:.0f} s", file=sys.stderr)
        yield grounds


def _fill(ground: Ground) -> float:
    return fill(ground, with_history=MILLION in ground.name)


def _start(ground: Ground) -> float:
    return median(seconds_to_first_answer(ground) for _ in range(STARTS))


def _measure(grounds: Sequence[Ground], size: Size) -> tuple[dict[str, Figures], dict[str, list[float]]]:
    """Go round the databases again and again, so that the machine's moods hit all alike."""
    rounds: dict[str, list[Times]] = defaultdict(list)
    rates: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        pairs: list[Pair] = [stack.enter_context(serving(ground)) for ground in grounds]
        for pair in pairs:
            play_calls(pair, 3)
        for number in range(ROUNDS):
            for pair in pairs:
                rounds[pair.ground.name].append(play_calls(pair, size.calls_a_round))
                rates[pair.ground.name].append(calls_per_second(pair, size.calls_at_full_speed))
            print(f"round {number + 1} of {ROUNDS} done", file=sys.stderr)
    return {name: Figures(times) for name, times in rounds.items()}, dict(rates)


def _findings(figures: Mapping[str, Figures], starts: Mapping[str, float]) -> list[Finding]:
    found = [
        Finding(f"{kind}, x bare, {name}", of.ratio(kind), aims.RATIO_TO_BARE, aims.NOISE)
        for name, of in figures.items()
        for kind in MEASURED
    ]
    for name, of in figures.items():
        ring = Finding(
            f"key to first ring, p95 s, {name}", of.first_ring, aims.KEY_TO_FIRST_RING, aims.NOISE_OF_TAILS
        )
        found.append(ring)
        if (before := figures.get(name.removesuffix(MILLION))) is not None and before is not of:
            growth = of.p99_of_all_turns / before.p99_of_all_turns
            found.append(Finding(f"growth of p99, {name}", growth, aims.GROWTH_OF_P99, aims.NOISE_OF_TAILS))
    found += [
        Finding(f"start to first answer, s, {name}", seconds, aims.START_TO_FIRST_ANSWER, aims.NOISE)
        for name, seconds in starts.items()
    ]
    return found


def _findings_in_virtual_time(rings: Sequence[FirstRing], escalated: Sequence[Escalation]) -> list[Finding]:
    silent = max(ring.seconds for ring in rings if ring.caller == NO_KEY)
    last_tier = max(one.last_tier for one in escalated)
    twice = max(one.twice or float("inf") for one in escalated)
    return [
        Finding("first word to first ring without a key, s", silent, aims.SILENCE_TO_FIRST_RING, 1.0),
        Finding("first ring to last tier, s", last_tier, aims.FIRST_RING_TO_LAST_TIER, 1.0),
        Finding("first ring until all rang twice, s", twice, aims.FIRST_RING_TO_ALL_TWICE, 1.0),
    ]


def _how(size: Size) -> str:
    legs = CALLS + (LEGS_A_CALL - 1) * (CALLS - RECENT)
    history = (
        f"History: {CALLS:,} past calls over {YEARS} years with {legs:,} legs, "
        f"{EVENTS_A_CALL * CALLS:,} events and {ACTS_A_CALL * CALLS:,} acts, 60 people and their shifts. "
    )
    return (
        f"Median of {ROUNDS} rounds of {size.calls_a_round} calls on each database, each turn beside a bare "
        f"request; p99 over all rounds; whole calls with {CALLERS} callers at once. "
        f"{history if size.with_history else ''}PostgreSQL with its own defaults (fsync on), SQLite with "
        f"synchronous=FULL. {os.cpu_count()} cores;"
    )


if __name__ == "__main__":
    raise SystemExit(main())
