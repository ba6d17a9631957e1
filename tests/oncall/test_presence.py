"""When is somebody asked, how far does it go, who is next in line? Rules, without a telephone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ambito import AskingHours
from hotline.oncall.presence.check import NEXT, Check, Kind, Step, as_of, next_step
from hotline.oncall.presence.due import ask_at, blocks, may_ask
from hotline.oncall.presence.line import in_line
from hotline.oncall.shifts import Shift
from hotline.people.person import Person

ROME = ZoneInfo("Europe/Rome")
USUAL = AskingHours()
TEN = datetime(2026, 11, 21, 22, 0, tzinfo=ROME).astimezone(UTC)
HOUR = timedelta(hours=1)
TEN_YEARS = 10 * 366 * 24 * 60
minutes = st.integers(-TEN_YEARS, TEN_YEARS).map(lambda some: TEN + timedelta(minutes=some))


def person(name: str) -> Person:
    return Person(name, name.title(), f"+39340000000{len(name)}", "volunteer", ("it",), last_resort=False)


def shift(name: str, first: int, last: int) -> Shift:
    """Return a shift so many hours from ten in the evening."""
    return Shift(name, "volunteer", TEN + first * HOUR, TEN + last * HOUR)


# When


@given(minutes)
def test_everybody_is_asked_before_it_begins_out_of_quiet_hours_and_at_most_a_day_and_a_half_ahead(
    starts_at: datetime,
) -> None:
    asked = ask_at(starts_at, USUAL, ROME)
    assert timedelta(hours=1) <= starts_at - asked <= timedelta(hours=17)
    assert may_ask(asked, USUAL, ROME)


@pytest.mark.parametrize(
    ("begins", "asked"),
    [
        ("2026-10-25T02:30+02:00", "2026-10-24T18:00+02:00"),  # the hour that comes twice, first
        ("2026-10-25T02:30+01:00", "2026-10-24T18:00+02:00"),  # and again
        ("2026-10-25T08:00+01:00", "2026-10-24T18:00+02:00"),  # 15 hours ahead on that night
        ("2027-03-28T03:00+02:00", "2027-03-27T18:00+01:00"),  # the hour before does not exist
        ("2026-12-31T10:00+01:00", "2026-12-31T09:00+01:00"),
        ("2027-01-01T00:00+01:00", "2026-12-31T18:00+01:00"),
        ("2026-12-31T22:29+01:00", "2026-12-31T21:29+01:00"),
        ("2026-12-31T22:30+01:00", "2026-12-31T21:00+01:00"),
    ],
)
def test_a_table_that_can_be_checked_by_hand(begins: str, asked: str) -> None:
    assert ask_at(datetime.fromisoformat(begins), USUAL, ROME) == datetime.fromisoformat(asked)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=8))
def test_blocks_hold_the_same_time_without_touching(pieces: list[tuple[int, int]]) -> None:
    shifts = [shift("anna", first, first + length) for first, length in pieces]
    found = blocks(shifts)
    on = {hour for first, length in pieces for hour in range(first, first + length)}
    held = [(one.starts_at - TEN) // HOUR for one in found], [(one.ends_at - TEN) // HOUR for one in found]
    assert on == {hour for first, last in zip(*held, strict=True) for hour in range(first, last)}
    assert all(last < first for last, first in zip(held[1], held[0][1:], strict=False))


# How far


def check(step: Step, step_at: datetime = TEN) -> Check:
    return Check("1", "anna", "volunteer", Kind.SHIFT, TEN, TEN + 8 * HOUR, step, step_at, TEN - HOUR)


def test_from_the_question_to_the_search_it_takes_nine_minutes() -> None:
    now, step, taken = TEN - HOUR, Step.ASKED, []
    while step != Step.MISSING:
        now += timedelta(seconds=10)
        due = next_step(check(step, now if not taken else taken[-1][1]), now, USUAL.grace)
        if due is not None:
            step = due
            taken.append((step, now))
    late = {one: (moment - TEN).total_seconds() for one, moment in taken}
    assert late == {Step.BEGUN: 0, Step.RUNG: 300, Step.RUNG_AGAIN: 420, Step.MISSING: 510}


def test_after_the_last_step_and_after_the_shift_nothing_is_due() -> None:
    later = TEN + 7 * HOUR
    assert next_step(check(Step.MISSING), later, USUAL.grace) is None
    assert all(next_step(check(step), TEN + 8 * HOUR, USUAL.grace) is None for step in NEXT)


def test_the_time_machine_shows_a_check_as_it_stood() -> None:
    then = check(Step.MISSING, TEN + 9 * timedelta(minutes=1))
    assert as_of(then, TEN - 2 * HOUR) is None
    before = as_of(then, TEN)
    assert before is not None
    assert before.step == Step.ASKED


# Next in line


def test_next_in_line_is_who_is_free_then_rested_then_least_loaded() -> None:
    names = ("rested", "loaded", "tired", "taken")
    shifts = [
        shift("loaded", -100, -88),
        shift("rested", -100, -96),
        shift("tired", -6, -4),
        shift("taken", 4, 10),
    ]
    line = in_line([person(name) for name in reversed(names)], shifts, TEN, TEN + 8 * HOUR)
    assert [one.id for one in line] == ["rested", "loaded", "tired", "taken"]
