"""Which callers came while our site was away, and left without a word of it reaching us?

Documents on another host ring people then (`fallback.py`), and tell us nothing. Twilio knows of every call to
our number: those that we never heard of are brought in afterwards, and something is owed to each.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hotline.calls import store
from hotline.calls.call import ELSEWHERE, Call
from hotline.calls.endings import caller_left, rang_elsewhere
from hotline.calls.live import LiveCall
from hotline.calls.promise import agreement
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
    _looked_at: datetime | None = None
    _asked: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Bring in every call to our number that is over and was served without a word to us."""
        with self.database.reading() as tx:
            since, now = self._since(tx), tx.now
            if since is None or rest_health.is_down(tx):
                return
        try:
            for one in self._in_doubt(since, now):
                rang = self.line.has_dialled(one.sid)
                with self.database.transaction() as tx:
                    _bring_in(self.board, tx, one, rang)
                self._asked.add(one.sid)
        except LineError:
            return
        self._looked_at = now

    def _in_doubt(self, since: datetime, now: datetime) -> list[IncomingCall]:
        """Return the calls that are unknown, or ended before any phone of ours rang."""
        found = self.line.calls_that_came_in(since)
        over = [one for one in found if one.ended_at < now - WORD_OF_IT and one.sid not in self._asked]
        with self.database.reading() as tx:
            rung = store.known_and_rung(tx, [one.sid for one in over])
        return [one for one in over if one.sid not in rung]

    def _since(self, tx: Transaction) -> datetime | None:
        """Return from when on to look: never before the first call that was ever ours, None without one."""
        first = store.first_came_in_at(tx)
        if first is None:
            return None
        back = self._looked_at - LOOK_BACK if self._looked_at else tx.now - FIRST_LOOK_BACK
        return max(first, back)


def _bring_in(board: Switchboard, tx: Transaction, found: IncomingCall, rang: bool) -> None:
    """Store that a call was served elsewhere, `rang` whether phones rang: nobody can tell if they talked."""
    call = store.lock_call_by_sid(tx, found.sid) or _stored(board, tx, found)
    if call is None or call.outcome is None or call.rung_at is not None or not rang:
        return
    live = LiveCall(tx, call)
    rang_elsewhere(live)
    agreement.owe(board, live, call.outcome)
    live.save()


def _stored(board: Switchboard, tx: Transaction, found: IncomingCall) -> Call | None:
    """Store a call of which we never heard as one whose caller left; None where another replica just did."""
    live = unheard_of(board, tx, found.sid, found.caller, found.began_at)
    live.change(rung_at=None, flags=live.call.flags - {ELSEWHERE})
    live.note("came_in", "without us")
    if not live.add():
        return None
    caller_left(board, live)
    live.change(caller_left_at=found.ended_at, ended_at=found.ended_at)
    live.save()
    return live.call
