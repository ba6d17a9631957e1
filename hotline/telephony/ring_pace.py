"""When may the next phone be rung? As often as Twilio starts calls: who waits with us can be overtaken."""

from datetime import datetime, timedelta

from hotline.clock import Clock


class RingPace:
    """Let so many rings a second leave this replica (Twilio's own limit is one, twilio-contract §5).

    Twilio queues what comes sooner, in the order in which it came: a more urgent ring would stand behind.
    """

    def __init__(self, clock: Clock, a_second: float = 1.0, speed: float = 1.0) -> None:
        self._clock, self._speed = clock, speed
        self._between = timedelta(seconds=1 / a_second)
        self._free_at: datetime | None = None

    def is_free(self) -> bool:
        """Tell whether a ring may leave now."""
        return self._wait() <= timedelta(0)

    def take(self) -> None:
        """Remember that a ring leaves now."""
        self._free_at = self._clock.now() + self._between

    def seconds(self) -> float:
        """Return the seconds of the clock until the next ring may leave."""
        return max(0.0, self._wait() / timedelta(seconds=1))

    def real_seconds(self) -> float:
        """Return the same in seconds of the wall."""
        return self.seconds() / self._speed

    def _wait(self) -> timedelta:
        left = timedelta(0) if self._free_at is None else self._free_at - self._clock.now()
        # A clock that was set back must not stop the ringing.
        return left if left <= self._between else timedelta(0)
