"""How long does "who is on duty?" take after ten years, and publishing eight weeks for sixty people?"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bench.aims import NOISE, NOISE_OF_TAILS, Finding
from bench.history import NOW
from bench.machines import KEY, Ground
from bench.tables import table
from hotline.clock import Deadline, WallClock, stopwatch
from hotline.database import Database, Transaction
from hotline.oncall import store as duty
from hotline.oncall.rota import actions
from hotline.oncall.rota import ground as grounds
from hotline.oncall.rota.bands import Band
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rotations import Every, Rotation
from hotline.oncall.rota.store import rows_of
from hotline.oncall.tables import shifts
from hotline.people.person import Person
from hotline.people.store import add_people
from hotline.profile import load_profile
from hotline.secrets import Keyring

ON_DUTY_MS, PUBLISHING_S, GROWTH, WRITE_MS = 1.0, 2.0, 1.2, 200.0
"""Aims: a question, a publication, a question after ten years against after one, one write transaction."""

PEOPLE, AT_ONCE, YEARS = 200, 20, 10
CAST = {"volunteer": 46, "social_worker": 10, "coordinator": 4}
_ASKED = 300
_BY = "+393400000999"
_DAYS = frozenset(range(7))


@dataclass(frozen=True)
class RotaFigures:
    """What was measured on one database, in milliseconds and seconds."""

    name: str
    one_year_ms: float
    ten_years_ms: float
    publishing_s: float
    longest_write_ms: float
    rows: int

    def findings(self) -> list[Finding]:
        """Return the figures beside their aims."""
        growth = self.ten_years_ms / self.one_year_ms
        return [
            Finding(f"who is on duty, ms, {self.name}", self.ten_years_ms, ON_DUTY_MS, NOISE),
            Finding(f"who is on duty, growth in ten years, {self.name}", growth, GROWTH, NOISE),
            Finding(f"publishing 8 weeks, 60 people, s, {self.name}", self.publishing_s, PUBLISHING_S, NOISE),
            Finding(
                f"longest write of publishing, ms, {self.name}",
                self.longest_write_ms,
                WRITE_MS,
                NOISE_OF_TAILS,
            ),
        ]


class _TimedWrites(Database):
    """A database whose write transactions are timed, each with the wait for its turn and its commit."""

    def __init__(self, url: str) -> None:
        super().__init__(url, Keyring.from_text(KEY), WallClock(start=NOW))
        self.times: list[float] = []

    @contextmanager
    def transaction(self, deadline: Deadline | None = None) -> Iterator[Transaction]:
        """Time one transaction."""
        began = stopwatch()
        with super().transaction(deadline) as tx:
            yield tx
        self.times.append(stopwatch() - began)


def rota_figures(ground: Ground) -> RotaFigures:
    """Measure on a migrated database; its people and shifts are more afterwards."""
    database = _TimedWrites(ground.database_url)
    _hire(database, "b", {"volunteer": PEOPLE}, 20_000)
    _work(database, 1, 0)
    one_year = _asked_ms(database)
    _work(database, YEARS, 1)
    ten_years = _asked_ms(database)
    seconds, longest, rows = _published(database, _hire(database, "c", CAST, 30_000))
    database.dispose()
    return RotaFigures(ground.name, one_year, ten_years, seconds, longest, rows)


def rota_table(found: Iterable[RotaFigures]) -> str:
    """Show them as a table."""
    head = [
        "database",
        "who is on duty, after 1 / 10 years: ms",
        "publishing 8 weeks for 60 people: s",
        "its longest write: ms",
        "shifts",
    ]
    rows = [
        [
            one.name,
            f"{one.one_year_ms:.2f} / {one.ten_years_ms:.2f}",
            f"{one.publishing_s:.2f}",
            f"{one.longest_write_ms:.0f}",
            str(one.rows),
        ]
        for one in found
    ]
    return table([head, *rows])


def _hire(database: Database, mark: str, headcount: dict[str, int], numbers: int) -> dict[str, list[str]]:
    cast: dict[str, list[str]] = {role: [] for role in headcount}
    persons = []
    for number, role in enumerate(r for r, many in headcount.items() for _ in range(many)):
        person = f"{mark}{number:015x}"
        phone = _BY if role == "coordinator" and not cast[role] else f"+39340{numbers + number:07}"
        persons.append(Person(person, f"{role} {number}", phone, role, ("it",), last_resort=False))
        cast[role].append(person)
    with database.transaction() as tx:
        add_people(tx, persons)
    return cast


def _work(database: Database, years: int, since: int) -> None:
    """Store twelve-hour shifts that end now, of so many years but the last `since`."""
    for month in range(since * 12, years * 12):
        rows = [
            {
                "id": f"{month:04x}{half:04x}{place:024x}",
                "person_id": f"b{(half * AT_ONCE + place) % PEOPLE:015x}",
                "role": "volunteer",
                "starts_at": NOW - timedelta(days=30 * month, hours=12 * half + 6),
                "ends_at": NOW - timedelta(days=30 * month, hours=12 * half - 6),
                "source": "bench",
            }
            for half in range(60)
            for place in range(AT_ONCE)
        ]
        with database.transaction() as tx:
            tx.execute(insert(shifts), rows)
    with database.transaction() as tx:
        tx.connection.exec_driver_sql("ANALYZE")


def _asked_ms(database: Database) -> float:
    with database.reading() as tx:
        times = [_asked(tx, NOW - timedelta(minutes=17 * number)) for number in range(_ASKED)]
    return 1000 * median(times)


def _asked(tx: Transaction, at: datetime) -> float:
    began = stopwatch()
    found = duty.on_duty(tx, at)
    took = stopwatch() - began
    assert len(found) >= AT_ONCE
    return took


def _published(database: _TimedWrites, cast: dict[str, list[str]]) -> tuple[float, float, int]:
    ground = grounds.Ground(load_profile(None))
    with database.transaction() as tx:
        number, _ = actions.draft(tx, _rota(cast), "bench")
    database.times.clear()
    began = stopwatch()
    actions.publish(database, ground, _BY, "measured")
    seconds = stopwatch() - began
    with database.reading() as tx:
        rows = len(rows_of(tx, number))
    return seconds, 1000 * max(database.times), rows


def _rota(cast: dict[str, list[str]]) -> Rota:
    """Six four-hour bands of three volunteers, two halves of a day for each of the other tiers."""
    since = date(2026, 11, 2)
    hours = range(0, 24, 4)
    bands = [_band(f"v{hour}", "volunteer", hour, 4, 3) for hour in hours]
    bands += [_band(f"{role}{hour}", role, hour, 12, 1) for role in list(CAST)[1:] for hour in (8, 20)]
    turns = [
        Rotation(
            band.name, tuple(_part(cast[band.role], bands, band)), Every.SHIFT, since, people=band.headcount
        )
        for band in bands
    ]
    single = frozenset({"social_worker", "coordinator"})
    return Rota(ZoneInfo("Europe/Rome"), since, tuple(bands), tuple(turns), single=single)


def _band(name: str, role: str, hour: int, hours: int, headcount: int) -> Band:
    return Band(name, role, _DAYS, time(hour), time((hour + hours) % 24), headcount)


def _part(people: Sequence[str], bands: Sequence[Band], band: Band) -> Sequence[str]:
    """Give every band of a role people of its own."""
    of_role = [one.name for one in bands if one.role == band.role]
    return people[of_role.index(band.name) :: len(of_role)]
