"""Every question and change put to the table of follow-ups."""

from typing import Any

from sqlalchemy import Row, func, insert, select

from hotline.database import Transaction
from hotline.followups.followup import FollowUp, Kind
from hotline.followups.tables import follow_ups


def add(tx: Transaction, follow_up: FollowUp) -> FollowUp:
    """Store what is owed; a call owes one thing, and the first stays."""
    known = of_call(tx, follow_up.call_id)
    if known is not None:
        return known
    tx.execute(insert(follow_ups), {column.name: getattr(follow_up, column.name) for column in follow_ups.c})
    return follow_up


def of_call(tx: Transaction, call_id: str) -> FollowUp | None:
    """Return what is owed for a call."""
    row = tx.execute(select(follow_ups).where(follow_ups.c.call_id == call_id)).first()
    return _follow_up(row) if row else None


def count_open(tx: Transaction) -> int:
    """Return how many things are still owed."""
    found = tx.execute(select(func.count()).where(follow_ups.c.done_at.is_(None))).scalar()
    return int(found or 0)


def _follow_up(row: Row[Any]) -> FollowUp:
    values = row._asdict()
    values["kind"] = Kind(values["kind"])
    return FollowUp(**values)
