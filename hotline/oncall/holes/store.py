"""Every question and change put to the table of alarms about gaps."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from hotline.database import Transaction
from hotline.oncall.holes.holes import OF_THE_DAY, Alarm, Hole, Message
from hotline.oncall.holes.tables import gap_alarms


def standing(tx: Transaction) -> tuple[Alarm, ...]:
    """Return the alarms whose gap is not closed, as far as is known, earliest first."""
    open_ones = select(gap_alarms).where(gap_alarms.c.closed_at.is_(None))
    return _read(tx.execute(open_ones.order_by(gap_alarms.c.starts_at, gap_alarms.c.id)))


def about(tx: Transaction, key: str) -> tuple[Alarm, ...]:
    """Return the alarms of one message."""
    return _read(tx.execute(select(gap_alarms).where(gap_alarms.c.about == key).order_by(gap_alarms.c.role)))


def add(tx: Transaction, message: Message) -> str:
    """Store an alarm about each role that a message speaks of; return what joins them."""
    key = f"gap-{token_hex(8)}"
    holes = [Hole(message.starts_at, message.ends_at, role) for role in message.roles]
    tx.execute(insert(gap_alarms), [_row(tx, key, hole, message.stage, 1) for hole in holes])
    return key


def add_list(tx: Transaction, first: Iterable[Hole], gaps: int) -> str:
    """Store that the list of the day was told: its first gap, and how many there are. It closes nothing."""
    key = f"gap-{token_hex(8)}"
    rows = [_row(tx, key, hole, OF_THE_DAY, gaps) for hole in first]
    tx.execute(insert(gap_alarms), [{**row, "closed_at": tx.now} for row in rows])
    return key


def close(tx: Transaction, alarms: Iterable[Alarm]) -> None:
    """Store that nothing is left of what these alarms were about."""
    ids = [alarm.id for alarm in alarms]
    tx.execute(update(gap_alarms).where(gap_alarms.c.id.in_(ids)).values(closed_at=tx.now))


def grow(tx: Transaction, ends: Mapping[str, datetime]) -> None:
    """Store until when gaps last, by the id of their alarm."""
    for alarm_id, ends_at in ends.items():
        tx.execute(update(gap_alarms).where(gap_alarms.c.id == alarm_id).values(ends_at=ends_at))


def forget_before(tx: Transaction, moment: datetime, most: int) -> int:
    """Delete alarms whose gap ended before a moment, at most so many at once; return how many there were."""
    old = select(gap_alarms.c.id).where(gap_alarms.c.ends_at < moment).limit(most)
    return tx.execute(delete(gap_alarms).where(gap_alarms.c.id.in_(old))).rowcount


def _row(tx: Transaction, key: str, hole: Hole, stage: int, gaps: int) -> dict[str, Any]:
    return {
        "id": token_hex(8),
        "about": key,
        "role": hole.role,
        "stage": stage,
        "starts_at": hole.starts_at,
        "ends_at": hole.ends_at,
        "gaps": gaps,
        "alarmed_at": tx.now,
        "closed_at": None,
    }


def _read(rows: Iterable[Row[Any]]) -> tuple[Alarm, ...]:
    return tuple(Alarm(**row._asdict()) for row in rows)
