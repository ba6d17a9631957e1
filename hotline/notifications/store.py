"""Every question and change put to the table of notices."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, insert, select, update

from hotline.database import Transaction
from hotline.notifications.notice import Channel, Notice, NoticeState
from hotline.notifications.tables import notices


def add(tx: Transaction, notice: Notice) -> None:
    """Store a notice."""
    tx.execute(insert(notices), {column.name: getattr(notice, column.name) for column in notices.c})


def get(tx: Transaction, notice_id: str) -> Notice | None:
    """Return a notice for reading."""
    row = tx.execute(select(notices).where(notices.c.id == notice_id)).first()
    return _notice(row) if row else None


def lock(tx: Transaction, notice_id: str) -> Notice | None:
    """Return a notice, locked."""
    row = tx.execute(select(notices).where(notices.c.id == notice_id).with_for_update()).first()
    return _notice(row) if row else None


_OPEN_CALLS = (
    select(notices)
    .where(notices.c.closed_at.is_(None), notices.c.channel == Channel.CALL)
    .order_by(notices.c.created_at)
)


def open_calls(tx: Transaction) -> tuple[Notice, ...]:
    """Return the notices whose phone may ring or be in use, oldest first."""
    return tuple(map(_notice, tx.execute(_OPEN_CALLS)))


def about_call(tx: Transaction, call_id: str) -> tuple[Notice, ...]:
    """Return the notices sent for a call."""
    found = tx.execute(select(notices).where(notices.c.call_id == call_id).order_by(notices.c.created_at))
    return tuple(map(_notice, found))


def unheard_texts(tx: Transaction, about: Collection[str]) -> tuple[Notice, ...]:
    """Return the texts about any of these that went nowhere, or whose answer was lost."""
    lost = select(notices).where(
        notices.c.call_id.in_(about),
        notices.c.channel == Channel.TEXT,
        notices.c.state == NoticeState.UNHEARD,
    )
    return tuple(map(_notice, tx.execute(lost.order_by(notices.c.created_at))))


def change(tx: Transaction, notice_id: str, values: dict[str, Any]) -> None:
    """Store what became of a notice."""
    tx.execute(update(notices).where(notices.c.id == notice_id).values(values))


def _notice(row: Row[Any]) -> Notice:
    values = row._asdict()
    values["channel"] = Channel(values["channel"])
    values["state"] = NoticeState(values["state"])
    return Notice(**values)
