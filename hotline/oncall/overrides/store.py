"""Every question and change put to the table of overrides, and to the shifts that they add."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update

from hotline.database import Transaction
from hotline.oncall.overrides.override import Cause, Off, Override
from hotline.oncall.overrides.tables import overrides
from hotline.oncall.shifts import SIGNAL
from hotline.oncall.tables import shifts

_COUNTS = or_(overrides.c.called_off_at.is_(None), overrides.c.called_off_at > overrides.c.starts_at)
_EARLIEST_FIRST = (overrides.c.starts_at, overrides.c.number)


def cuts_shift() -> ColumnElement[bool]:
    """Return the condition under which an override takes something from a row of `shifts`."""
    return and_(
        overrides.c.off_id == shifts.c.person_id,
        overrides.c.role == shifts.c.role,
        overrides.c.starts_at < shifts.c.ends_at,
        overrides.c.ends_at > shifts.c.starts_at,
        overrides.c.number > shifts.c.after_override,
        _COUNTS,
    )


def newest_override(tx: Transaction) -> int:
    """Return the number of the newest override, 0 before the first."""
    return int(tx.execute(select(func.coalesce(func.max(overrides.c.number), 0))).scalar_one())


def add(tx: Transaction, made: Override) -> int:
    """Store an override with the shift that it adds; return its number."""
    row = {
        "role": made.role,
        "off_id": made.off_id,
        "on_id": made.on_id,
        "starts_at": made.starts_at,
        "ends_at": made.ends_at,
        "cause": made.cause,
        "made_at": tx.now,
        "made_by": made.made_by[:80],
        "reason": made.reason,
        "group": made.group,
    }
    number = int(tx.execute(insert(overrides).returning(overrides.c.number), row).scalar_one())
    if made.addition is not None:
        _put_on(tx, number, made)
    tx.signal(SIGNAL)
    return number


def call_off(tx: Transaction, one: Override) -> bool:
    """End an override now, or before it begins; False when that has happened already."""
    values: dict[str, Any] = {"called_off_at": tx.now}
    if one.starts_at < tx.now:
        values["ends_at"] = tx.now
    still = (overrides.c.number == one.number, overrides.c.called_off_at.is_(None))
    if not tx.execute(update(overrides).where(*still).values(values)).rowcount:
        return False
    mine = shifts.c.source == source_of(one.number)
    if one.starts_at < tx.now:
        tx.execute(update(shifts).where(mine).values(ends_at=tx.now))
    else:
        tx.execute(delete(shifts).where(mine))
    tx.signal(SIGNAL)
    return True


def source_of(number: int) -> str:
    """Return the source of the shift that an override adds."""
    return f"override {number}"


def offs_between(tx: Transaction, first: datetime, last: datetime) -> tuple[Off, ...]:
    """Return who is off at some moment of `[first, last)`, earliest first."""
    touching = (overrides.c.starts_at < last, overrides.c.ends_at > first, overrides.c.off_id.is_not(None))
    found = tx.execute(select(overrides).where(*touching, _COUNTS).order_by(*_EARLIEST_FIRST))
    return tuple(Off(row.off_id, row.role, row.starts_at, row.ends_at) for row in found)


def touching(tx: Transaction, first: datetime, last: datetime) -> tuple[Override, ...]:
    """Return the overrides that count at some moment of `[first, last)`, earliest first."""
    met = (overrides.c.starts_at < last, overrides.c.ends_at > first, _COUNTS)
    return tuple(map(_override, tx.execute(select(overrides).where(*met).order_by(*_EARLIEST_FIRST))))


def by_number(tx: Transaction, number: int) -> Override | None:
    """Return one override, also one that was called off."""
    row = tx.execute(select(overrides).where(overrides.c.number == number)).first()
    return _override(row) if row is not None else None


def of_group(tx: Transaction, group: str) -> Sequence[Override]:
    """Return what was decided at once, earliest first."""
    found = select(overrides).where(overrides.c.group == group).order_by(*_EARLIEST_FIRST)
    return tuple(map(_override, tx.execute(found)))


def _put_on(tx: Transaction, number: int, made: Override) -> None:
    row = {
        "id": token_hex(8),
        "person_id": made.on_id,
        "role": made.role,
        "starts_at": made.starts_at,
        "ends_at": made.ends_at,
        "source": source_of(number),
        "version": 0,
        "after_override": number,
    }
    tx.execute(insert(shifts), row)


def _override(row: Row[Any]) -> Override:
    return Override(**{**row._asdict(), "cause": Cause(row.cause)})
