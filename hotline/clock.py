"""What time is it? The only file that asks the operating system."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

_ROOM = 0.03


class Clock(Protocol):
    """Tell the moment; every other file is handed one of these."""

    def now(self) -> datetime:
        """Return the current moment, aware, in UTC."""
        ...


class WallClock:
    """Tell real time, or for demos and rough tests a faster or displaced one.

    `speed` is virtual seconds per real second; `start` is the moment shown when the clock is made.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        self.speed = speed
        self._began = time.monotonic()
        self._start = start or datetime.now(UTC)
        self._plain = speed == 1.0 and start is None

    def now(self) -> datetime:
        """Return the current moment in UTC."""
        if self._plain:
            return datetime.now(UTC)
        elapsed = (time.monotonic() - self._began) * self.speed
        return self._start + timedelta(seconds=elapsed)

    def real_seconds(self, virtual: float) -> float:
        """Convert seconds of this clock to seconds of the wall."""
        return virtual / self.speed


class ManualClock:
    """Stand still until told to move: the clock of replayable calls."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment the clock was last set to."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds`."""
        self._now += timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        """Move to `moment`, forward or back."""
        self._now = moment.astimezone(UTC)


class Deadline:
    """Real seconds left for a reply, whatever the service's clock says."""

    def __init__(self, seconds: float, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        self._ends = tick() + seconds

    def passed(self) -> bool:
        """Tell whether the time is up."""
        return self._tick() >= self._ends

    def left(self) -> float:
        """Return how many seconds are left, 0 when the time is up."""
        return max(0.0, self._ends - self._tick())


def wall_now() -> datetime:
    """Return the machine's own moment in UTC: for the machine's timers, never for what is stored."""
    return datetime.now(UTC)


def make_room() -> None:
    """Pause between two of many transactions: whoever answers a call and waits to write goes first."""
    time.sleep(_ROOM)


def stopwatch() -> float:
    """Return a monotonic reading in real seconds, for measuring durations."""
    return time.perf_counter()
