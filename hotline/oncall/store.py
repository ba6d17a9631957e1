"""Every question and change put to the table of shifts.

"Who is on duty at t" must cost the same after ten years as on the first day. Half-open periods alone do
not give an index a lower bound: every past shift has `starts_at <= t`. So no shift may be longer than
`LONGEST_SHIFT`, which makes the question a range of one week on the index over `starts_at`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, func, insert, select

from hotline.database import Transaction
from hotline.oncall.shifts import LONGEST_SHIFT, Shift
from hotline.oncall.tables import shifts

_LONGEST_CALL = timedelta(hours=12)
"""Nobody planned for a call can have ended a shift longer ago than the call lasts, generously."""

_SHOWN = (shifts.c.person_id, shifts.c.role, shifts.c.starts_at, shifts.c.ends_at)
_EARLIEST_FIRST = (shifts.c.starts_at, shifts.c.ends_at, shifts.c.role, shifts.c.person_id)


def on_duty(tx: Transaction, at: datetime) -> tuple[Shift, ...]:
    """Return the shifts that run at a moment, earliest first."""
    running = (
        shifts.c.starts_at <= at,
        shifts.c.starts_at >= at - LONGEST_SHIFT,
        shifts.c.ends_at > at,
    )
    return _read(tx.execute(select(*_SHOWN).where(*running).order_by(*_EARLIEST_FIRST)))


def on_duty_between(tx: Transaction, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return the shifts that run at some moment of `[start, end)`, earliest first."""
    if end <= start:
        return ()
    running = (
        shifts.c.starts_at < end,
        shifts.c.starts_at >= start - LONGEST_SHIFT,
        shifts.c.ends_at > start,
    )
    return _read(tx.execute(select(*_SHOWN).where(*running).order_by(*_EARLIEST_FIRST)))


def ends_of_duty(tx: Transaction, person_ids: Iterable[str], at: datetime) -> dict[tuple[str, str], datetime]:
    """Return when the latest shift ended, by person and role; shifts long over at `at` are not looked for."""
    latest = (
        select(shifts.c.person_id, shifts.c.role, func.max(shifts.c.ends_at).label("ended_at"))
        .where(shifts.c.person_id.in_(set(person_ids)))
        .where(shifts.c.ends_at <= at, shifts.c.starts_at >= at - LONGEST_SHIFT - _LONGEST_CALL)
        .group_by(shifts.c.person_id, shifts.c.role)
    )
    return {(row.person_id, row.role): row.ended_at for row in tx.execute(latest)}


def add_shifts(tx: Transaction, added: Iterable[Shift], source: str) -> int:
    """Store the shifts that are not stored yet; return how many there were."""
    wanted = set(added)
    if not wanted:
        return 0
    first = min(shift.starts_at for shift in wanted)
    last = max(shift.starts_at for shift in wanted)
    stored = select(*_SHOWN).where(shifts.c.starts_at.between(first, last))
    missing = wanted - set(_read(tx.execute(stored)))
    rows = [{"id": token_hex(8), "source": source, **_row(shift)} for shift in missing]
    if rows:
        tx.execute(insert(shifts), rows)
    return len(rows)


def _read(rows: Iterable[Row[Any]]) -> tuple[Shift, ...]:
    return tuple(Shift(row.person_id, row.role, row.starts_at, row.ends_at) for row in rows)


def _row(shift: Shift) -> dict[str, Any]:
    return {
        "person_id": shift.person_id,
        "role": shift.role,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
    }
