"""Thousands of random calls with random faults: what broke, and how is it played again?

python -m tests.chaos --calls 5000 --database postgresql
python -m tests.chaos --replay 1234
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hotline.clock import ManualClock
from hotline.database import Database, migrate
from hotline.secrets import Keyring
from tests.chaos.play import BEGINNINGS, Play, Step, draw_play, play_of
from tests.chaos.watch import DOUBLED, LOST
from tests.chaos.world import Result, Stage, perform
from tests.lengths import enforce_lengths
from tests.postgresql import PostgresServer, find_postgres

KEPT = Path("var/chaos")
_MOST_TRIES = 60
_FAST = Path("/dev/shm")  # memory, where there is such a folder: nothing of a play needs to survive
_stage: Stage | None = None


@dataclass
class Sum:
    """What came of many plays."""

    plays: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    rung: int = 0
    longest_reply: float = 0.0
    longest_silence: float = 0.0
    failed: dict[int, Result] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        """Return how many calls were played."""
        return sum(self.outcomes.values())

    def add(self, seed: int, result: Result) -> None:
        """Count one play."""
        self.plays += 1
        self.outcomes += result.outcomes
        self.faults += result.faults
        self.rung += result.rung
        self.longest_reply = max(self.longest_reply, result.longest_reply)
        self.longest_silence = max(self.longest_silence, result.longest_silence)
        if result.failed:
            self.failed[seed] = result

    def broken(self, *rules: str) -> int:
        """Count the plays that broke one of the rules."""
        return sum(any(c.rule in rules for c in result.complaints) for result in self.failed.values())

    def as_table(self, database: str, seconds: float) -> str:
        """Return the one table."""
        rows = [
            ("calls", self.calls),
            *((f"  {outcome}", many) for outcome, many in sorted(self.outcomes.items())),
            ("phones rung", self.rung),
            ("faults", sum(self.faults.values())),
            *((f"  {kind}", many) for kind, many in sorted(self.faults.items())),
            ("lost", self.broken(LOST)),
            ("doubled", self.broken(DOUBLED)),
            ("other rules broken", len(self.failed) - self.broken(LOST, DOUBLED)),
            ("longest own reply", f"{self.longest_reply:.2f} s"),
            ("longest silence", f"{self.longest_silence:.1f} s"),
            ("calls a second", f"{self.calls / seconds:.1f}"),
        ]
        body = "\n".join(f"| {name:<22} | {value!s:>10} |" for name, value in rows)
        return f"| {database:<22} | {self.plays:>4} plays |\n|{'-' * 24}|{'-' * 11}:|\n{body}"


def stage_at(url: str, folder: Path) -> Stage:
    """Open a migrated database as a stage with a folder of its own."""
    return Stage(Database(url, Keyring.from_text("a1" * 32), ManualClock(BEGINNINGS[0])), folder)


@contextmanager
def stages(kind: str, many: int) -> Iterator[list[tuple[str, Path]]]:
    """Provide so many empty, migrated databases: the address and a folder of each."""
    with ExitStack() as at_the_end:
        memory = _FAST if _FAST.is_dir() else None
        top = Path(at_the_end.enter_context(tempfile.TemporaryDirectory(dir=memory)))
        folders = [top / str(number) for number in range(many)]
        for folder in folders:
            folder.mkdir()
        if kind == "sqlite":
            urls = [f"sqlite:///{folder / 'hotline.sqlite'}" for folder in folders]
            for url in urls:
                migrate(url)
                enforce_lengths(url)
        else:
            if (binaries := find_postgres()) is None:
                sys.exit("no PostgreSQL here: apt install postgresql")
            server = at_the_end.enter_context(PostgresServer(binaries))
            migrate(server.create("migrated"))
            urls = [at_the_end.enter_context(server.copy_of("migrated")) for _ in folders]
        yield list(zip(urls, folders, strict=True))


def play_seed(seed: int) -> tuple[int, Result]:
    """Play one seed on this process's stage."""
    assert _stage is not None
    return seed, perform(draw_play(seed), _stage)


