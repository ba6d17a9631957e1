"""What if the last word about an alarm's leg, or about a call-back, never came? Ask the provider."""

from datetime import timedelta

from hotline.calls.handover.over import notice_over
from hotline.calls.promise import call_back
from hotline.calls.switchboard import Switchboard
from hotline.database import Database
from hotline.followups import store as owed
from hotline.notifications import store as notices
from hotline.telephony.line import Line, LineError, ProviderCall

_SLACK = timedelta(seconds=20)


def reconcile_alarms(board: Switchboard, database: Database, line: Line) -> None:
    """Close the legs of alarms and call-backs that have ended without anybody telling us."""
    with database.reading() as tx:
        limit = tx.now - timedelta(seconds=board.ring_seconds) - _SLACK
        alarms = [notice for notice in notices.open_calls(tx) if notice.created_at < limit]
        attempts = [attempt for attempt in owed.running_call_backs(tx) if attempt.began_at < limit]
    for attempt in attempts:
        found = _look_up(line, attempt.sid)
        if found is not None and found.is_over:
            with database.transaction() as tx:
                call_back.person_status(board, tx, attempt.id, found.sid, found.status)
    for notice in alarms:
        found = _look_up(line, notice.sid)
        if notice.sid is None or (found is not None and found.is_over):
            with database.transaction() as tx:
                notice_over(board, tx, notice.id)


def _look_up(line: Line, sid: str | None) -> ProviderCall | None:
    try:
        return line.look_up(sid) if sid else None
    except LineError:
        return None
