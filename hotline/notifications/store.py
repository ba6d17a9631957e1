"""Every question and change put to the table of notices."""

from typing import Any

from sqlalchemy import Row, insert, select, update

from hotline.database import Transaction
from hotline.notifications.notice import Channel, Notice
from hotline.notifications.tables import notices


def add(tx: Transaction, notice: Notice) -> None:
    """Store a notice."""
    tx.execute(insert(notices), {column.name: getattr(notice, column.name) for column in notices.c})


def get(tx: Transaction, notice_id: str) -> Notice | None:
    """Return a notice, locked."""
    row = tx.execute(select(notices).where(notices.c.id == notice_id).with_for_update()).first()
    return _notice(row) if row else None


def still_open(tx: Transaction) -> tuple[Notice, ...]:
    """Return the notices that nobody has heard yet, oldest first."""
    found = tx.execute(select(notices).where(notices.c.closed_at.is_(None)).order_by(notices.c.created_at))
    return tuple(map(_notice, found))


def about_call(tx: Transaction, call_id: str) -> tuple[Notice, ...]:
    """Return the notices sent for a call."""
    found = tx.execute(select(notices).where(notices.c.call_id == call_id).order_by(notices.c.created_at))
    return tuple(map(_notice, found))


def change(tx: Transaction, notice_id: str, values: dict[str, Any]) -> None:
    """Store what became of a notice."""
    tx.execute(update(notices).where(notices.c.id == notice_id).values(values))


def _notice(row: Row[Any]) -> Notice:
    values = row._asdict()
    values["channel"] = Channel(values["channel"])
    return Notice(**values)
