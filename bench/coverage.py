"""How long does the proof of coverage take, and does it grow with people and with days?"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from bench.aims import NOISE, Finding
from bench.tables import table
from hotline.clock import stopwatch
from hotline.oncall.proof.coverage import gaps
from hotline.oncall.rota.bands import Band, moment_of
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rotations import Every, Rotation
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.profile import load_profile

ROME = ZoneInfo("Europe/Rome")
AUTUMN = date(2026, 10, 19)
"""The fortnight has the night of 25 hours in it."""

PROOF_S = 1.0
"""The aim."""

ROUNDS = 5
_MEASURED = ((60, 14), (60, 28), (200, 14), (200, 56))
_EVERY_DAY = frozenset(range(7))


def team(size: int) -> list[Person]:
    """Return so many people: two thirds volunteers, the rest social workers and coordinators."""
    roles = ("volunteer", "volunteer", "volunteer", "volunteer", "social_worker", "coordinator")
    return [
        Person(f"p{n}", f"Person {n}", f"+3934000{n:05}", roles[n % 6], ("it",), last_resort=n % 30 == 5)
        for n in range(size)
    ]


def rota(people: list[Person], days: int) -> tuple[Shift, ...]:
    """Return a rota that never repeats: volunteers by six bands of four hours, the others by twelve."""
    bands, rotations = [], []
    for role, hours, heads in (("volunteer", 4, 2), ("social_worker", 12, 2), ("coordinator", 12, 1)):
        order = tuple(one.id for one in people if one.role == role)
        for start in range(0, 24, hours):
            name = f"{role} {start}"
            bands.append(Band(name, role, _EVERY_DAY, time(start), time((start + hours) % 24), heads))
            turn = start // hours % len(order)
            rotations.append(Rotation(name, order[turn:] + order[:turn], Every.SHIFT, AUTUMN, people=heads))
    return Rota(ROME, AUTUMN, tuple(bands), tuple(rotations)).shifts(AUTUMN, AUTUMN + timedelta(days=days))


def seconds_to_prove(size: int = 60, days: int = 14) -> float:
    """Return the median of some proofs of a whole rota."""
    profile, people = load_profile(), team(size)
    shifts = rota(people, days)
    first = moment_of(AUTUMN, time(0), ROME)
    last: datetime = moment_of(AUTUMN + timedelta(days=days), time(0), ROME).astimezone(UTC)
    taken = []
    for _ in range(ROUNDS):
        began = stopwatch()
        gaps(profile, shifts, people, first, last)
        taken.append(stopwatch() - began)
    return median(taken)


def coverage_figures() -> dict[tuple[int, int], float]:
    """Return the seconds that a proof takes, by people and days; the usual one is the first."""
    return {(size, days): seconds_to_prove(size, days) for size, days in _MEASURED}


def coverage_findings(found: Mapping[tuple[int, int], float]) -> list[Finding]:
    """Return the usual proof beside its aim."""
    return [Finding("coverage proof of 14 days, 60 people, s", found[_MEASURED[0]], PROOF_S, NOISE)]


def coverage_table(found: Mapping[tuple[int, int], float]) -> str:
    """Show them as a table."""
    usual = found[_MEASURED[0]]
    rows = [
        [f"{size} people, {days} days", f"{taken:.3f}", f"{taken / usual:.1f}"]
        for (size, days), taken in found.items()
    ]
    return table([["proof of coverage", "seconds", "of the usual"], *rows])
