"""May the next ring leave, also where another replica rings, and what if the clock is set back meanwhile?"""

from datetime import timedelta

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.telephony.ring_pace import RingPace


def takes(pace: RingPace, database: Database) -> bool:
    with database.transaction() as tx:
        return pace.take(tx)


def test_one_ring_a_second_leaves(clock: ManualClock, database: Database) -> None:
    pace = RingPace(clock)
    assert pace.is_free()
    assert takes(pace, database)
    assert (pace.is_free(), pace.seconds()) == (False, 1.0)
    clock.advance(0.75)
    assert (pace.is_free(), pace.seconds()) == (False, 0.25)
    clock.advance(0.25)
    assert (pace.is_free(), pace.seconds()) == (True, 0.0)
    assert takes(pace, database)


def test_one_ring_a_second_leaves_two_replicas_together(clock: ManualClock, database: Database) -> None:
    one, two = RingPace(clock), RingPace(clock)
    assert takes(one, database)
    clock.advance(0.5)
    assert two.is_free(), "it has not rung yet, and cannot know"
    assert not takes(two, database)
    assert two.seconds() == 0.5
    clock.advance(0.5)
    assert takes(two, database)
    assert not takes(one, database)


def test_a_clock_that_is_set_back_stops_no_ring(clock: ManualClock, database: Database) -> None:
    pace = RingPace(clock)
    takes(pace, database)
    clock.set(clock.now() - timedelta(hours=1))
    assert pace.is_free()
    assert takes(pace, database)


def test_a_faster_clock_waits_as_much_less(clock: ManualClock, database: Database) -> None:
    pace = RingPace(clock, a_second=2, speed=5)
    takes(pace, database)
    assert (pace.seconds(), pace.real_seconds()) == (0.5, 0.1)
