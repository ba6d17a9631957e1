"""How does the service come to owe a caller something?"""

from datetime import UTC, datetime, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

from hotline.database import Transaction
from hotline.followups import store
from hotline.followups.followup import FollowUp, Kind

PROMISED_WITHIN = timedelta(minutes=30)
_ROUNDED_TO = 5


def promise(tx: Transaction, call_id: str) -> FollowUp:
    """Store that the caller wants to be called back; asked twice it is one promise."""
    due = hour_of_promise(tx.now)
    return store.add(tx, FollowUp(token_hex(8), call_id, Kind.CALL_BACK, "open", "at_once", tx.now, due))


def review(tx: Transaction, call_id: str, grade: str) -> FollowUp:
    """Store that somebody must look at a call whose caller left unanswered and may not be called."""
    due = tx.now if grade == "at_once" else tx.now + timedelta(hours=12)
    return store.add(tx, FollowUp(token_hex(8), call_id, Kind.REVIEW, "open", grade, tx.now, due))


def hour_of_promise(now: datetime, zone: ZoneInfo | None = None) -> datetime:
    """Return by when a person calls back, a little later than half an hour, on a full five minutes.

    >>> hour_of_promise(datetime(2026, 11, 22, 2, 13, tzinfo=UTC)).isoformat()
    '2026-11-22T02:45:00+00:00'
    """
    due = now + PROMISED_WITHIN
    missing = -due.minute % _ROUNDED_TO
    whole = due.replace(second=0, microsecond=0) + timedelta(minutes=missing)
    return whole.astimezone(zone or UTC)