def _open_stage(waiting: "multiprocessing.Queue[tuple[str, Path]]") -> None:
    global _stage
    _stage = stage_at(*waiting.get())


def many_plays(database: str, calls: int, first: int, processes: int) -> Sum:
    """Play seed after seed until so many calls were played."""
    found = Sum()
    context = multiprocessing.get_context("spawn")
    with stages(database, processes) as places:
        waiting: multiprocessing.Queue[tuple[str, Path]] = context.Queue()
        for place in places:
            waiting.put(place)
        with context.Pool(processes, _open_stage, (waiting,)) as pool:
            # Some callers of a play never dial: what is missing then is played with the seeds that follow.
            while found.calls < calls:
                seeds = _seeds(calls - found.calls, first + found.plays)
                for seed, result in pool.imap(play_seed, seeds, chunksize=1):
                    found.add(seed, result)
                    if result.failed:
                        print(f"seed {seed}: {'; '.join(map(str, result.complaints))}", flush=True)
    return found


def _seeds(calls: int, first: int) -> Iterator[int]:
    """Yield seeds whose plays mean so many calls."""
    planned = 0
    for seed in count(first):
        if planned >= calls:
            return
        planned += draw_play(seed).calls
        yield seed


def shrunk(play: Play, stage: Stage) -> tuple[Play, Result]:
    """Leave out faults, keys, callers and people, one at a time, while the same rule is broken."""
    result = perform(play, stage)
    rules, tries, place = {c.rule for c in result.complaints}, 0, 0
    while place < play.parts and tries < _MOST_TRIES:
        smaller, tries = play.without(place), tries + 1
        outcome = perform(smaller, stage) if smaller.calls else None
        if outcome is not None and rules & {c.rule for c in outcome.complaints}:
            play, result = smaller, outcome
        else:
            place += 1
    return play, result


def told(step: Step) -> str:
    """Say one step in a line."""
    more = [step.who, step.what, f"{step.seconds:g} s" if step.seconds else ""]
    times = f"{step.times} times" if step.times > 1 else ""
    return f"{step.at:7.1f}  {step.verb} {' '.join(part for part in (*more, times) if part)}"


def replay(what: str, database: str, shrink: bool) -> int:
    """Play one seed, or one play that was written down, and print it whole."""
    play = draw_play(int(what)) if what.isdigit() else play_of(json.loads(Path(what).read_text()))
    with stages(database, 1) as places:
        stage = stage_at(*places[0])
        if shrink:
            play, _ = shrunk(play, stage)
        result = perform(play, stage, keep=True)
    print(f"It begins at {play.began}.")
    for worker in play.workers:
        print(worker)
    for person in play.people:
        print(person)
    print(*map(told, play.steps), sep="\n")
    print(f"\n{result.transcript}\n\n{dict(result.outcomes)}")
    print(*(result.complaints or ["No rule was broken."]), sep="\n")
    return int(result.failed)


def keep(found: Sum, database: str) -> None:
    """Shrink every failing play, and write it down."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with stages(database, 1) as places:
        stage = stage_at(*places[0])
        for seed in sorted(found.failed)[:20]:
            play, result = shrunk(draw_play(seed), stage)
            path = KEPT / f"{seed}.json"
            path.write_text(json.dumps(play.as_data(), indent=1))
            rules = "; ".join(sorted({complaint.rule for complaint in result.complaints}))
            print(f"{rules or 'not seen again'}: python -m tests.chaos --replay {path}  (or --replay {seed})")


def main() -> int:
    """Read the options and play."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--calls", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--replay", help="a seed, or a file that was kept")
    parser.add_argument("--shrink", action="store_true", help="with --replay: leave out what is not needed")
    given = parser.parse_args()
    if given.replay:
        return replay(given.replay, given.database, given.shrink)
    began = time.perf_counter()
    found = many_plays(given.database, given.calls, given.seed, given.processes)
    print(found.as_table(given.database, time.perf_counter() - began))
    if found.failed:
        keep(found, given.database)
    return int(bool(found.failed))
