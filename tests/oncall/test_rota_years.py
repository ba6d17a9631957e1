"""Over ten years of Rome, whatever the rules: no hole, no overlap, the database agrees, the past stays."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.oncall.rota import store
from hotline.oncall.rota.actions import draft, fill, publish
from hotline.oncall.rota.bands import Band
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rotations import Every, NthWeekday, Rotation
from hotline.oncall.rota.tables import rota_pointer, rotas
from hotline.oncall.shifts import Shift, duty_at, duty_between
from hotline.oncall.store import on_duty, on_duty_between
from hotline.oncall.tables import shifts as shifts_table
from hotline.people.actions import import_people
from hotline.people.store import everybody
from hotline.profile import load_profile

ROME = ZoneInfo("Europe/Rome")
GROUND = Ground(load_profile(None), weeks=3)
CARLA = "3400000009"
PEOPLE = "name,phone,role,languages\nCarla,3400000009,coordinator,it\n" + "".join(
    f"P{number},340000000{number},volunteer,it\n" for number in range(1, 6)
)
ALL_DAYS = frozenset(range(7))
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
"""The days of 2027 on which the clocks change."""

NAMES = [f"P{number}" for number in range(1, 6)]
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
DAYS = st.dates(date(2026, 1, 1), date(2036, 1, 1)) | st.sampled_from(
    [day + timedelta(days=ahead) for day in (SPRING, AUTUMN) for ahead in (-2, -1, 0)]
)


@st.composite
def rules(draw: st.DrawFn, since: date, who: list[str]) -> Rota:
    """Cut the day at some times of the wall: bands that follow each other, each with turns of its own."""
    cuts = sorted(draw(st.lists(TIMES, min_size=1, max_size=4, unique=True)))
    ends = [*cuts[1:], cuts[0]]
    bands = [
        Band(f"b{n}", "volunteer", ALL_DAYS, *fromto) for n, fromto in enumerate(zip(cuts, ends, strict=True))
    ]
    # Who is in one order is in no other: nobody is ever on twice.
    cast = draw(st.permutations(who))
    turns = []
    for number, band in enumerate(bands):
        order = tuple(cast[number :: len(bands)]) or (cast[0],)
        every, weeks = draw(
            st.sampled_from([(Every.SHIFT, 1), (Every.WEEK, 1), (Every.WEEK, 2), (Every.MONTH, 1)])
        )
        turns.append(Rotation(band.name, order, every, since, weeks))
        if draw(st.booleans()):
            nth = NthWeekday(draw(st.sampled_from([1, 2, 3, 4, -1])), draw(st.integers(0, 6)))
            turns.append(Rotation(band.name, order[::-1], every, since, only_on=nth))
    return Rota(ROME, since, tuple(bands), tuple(turns))


@given(st.data(), DAYS, st.integers(1, 20))
def test_no_minute_is_left_open_and_none_is_double(data: st.DataObject, first: date, days: int) -> None:
    since = first - timedelta(days=data.draw(st.integers(0, 400)))
    rota = data.draw(rules(since, NAMES))
    shifts = rota.shifts(first, first + timedelta(days=days))
    for before, after in pairwise(shifts):
        assert before.ends_at == after.starts_at
    walls = {band.starts for band in rota.bands}
    for shift in shifts:
        for end in (shift.starts_at, shift.ends_at):
            local = end.astimezone(ROME)
            skipped = local.date().month == 3 and local.hour == 3
            assert local.time() in walls or skipped
    at = shifts[0].starts_at + timedelta(minutes=data.draw(st.integers(0, days * 1440 - 120)))
    assert len(duty_at(shifts, at)) == 1
    assert duty_between(shifts, at, at + timedelta(microseconds=1)) == duty_at(shifts, at)


@pytest.mark.timeout(180)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), first=DAYS, hour=st.integers(0, 23))
def test_the_database_agrees_and_published_history_never_changes(
    database: Database, clock: ManualClock, data: st.DataObject, first: date, hour: int
) -> None:
    clock.set(datetime.combine(first, time(hour, 7), ROME).astimezone(UTC))
    ids = _begin_again(database)
    now = clock.now()
    rota = data.draw(rules(first - timedelta(days=40), ids))
    _publish(database, rota)
    with database.reading() as tx:
        rows = store.rows_of(tx, store.published(tx))
        meant = [
            one
            for one in rota.shifts(first - timedelta(days=2), first + timedelta(days=20))
            if one.ends_at > now
        ]
        assert rows == tuple(
            Shift(one.person_id, one.role, max(one.starts_at, now), one.ends_at) for one in meant
        )
        for _ in range(6):
            at = now + timedelta(minutes=data.draw(st.integers(0, 20 * 1440)))
            assert on_duty(tx, at) == duty_at(rows, at)
            later = at + timedelta(hours=data.draw(st.integers(1, 40)))
            assert on_duty_between(tx, at, later) == duty_between(rows, at, later)
    for _ in range(2):
        clock.advance(data.draw(st.integers(600, 5 * 86400)))
        fill(database, GROUND)
        changed_at = clock.now()
        past = _past(database, now, changed_at)
        begun = _on(database, changed_at)
        _publish(database, data.draw(rules(first - timedelta(days=9), ids)))
        assert _past(database, now, changed_at) == past
        kept = [one for one in begun if one.starts_at < changed_at]
        with database.reading() as tx:
            rows = store.rows_of(tx, store.published(tx))
        for hour in range(0, 20 * 24, 7):
            at = changed_at + timedelta(hours=hour)
            assert set(_on(database, at)) == set(duty_at([*kept, *rows], at))


def _publish(database: Database, rota: Rota) -> None:
    with database.transaction() as tx:
        draft(tx, rota, "Carla")
    publish(database, GROUND, CARLA, "as drawn")


def _on(database: Database, at: datetime) -> tuple[Shift, ...]:
    with database.reading() as tx:
        return on_duty(tx, at)


def _past(database: Database, first: datetime, last: datetime) -> list[tuple[Shift, ...]]:
    minutes = int((last - first).total_seconds() // 60)
    with database.reading() as tx:
        return [on_duty(tx, first + timedelta(minutes=minute)) for minute in range(0, minutes, 97)]


def _begin_again(database: Database) -> list[str]:
    with database.transaction() as tx:
        tx.execute(delete(shifts_table))
        tx.execute(update(rota_pointer).values(version=0))
        tx.execute(delete(rotas))
        import_people(tx, PEOPLE)
        return sorted(one.id for one in everybody(tx) if one.role == "volunteer")
