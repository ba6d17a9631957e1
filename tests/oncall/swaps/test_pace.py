"""When are people asked again for a shift that nobody took, and when are the coordinators told?"""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.oncall.swaps.offer import Offer
from hotline.oncall.swaps.pace import Step, after_waking_hours, is_quiet, steps
from tests.oncall.swaps.offered import HOUR, ROME, wall


def an_offer(opened: str, starts: str, hours: int = 8) -> Offer:
    begins = wall(starts)
    return Offer("volunteer", "anna", begins, begins + hours * HOUR, "anna", "", wall(opened))


@pytest.mark.parametrize(
    ("opened", "starts", "expected"),
    [
        (
            "2026-11-22 10:00",
            "2026-11-27 20:00",
            (
                "22 10:00 ask, 22 16:00 ask, 23 10:00 tell, 26 20:00 ask, 26 20:00 tell, 27 16:00 tell, "
                "27 20:00 lapse"
            ),
        ),
        (
            "2026-11-22 10:00",
            "2026-11-22 22:00",
            "22 10:00 ask, 22 10:00 tell, 22 16:00 ask, 22 18:00 tell, 22 22:00 lapse",
        ),
        ("2026-11-22 21:00", "2026-11-22 22:00", "22 21:00 ask, 22 21:00 tell, 22 22:00 lapse"),
        # In the middle of the shift: it may be taken until its end.
        ("2026-11-22 23:00", "2026-11-22 22:00", "22 23:00 ask, 22 23:00 tell, 23 06:00 lapse"),
        # The night of the autumn: half past nine and eight o'clock are what the wall shows.
        (
            "2026-10-24 20:30",
            "2026-10-31 20:00",
            (
                "24 20:30 ask, 25 13:00 ask, 25 19:30 tell, 30 20:00 ask, 30 20:00 tell, 31 16:00 tell, "
                "31 20:00 lapse"
            ),
        ),
    ],
)
def test_the_steps_of_an_offer_that_nobody_takes(opened: str, starts: str, expected: str) -> None:
    found = steps(an_offer(opened, starts), ROME)
    assert ", ".join(f"{one.at.astimezone(ROME):%d %H:%M} {one.step}" for one in found) == expected
    assert len({(one.slot, one.step) for one in found}) == len(found)
    assert found[-1].step == Step.LAPSE


@pytest.mark.parametrize(
    ("at", "starts", "quiet"),
    [
        ("2026-11-22 21:29", "2026-11-27 20:00", False),
        ("2026-11-22 21:30", "2026-11-27 20:00", True),
        ("2026-11-23 07:59", "2026-11-27 20:00", True),
        ("2026-11-23 08:00", "2026-11-27 20:00", False),
        ("2026-11-22 23:00", "2026-11-23 11:59", False),
        ("2026-11-22 23:00", "2026-11-23 12:00", True),
        ("2026-11-23 03:00", "2026-11-23 08:00", False),
        ("2026-10-25 02:30", "2026-10-25 11:00", False),
    ],
)
def test_at_night_only_what_begins_before_the_next_noon_wakes_anybody(
    at: str, starts: str, quiet: bool
) -> None:
    assert is_quiet(wall(at), wall(starts), ROME) is quiet


@given(
    day=st.dates(date(2026, 1, 1), date(2036, 1, 1)),
    at=st.times(),
    hours=st.integers(1, 40),
)
def test_waking_hours_end_by_day_and_are_never_fewer_than_asked_for(day: date, at: time, hours: int) -> None:
    moment = datetime.combine(day, at, ROME).astimezone(UTC)
    after = after_waking_hours(moment, hours * HOUR, ROME).astimezone(UTC)
    assert after - moment >= hours * HOUR - HOUR  # an hour that the autumn gives back is slept through
    assert time(8) <= after.astimezone(ROME).time() <= time(21, 30)
