"""Who is on duty at a moment: half-open shifts, from the pure rule, from a file, from the database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text

from hotline.database import Database
from hotline.errors import BadInput
from hotline.oncall.actions import import_shifts
from hotline.oncall.shifts import LONGEST_SHIFT, Shift, duty_at, duty_between
from hotline.oncall.store import add_shifts, on_duty, on_duty_between
from hotline.oncall.tables import shifts as shifts_table
from hotline.people.actions import import_people, set_active
from hotline.people.store import everybody

ROME = ZoneInfo("Europe/Rome")
MIDNIGHT = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
PEOPLE = """name,phone,role,languages
Anna,3400000001,volunteer,it;en
Bruno,3400000002,volunteer,it
Lucia,3400000003,social_worker,it
"""
SHIFTS = """phone,role,starts_at,ends_at
3400000001,volunteer,2026-11-21T20:00+01:00,2026-11-22T08:00+01:00
3400000002,volunteer,2026-11-22T08:00+01:00,2026-11-22T20:00+01:00
+39 340 0000003,social_worker,2026-11-21T19:00Z,2026-11-23T07:00:00Z
"""


def volunteer(person_id: str, start_hour: float, hours: float) -> Shift:
    starts_at = MIDNIGHT + timedelta(hours=start_hour)
    return Shift(person_id, "volunteer", starts_at, starts_at + timedelta(hours=hours))


def imported(database: Database, csv_text: str) -> str:
    with database.transaction() as tx:
        return str(import_shifts(tx, csv_text, source="shifts.csv"))


def names_on_duty(database: Database, at: str) -> list[str]:
    with database.reading() as tx:
        name_of = {person.id: person.name for person in everybody(tx)}
        return sorted(name_of[shift.person_id] for shift in on_duty(tx, datetime.fromisoformat(at)))


@pytest.fixture
def rota(database: Database) -> Database:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
    assert imported(database, SHIFTS) == "3 added, 0 changed, 0 unchanged"
    return database


def test_at_the_change_of_shift_exactly_one_of_the_two_is_on_duty(rota: Database) -> None:
    assert names_on_duty(rota, "2026-11-22T07:59:59.999999+01:00") == ["Anna", "Lucia"]
    assert names_on_duty(rota, "2026-11-22T08:00+01:00") == ["Bruno", "Lucia"]
    assert names_on_duty(rota, "2026-11-21T20:00+01:00") == ["Anna", "Lucia"]
    assert names_on_duty(rota, "2026-11-21T19:59+01:00") == []
    assert names_on_duty(rota, "2026-11-23T08:00+01:00") == []


def test_importing_the_same_shifts_twice_changes_nothing(rota: Database) -> None:
    assert imported(rota, SHIFTS) == "0 added, 0 changed, 3 unchanged"
    same_in_utc = "phone,role,starts_at,ends_at\n340 0000001,volunteer,2026-11-21T19:00Z,2026-11-22T07:00Z\n"
    assert imported(rota, same_in_utc + same_in_utc.splitlines()[1]) == "0 added, 0 changed, 2 unchanged"


def test_a_duty_of_a_year_is_kept_as_shifts_of_a_week_without_a_gap(rota: Database) -> None:
    year = (
        "phone,role,starts_at,ends_at\n3400000001,volunteer,2027-01-01T00:00+01:00,2028-01-01T00:00+01:00\n"
    )
    assert imported(rota, year) == "53 added, 0 changed, 0 unchanged"
    assert imported(rota, year) == "0 added, 0 changed, 53 unchanged"
    for day in ("2027-01-01T00:00+01:00", "2027-01-08T00:00+01:00", "2027-12-31T23:59+01:00"):
        assert names_on_duty(rota, day) == ["Anna"]
    assert names_on_duty(rota, "2028-01-01T00:00+01:00") == []


def test_every_bad_shift_is_named_by_line_and_reason_and_nothing_is_stored(rota: Database) -> None:
    with rota.transaction() as tx:
        set_active(tx, "3400000002", active=False)
    bad = (
        "phone,role,starts_at,ends_at\n"
        "3400000001,volunteer,2026-12-01T08:00+01:00,2026-12-01T20:00+01:00\n"
        "3400000009,volunteer,2026-12-01T08:00+01:00,2026-12-01T20:00+01:00\n"
        "3400000001,social_worker,2026-12-01T08:00+01:00,2026-12-01T20:00+01:00\n"
        "3400000001,volunteer,2026-12-01T08:00+0100h,2026-12-01T20:00+01:00\n"
        "3400000001,volunteer,2026-12-01T20:00+01:00,2026-12-01T08:00+01:00\n"
        "3400000001,volunteer,2026-12-01T20:00+01:00,2062-12-31T08:00+01:00\n"
        "3400000001,volunteer,first of December,2026-12-31T08:00+01:00\n"
        "3400000001,volunteer,0001-01-01T00:00+14:00,2026-12-31T08:00+01:00\n"
        "112,volunteer,2026-12-01T08:00+01:00,2026-12-01T20:00+01:00\n"
        "3400000002,volunteer,2026-12-01T08:00+01:00,2026-12-01T20:00+01:00\n"
        "3400000001,night owl,2026-12-01T08:00+01:00,2026-12-01T20:00+01:00\n"
    )
    with pytest.raises(BadInput) as refusal:
        imported(rota, bad)
    rows = dict(row.strip().split(": ", 1) for row in str(refusal.value).splitlines()[1:])
    assert list(rows) == [f"line {line}" for line in range(3, 13)]
    assert "nobody has •••009; import the person first" in rows["line 3"]
    assert "is a volunteer, not a social_worker" in rows["line 4"]
    assert "is not a moment" in rows["line 5"]
    assert "ends before it starts" in rows["line 6"]
    assert "more than ten years" in rows["line 7"]
    assert "is not a moment" in rows["line 8"]
    assert "starts_at: '0001-01-01T00:00+14:00' is not a moment" in rows["line 9"]
    assert "emergency" in rows["line 10"]
    assert "no longer active" in rows["line 11"]
    assert "'night owl' is not one of" in rows["line 12"]
    assert names_on_duty(rota, "2026-12-01T12:00+01:00") == []


@pytest.mark.parametrize(("evening", "hours"), [("2026-03-28", 11), ("2026-10-24", 13)])
def test_a_night_when_the_clocks_change_is_covered_to_its_last_minute(
    rota: Database, evening: str, hours: int
) -> None:
    starts_at = datetime.fromisoformat(f"{evening}T20:00").replace(tzinfo=ROME)
    ends_at = (starts_at.replace(hour=8) + timedelta(days=1)).astimezone(UTC)
    assert ends_at - starts_at.astimezone(UTC) == timedelta(hours=hours)
    local_end = ends_at.astimezone(ROME)
    row = f"3400000001,volunteer,{starts_at.isoformat()},{local_end.isoformat()}\n"
    assert imported(rota, f"phone,role,starts_at,ends_at\n{row}") == "1 added, 0 changed, 0 unchanged"
    last_minute = ends_at - timedelta(minutes=1)
    assert names_on_duty(rota, last_minute.isoformat()) == ["Anna"]
    assert names_on_duty(rota, ends_at.isoformat()) == []


@given(
    st.lists(
        st.builds(
            volunteer,
            st.sampled_from(["anna", "bruno"]),
            st.integers(0, 48),
            st.integers(1, 24),
        ),
        max_size=8,
    ),
    st.integers(-2, 80),
    st.integers(0, 30),
)
def test_the_moments_and_the_period_agree(shifts: list[Shift], start_hour: int, hours: int) -> None:
    start = MIDNIGHT + timedelta(hours=start_hour)
    each_hour = {
        shift for hour in range(hours) for shift in duty_at(shifts, start + timedelta(hours=hour))
    }  # all shifts begin and end on the hour
    assert set(duty_between(shifts, start, start + timedelta(hours=hours))) == each_hour


@given(st.lists(st.integers(1, 60), min_size=2, max_size=6), st.integers(0, 360))
def test_back_to_back_shifts_leave_no_gap_and_no_overlap(minutes: list[int], minute: int) -> None:
    shifts, starts_at = [], MIDNIGHT
    for number, length in enumerate(minutes):
        shifts.append(Shift(str(number), "volunteer", starts_at, starts_at + timedelta(minutes=length)))
        starts_at = shifts[-1].ends_at
    expected = 1 if minute < sum(minutes) else 0
    assert len(duty_at(shifts, MIDNIGHT + timedelta(minutes=minute))) == expected


def test_the_database_answers_what_the_pure_rule_answers(rota: Database) -> None:
    with rota.transaction() as tx:
        anna = next(person.id for person in everybody(tx) if person.name == "Anna")
        whole_week = Shift(anna, "volunteer", MIDNIGHT, MIDNIGHT + LONGEST_SHIFT)
        shifts = [whole_week, *(volunteer(anna, 7 * number, 1 + number % 13) for number in range(30))]
        assert add_shifts(tx, shifts, "test") == 31
    with rota.reading() as tx:
        everything = on_duty_between(tx, MIDNIGHT - timedelta(days=9), MIDNIGHT + timedelta(days=30))
        assert len(everything) == 34
        for hour in range(-30, 230):
            at = MIDNIGHT + timedelta(hours=hour)
            assert on_duty(tx, at) == duty_at(everything, at)
            later = at + timedelta(hours=5)
            assert on_duty_between(tx, at, later) == duty_between(everything, at, later)
            assert on_duty_between(tx, at, at) == ()


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "reason"),
    [
        (MIDNIGHT, MIDNIGHT, "ends before it starts"),
        (MIDNIGHT, MIDNIGHT + LONGEST_SHIFT + timedelta(seconds=1), "longer than a week"),
        (MIDNIGHT.replace(tzinfo=None), MIDNIGHT, "offset"),
    ],
)
def test_a_shift_that_could_not_be_found_again_cannot_exist(
    starts_at: datetime, ends_at: datetime, reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        Shift("anna", "volunteer", starts_at, ends_at)


def test_who_is_on_duty_is_found_in_the_index_and_not_by_reading_ten_years(rota: Database) -> None:
    first = MIDNIGHT - timedelta(days=3650)
    with rota.transaction() as tx:
        anna = next(person.id for person in everybody(tx) if person.name == "Anna")
        years = [
            {
                "id": f"past {number}",
                "person_id": anna,
                "role": "volunteer",
                "starts_at": first + timedelta(hours=4 * number),
                "ends_at": first + timedelta(hours=4 * number + 4),
                "source": "test",
            }
            for number in range(10_000)
        ]
        tx.execute(insert(shifts_table), years)
        tx.execute(text("ANALYZE"))
        explain = "EXPLAIN QUERY PLAN " if rota.is_sqlite else "EXPLAIN "
        question = (
            "SELECT person_id FROM shifts WHERE starts_at <= '2026-11-22 02:00:00'"
            " AND starts_at >= '2026-11-15 01:00:00' AND ends_at > '2026-11-22 02:00:00'"
        )
        steps = " ".join(str(row) for row in tx.execute(text(explain + question)))
        assert "ix_shifts_starts_at" in steps
        assert len(on_duty(tx, first + timedelta(days=1))) == 1
