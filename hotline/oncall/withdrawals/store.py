"""Every question and change put to the table of who said that they cannot, or was not heard."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.oncall.cover import UNHEARD, Withdrawal
from hotline.oncall.shifts import SIGNAL
from hotline.oncall.tables import withdrawals


def who_cannot_since(tx: Transaction, moment: datetime) -> frozenset[tuple[str, str]]:
    """Return (person, role) of whoever said "I can't, now" for a shift whose end is after `moment`."""
    said = select(withdrawals.c.person_id, withdrawals.c.role).where(
        withdrawals.c.until > moment,
        withdrawals.c.said_at <= tx.now,
        withdrawals.c.back_at.is_(None),
        withdrawals.c.said_by.not_in(UNHEARD),
    )
    return frozenset((row.person_id, row.role) for row in tx.execute(said))


def in_force(tx: Transaction) -> tuple[Withdrawal, ...]:
    """Return for which shifts that still run cover is, or was, sought, oldest first."""
    running = select(withdrawals).where(withdrawals.c.until > tx.now, withdrawals.c.back_at.is_(None))
    return _withdrawals(tx.execute(running.order_by(withdrawals.c.said_at, withdrawals.c.id)))


def lock_in_force(tx: Transaction) -> tuple[Withdrawal, ...]:
    """Return the same, locked; what another replica works on is passed over."""
    running = select(withdrawals).where(withdrawals.c.until > tx.now, withdrawals.c.back_at.is_(None))
    return _withdrawals(tx.execute(running.with_for_update(skip_locked=True)))


def by_id(tx: Transaction, withdrawal_id: str) -> Withdrawal | None:
    """Return one of them, also an old one."""
    found = select(withdrawals).where(withdrawals.c.id == withdrawal_id)
    return next(iter(_withdrawals(tx.execute(found))), None)


def between(tx: Transaction, start: datetime, end: datetime) -> tuple[Withdrawal, ...]:
    """Return who said that they could not at some moment of `[start, end)`, also who could again."""
    said = withdrawals.c.said_by.not_in(UNHEARD)
    met = select(withdrawals).where(withdrawals.c.until > start, withdrawals.c.said_at < end, said)
    return _withdrawals(tx.execute(met.order_by(withdrawals.c.said_at, withdrawals.c.id)))


def add(tx: Transaction, said: Withdrawal) -> bool:
    """Store that somebody cannot; False when that is known."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    row = {column.name: getattr(said, column.name) for column in withdrawals.c}
    tx.signal(SIGNAL)
    return bool(tx.execute(dialect.insert(withdrawals).on_conflict_do_nothing(), row).rowcount)


def say_anew(tx: Transaction, said: Withdrawal) -> None:
    """Store that somebody says anew that they cannot, or for the first time after they were not heard."""
    row = {column.name: getattr(said, column.name) for column in withdrawals.c}
    tx.signal(SIGNAL)
    tx.execute(update(withdrawals).where(withdrawals.c.id == said.id).values(row))


def take(tx: Transaction, withdrawal_id: str, person_id: str) -> bool:
    """Give the rest of a shift to whoever asks first: the one atomic step of cover."""
    taken = (
        update(withdrawals)
        .where(
            withdrawals.c.id == withdrawal_id,
            withdrawals.c.taken_by.is_(None),
            withdrawals.c.back_at.is_(None),
            withdrawals.c.until > tx.now,
        )
        .values(taken_by=person_id, taken_at=tx.now)
    )
    return bool(tx.execute(taken).rowcount)


def come_back(tx: Transaction, withdrawal_id: str) -> bool:
    """Store that whoever could not, can again."""
    back = update(withdrawals).where(withdrawals.c.id == withdrawal_id, withdrawals.c.back_at.is_(None))
    tx.signal(SIGNAL)
    return bool(tx.execute(back.values(back_at=tx.now)).rowcount)


def _withdrawals(rows: Iterable[Row[Any]]) -> tuple[Withdrawal, ...]:
    return tuple(Withdrawal(**row._asdict()) for row in rows)
