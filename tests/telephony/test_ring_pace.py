"""May the next ring leave, and what if the clock is set back meanwhile?"""

from datetime import timedelta

from hotline.clock import ManualClock
from hotline.telephony.ring_pace import RingPace


def test_one_ring_a_second_leaves(clock: ManualClock) -> None:
    pace = RingPace(clock)
    assert pace.is_free()
    pace.take()
    assert (pace.is_free(), pace.seconds()) == (False, 1.0)
    clock.advance(0.75)
    assert (pace.is_free(), pace.seconds()) == (False, 0.25)
    clock.advance(0.25)
    assert (pace.is_free(), pace.seconds()) == (True, 0.0)


def test_a_clock_that_is_set_back_stops_no_ring(clock: ManualClock) -> None:
    pace = RingPace(clock)
    pace.take()
    clock.set(clock.now() - timedelta(hours=1))
    assert pace.is_free()


def test_a_faster_clock_waits_as_much_less(clock: ManualClock) -> None:
    pace = RingPace(clock, a_second=2, speed=5)
    pace.take()
    assert (pace.seconds(), pace.real_seconds()) == (0.5, 0.1)
