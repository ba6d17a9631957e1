"""Every question that the list of the morning asks of past calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline.calls.call import Call
from hotline.calls.store import calls_of_rows
from hotline.calls.tables import HEAVY, calls, legs
from hotline.database import Transaction


@dataclass(frozen=True)
class HeavyCall:
    """Somebody said after a call that it was heavy; `at` is when they answered."""

    leg_id: str
    call_id: str
    person_id: str
    role: str
    at: datetime


def came_in_between(tx: Transaction, start: datetime, end: datetime) -> tuple[Call, ...]:
    """Return the calls that came in between two moments, oldest first."""
    found = select(calls).where(calls.c.came_in_at >= start, calls.c.came_in_at < end)
    return calls_of_rows(tx.execute(found.order_by(calls.c.came_in_at, calls.c.id)))


def heavy_between(tx: Transaction, start: datetime, end: datetime) -> tuple[HeavyCall, ...]:
    """Return the calls that were marked heavy and ended between two moments, oldest first."""
    found = select(legs).where(HEAVY, legs.c.ended_at >= start, legs.c.ended_at < end)
    rows: Iterable[HeavyCall] = (
        HeavyCall(row.id, row.call_id, row.person_id, row.role, row.answered_at or row.created_at)
        for row in tx.execute(found.order_by(legs.c.ended_at, legs.c.id))
    )
    return tuple(rows)
