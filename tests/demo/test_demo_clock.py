"""Does the day-and-night switch lead forward, and never back?"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.clock import ManualClock
from hotline.demo.demo_clock import DemoClock, next_turn
from hotline.profile import load_profile

ROME = ZoneInfo("Europe/Rome")
PROFILE = load_profile()


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ROME)


def test_by_day_the_switch_leads_into_the_coming_night() -> None:
    assert next_turn(PROFILE, local(22, 16, 40)) == local(23, 3, 10)


def test_in_the_evening_the_switch_leads_into_the_next_morning() -> None:
    assert next_turn(PROFILE, local(22, 22)) == local(23, 10, 15)


def test_after_midnight_the_switch_leads_into_the_same_day() -> None:
    assert next_turn(PROFILE, local(22, 2)) == local(22, 10, 15)


def test_a_night_that_holds_neither_moment_still_moves_the_clock_forward() -> None:
    odd = PROFILE.with_night("12:00-13:00")
    assert next_turn(odd, local(22, 16)) == local(23, 4)


def test_clock_goes_on_running_after_a_turn_and_never_goes_back() -> None:
    real = ManualClock(local(22, 16))
    clock = DemoClock(real)
    clock.turn_to(local(23, 3))
    real.advance(60)
    assert clock.now() == local(23, 3, 1)

    clock.turn_to(local(22, 12))
    assert clock.now() == local(23, 3) + timedelta(minutes=1)
