"""What happens next, and when? The list of coming events of the pretend exchange."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hotline.clock import Clock

Action = Callable[[], None]


@dataclass(order=True)
class Ticket:
    """One coming event; a cancelled one is passed over. Equal moments keep their order of booking."""

    moment: datetime
    number: int
    action: Action = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Let this event never happen."""
        self.cancelled = True


class Agenda:
    """Keep coming events in order of moment, then of booking."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._heap: list[Ticket] = []
        self._numbers = itertools.count()
        self.on_change: Action = lambda: None

    def after(self, seconds: float, action: Action) -> Ticket:
        """Book `action` for `seconds` from now."""
        ticket = Ticket(self.clock.now() + timedelta(seconds=seconds), next(self._numbers), action)
        heapq.heappush(self._heap, ticket)
        self.on_change()
        return ticket

    def next_moment(self) -> datetime | None:
        """Return the moment of the next event, or None when nothing is booked."""
        while self._heap and self._heap[0].cancelled:
            heapq.heappop(self._heap)
        return self._heap[0].moment if self._heap else None

    def take_due(self, until: datetime) -> Ticket | None:
        """Remove and return the next event that is due at `until`, or None."""
        moment = self.next_moment()
        if moment is None or moment > until:
            return None
        return heapq.heappop(self._heap)
