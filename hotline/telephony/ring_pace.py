"""When may the next phone be rung? As often as Twilio starts calls: who waits with us can be overtaken."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.clock import Clock
from hotline.database import Transaction
from hotline.telephony.tables import line_state

_RINGS = "rings"
_LAST = select(line_state.c.changed_at).where(line_state.c.what == _RINGS)


class RingPace:
    """Let so many rings a second leave all replicas together (Twilio's own limit is one, twilio-contract §5).

    Twilio queues what comes sooner, in the order in which it came: a more urgent ring would stand behind.
    When the last one left is a row that all of them share; each remembers its own, and asks only when free.
    """

    def __init__(self, clock: Clock, a_second: float = 1.0, speed: float = 1.0) -> None:
        self._clock, self._speed = clock, speed
        self._between = timedelta(seconds=1 / a_second)
        self._free_at: datetime | None = None

    def is_free(self) -> bool:
        """Tell whether a ring may leave now, as far as this replica knows."""
        return self._wait() <= timedelta(0)

    def take(self, tx: Transaction) -> bool:
        """Take the turn of the next ring; False when another replica took it less than a moment ago."""
        writer = postgresql.insert if tx.connection.dialect.name == "postgresql" else sqlite.insert
        row = {"what": _RINGS, "failures": 0, "successes": 0, "changed_at": tx.now}
        left_at = line_state.c.changed_at
        taken = tx.execute(
            writer(line_state)
            .values(row)
            .on_conflict_do_update(
                index_elements=[line_state.c.what],
                set_={"changed_at": tx.now},
                # The second half: a clock that was set back must not stop the ringing.
                where=or_(left_at <= tx.now - self._between, left_at > tx.now + self._between),
            )
        ).rowcount
        last = tx.now if taken else tx.execute(_LAST).scalar_one()
        self._free_at = last + self._between
        return bool(taken)

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
