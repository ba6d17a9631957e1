"""Which hours does the list of a morning tell of, also when the clocks change?"""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.calls.morning.window import due_day, window_of

ROME = ZoneInfo("Europe/Rome")
HALF_PAST = time(8, 30)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 11, 22), 24)]
)
def test_a_morning_list_reaches_from_half_past_eight_to_half_past_eight_of_the_wall(
    day: date, hours: int
) -> None:
    window = window_of(day, HALF_PAST, ROME)
    assert window.hours == hours
    assert {moment.astimezone(ROME).time() for moment in (window.starts_at, window.ends_at)} == {HALF_PAST}
    assert window_of(day + timedelta(days=1), HALF_PAST, ROME).starts_at == window.ends_at
    assert due_day(window.ends_at, HALF_PAST, ROME) == day
    assert due_day(window.ends_at - timedelta(seconds=1), HALF_PAST, ROME) is None
    assert due_day(window.ends_at + timedelta(hours=3), HALF_PAST, ROME) is None
