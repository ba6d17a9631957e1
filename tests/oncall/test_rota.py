"""Do the rules of a rota give every minute to exactly the people whose turn it is, whatever the clocks do?"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.oncall.rota.bands import Band, OnHolidays, slots
from hotline.oncall.rota.rota import Assignment, Rota
from hotline.oncall.rota.rotations import Every, NthWeekday, Rotation

ROME = ZoneInfo("Europe/Rome")
ALL_DAYS = frozenset(range(7))
NIGHT = Band("notte", "volunteer", ALL_DAYS, time(20), time(8))
DAY = Band("giorno", "volunteer", ALL_DAYS, time(8), time(20))
MONDAY = date(2026, 11, 23)


def nights(*order: str, every: Every = Every.SHIFT, weeks: int = 1, people: int = 1) -> Rota:
    rotation = Rotation("notte", order, every, MONDAY, weeks, people)
    return Rota(ROME, MONDAY, (NIGHT,), (rotation,))


def on(rota: Rota, first: date, days: int) -> list[str]:
    filled = rota.filled(first, first + timedelta(days=days - 1))
    return ["+".join(one.people) or "-" for one in filled]


@pytest.mark.parametrize(
    ("evening", "begins", "ends", "hours"),
    [
        (date(2026, 11, 22), "2026-11-22T19:00+00:00", "2026-11-23T07:00+00:00", 12),
        (date(2026, 10, 24), "2026-10-24T18:00+00:00", "2026-10-25T07:00+00:00", 13),
        (date(2027, 3, 27), "2027-03-27T19:00+00:00", "2027-03-28T06:00+00:00", 11),
        (date(2026, 12, 31), "2026-12-31T19:00+00:00", "2027-01-01T07:00+00:00", 12),
    ],
)
def test_a_night_ends_when_the_wall_says_eight(evening: date, begins: str, ends: str, hours: int) -> None:
    slot = NIGHT.slot(evening, ROME)
    assert slot.starts_at == datetime.fromisoformat(begins)
    assert slot.ends_at == datetime.fromisoformat(ends)
    assert (slot.ends_at - slot.starts_at).total_seconds() == hours * 3600


def test_the_turn_passes_on_night_after_night() -> None:
    assert on(nights("anna", "bruno", "dora"), MONDAY, 5) == ["anna", "bruno", "dora", "anna", "bruno"]


def test_whoever_asks_later_hears_the_same() -> None:
    rota = nights("anna", "bruno", "dora")
    assert on(rota, MONDAY, 300)[290:] == on(rota, MONDAY + timedelta(days=290), 10)


def test_two_at_a_time_take_turns_in_pairs() -> None:
    rota = nights("anna", "bruno", "dora", people=2)
    assert on(rota, MONDAY, 3) == ["anna+bruno", "dora+anna", "bruno+dora"]


@pytest.mark.parametrize(("weeks", "changes"), [(1, 7), (2, 14)])
def test_a_week_on_call_passes_on_on_monday(weeks: int, changes: int) -> None:
    rota = nights("anna", "bruno", every=Every.WEEK, weeks=weeks)
    assert on(rota, MONDAY, 28) == (["anna"] * changes + ["bruno"] * changes) * (14 // changes)


def test_the_first_saturday_of_the_month_has_an_order_of_its_own() -> None:
    general = Rotation("notte", ("anna",), Every.SHIFT, MONDAY)
    saturdays = Rotation(
        "notte", ("lucia", "carla"), Every.MONTH, date(2026, 12, 1), only_on=NthWeekday(1, 5)
    )
    rota = Rota(ROME, MONDAY, (NIGHT,), (general, saturdays))
    special = [f for f in rota.filled(MONDAY, date(2027, 2, 28)) if f.people != ("anna",)]
    assert [(f.slot.day.isoformat(), f.people) for f in special] == [
        ("2026-12-05", ("lucia",)),
        ("2027-01-02", ("carla",)),
        ("2027-02-06", ("lucia",)),
    ]


def test_a_holiday_has_a_band_of_its_own_and_nothing_is_doubled() -> None:
    christmas = date(2026, 12, 25)
    usual = Band("giorno", "volunteer", ALL_DAYS, time(8), time(20), on_holidays=OnHolidays.NEVER)
    festive = Band("festa", "volunteer", frozenset(), time(8), time(20), 2, OnHolidays.ONLY)
    found = list(slots((usual, festive), date(2026, 12, 24), date(2026, 12, 26), ROME, {christmas}))
    assert [(slot.band, slot.headcount) for slot in found] == [("giorno", 1), ("festa", 2), ("giorno", 1)]


def test_what_is_assigned_by_hand_wins_over_the_turn_and_moves_nobody_elses() -> None:
    rota = nights("anna", "bruno")
    by_hand = Rota(
        ROME,
        MONDAY,
        rota.bands,
        rota.rotations,
        (Assignment("notte", MONDAY + timedelta(days=1), ("dora",)),),
    )
    assert on(by_hand, MONDAY, 4) == ["anna", "dora", "anna", "bruno"]


def test_a_rota_without_enough_people_says_how_many_are_missing() -> None:
    band = Band("notte", "volunteer", ALL_DAYS, time(20), time(8), headcount=3)
    rota = Rota(ROME, MONDAY, (band,), (Rotation("notte", ("anna", "bruno"), Every.SHIFT, MONDAY, people=2),))
    assert [filled.missing for filled in rota.filled(MONDAY, MONDAY)] == [1]


walls = st.lists(
    st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)), min_size=1, max_size=5, unique=True
)


@given(walls=walls, start=st.dates(date(2026, 1, 1), date(2036, 1, 1)), days=st.integers(1, 15))
def test_bands_that_meet_on_the_wall_leave_no_hole_and_no_overlap(
    walls: list[time], start: date, days: int
) -> None:
    cuts = sorted(walls)
    bands = tuple(
        Band(str(place), "volunteer", ALL_DAYS, cut, cuts[(place + 1) % len(cuts)])
        for place, cut in enumerate(cuts)
    )
    found = list(slots(bands, start, start + timedelta(days=days), ROME, ()))
    assert all(before.ends_at == after.starts_at for before, after in pairwise(found))
    for slot in found:
        assert slot.starts_at < slot.ends_at
        assert slot.starts_at.tzinfo is UTC
