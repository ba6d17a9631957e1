"""When is it forgotten how somebody's phone fared? After 90 days, in small steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.calls import store as calls
from hotline.calls.rings import store
from hotline.clock import make_room
from hotline.database import Database
from hotline.oncall.holes import store as holes
from hotline.oncall.news import store as news

KEPT = timedelta(days=90)
_AT_ONCE = 50
_STEP = timedelta(days=10)
_AGAIN = timedelta(days=2)
"""So much of what was looked through is looked through again: a call may have been going on then."""


@dataclass
class OldRings:
    """Forget how phones fared; what was looked through once, from the first call on, stays looked through."""

    database: Database
    _done_until: datetime | None = None

    def forget(self) -> None:
        """Delete the rings that nobody took, and what people were told, when they are older than 90 days."""
        before = self.database.clock.now() - KEPT
        with self.database.reading() as tx:
            start = self._done_until or calls.first_came_in_at(tx) or before
        while start < before:
            end = min(start + _STEP, before)
            while self._forget_some(start, end):
                pass
            start = end
        self._done_until = before - _AGAIN
        self._forget_what_was_told(before)

    def _forget_some(self, start: datetime, end: datetime) -> bool:
        """Look through a few days in the shortest of writes; True where there may be more."""
        make_room()
        with self.database.reading() as tx:
            rings = store.old_rings(tx, start, end, _AT_ONCE)
            lines = [] if rings else store.old_lines(tx, start, end, _AT_ONCE)
        if rings or lines:
            with self.database.transaction() as tx:
                store.forget_rings(tx, rings)
                store.forget_names(tx, lines)
        # The lines of somebody whose rings have gone are found only afterwards.
        return bool(rings) or len(lines) == _AT_ONCE

    def _forget_what_was_told(self, before: datetime) -> None:
        more = True
        while more:
            make_room()
            with self.database.transaction() as tx:
                more = store.forget_notices(tx, before, _AT_ONCE) >= _AT_ONCE
        with self.database.transaction() as tx:
            news.forget_before(tx, before, _AT_ONCE)
            holes.forget_before(tx, before, _AT_ONCE)
