"""Which callers came while our site was away, and left without a word of it reaching us?

Documents on another host ring people then (`fallback.py`), and tell us nothing. Twilio knows of every call to
our number: those that we never heard of are brought in afterwards, and something is owed to each.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hotline.calls import store
from hotline.calls.call import ELSEWHERE
from hotline.calls.endings import caller_left
from hotline.calls.recovery import unheard_of
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.telephony import rest_health
from hotline.telephony.line import IncomingCall, Line, LineError

WORD_OF_IT = timedelta(minutes=1)
"""So long after its end a call may still be told of: a late status callback, a journal of this machine."""

FIRST_LOOK_BACK = timedelta(days=3)
"""So far back a process looks when it starts: over a weekend for which the whole site was away."""

LOOK_BACK = timedelta(hours=6)
"""So far back it looks from then on: no call lasts longer."""


@dataclass
class MissedCalls:
    """Look for calls of which we never heard; what was looked through once is not looked through again."""

    board: Switchboard
    database: Database
    line: Line
    _looked_at: datetime | None = field(default=None)

    def look(self) -> None:
        """Bring in every call to our number that is over and that we never heard of."""
        with self.database.reading() as tx:
            since, now = self._since(tx), tx.now
            if since is None or rest_health.is_down(tx):
                return
        try:
            found = self.line.calls_that_came_in(since)
        except LineError:
            return
        over = [one for one in found if one.ended_at < now - WORD_OF_IT]
        with self.database.reading() as tx:
            known = store.known_sids(tx, [one.sid for one in over])
        for one in over:
            if one.sid not in known:
                with self.database.transaction() as tx:
                    _bring_in(self.board, tx, one)
        self._looked_at = now

    def _since(self, tx: Transaction) -> datetime | None:
        """Return from when on to look: never before the first call that was ever ours, None without one."""
        first = store.first_came_in_at(tx)
        if first is None:
            return None
        back = self._looked_at - LOOK_BACK if self._looked_at else tx.now - FIRST_LOOK_BACK
        return max(first, back)


def _bring_in(board: Switchboard, tx: Transaction, found: IncomingCall) -> None:
    """Store a call that is over, as one whose caller left unanswered: nobody can tell whether they talked."""
    live = unheard_of(board, tx, found.sid, found.caller, found.began_at)
    # Whether phones rang, the time tells that they stayed: who left during the first words is owed nothing.
    live.change(rung_at=None, pass_due_at=found.began_at, flags=live.call.flags - {ELSEWHERE})
    live.note("came_in", "without us")
    if not live.add():
        # Another replica has just done it.
        return
    caller_left(board, live, found.ended_at)
    live.change(caller_left_at=found.ended_at, ended_at=found.ended_at)
    live.save()
