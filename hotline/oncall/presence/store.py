"""Every question and change put to the table of checks: who was asked, and who was heard."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.oncall.presence.check import Check, Kind, Step
from hotline.oncall.presence.tables import checks
from hotline.oncall.tables import confirmations

_IN_ORDER = (checks.c.starts_at, checks.c.kind, checks.c.person_id, checks.c.role)


def add(tx: Transaction, check: Check) -> bool:
    """Store that somebody is being asked; False when that is known, to this replica or another."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    row = {column.name: getattr(check, column.name) for column in checks.c}
    return bool(tx.execute(dialect.insert(checks).on_conflict_do_nothing(), row).rowcount)


def take_step(tx: Transaction, check: Check, step: Step) -> bool:
    """Go one step on; False when another replica did, or they were heard meanwhile."""
    stands = (checks.c.id == check.id, checks.c.step == check.step, checks.c.heard_at.is_(None))
    return bool(tx.execute(update(checks).where(*stands).values(step=step, step_at=tx.now)).rowcount)


def get(tx: Transaction, check_id: str) -> Check | None:
    """Return one check."""
    row = tx.execute(select(checks).where(checks.c.id == check_id)).first()
    return None if row is None else _check(row)


def unheard(tx: Transaction, person_id: str | None = None) -> tuple[Check, ...]:
    """Return the checks of shifts and nights that are not over and whose person was not heard yet."""
    found = select(checks).where(checks.c.heard_at.is_(None), checks.c.ends_at > tx.now)
    if person_id is not None:
        found = found.where(checks.c.person_id == person_id)
    return tuple(map(_check, tx.execute(found.order_by(*_IN_ORDER))))


def between(tx: Transaction, first: datetime, last: datetime) -> tuple[Check, ...]:
    """Return the checks of what begins in `[first, last)`, earliest first."""
    found = select(checks).where(checks.c.starts_at >= first, checks.c.starts_at < last)
    return tuple(map(_check, tx.execute(found.order_by(*_IN_ORDER))))


def running(tx: Transaction, person_id: str) -> tuple[Check, ...]:
    """Return the checks of a person's shifts that run now."""
    found = select(checks).where(
        checks.c.person_id == person_id,
        checks.c.kind == Kind.SHIFT,
        checks.c.starts_at <= tx.now,
        checks.c.ends_at > tx.now,
    )
    return tuple(map(_check, tx.execute(found.order_by(*_IN_ORDER))))


def not_coming(tx: Transaction, first: datetime, last: datetime) -> tuple[Check, ...]:
    """Return who has said ahead that they will not come to a shift that runs in `[first, last)`."""
    said = (checks.c.cannot_at.is_not(None), checks.c.heard_at.is_(None), checks.c.kind == Kind.SHIFT)
    touching = (checks.c.starts_at < last, checks.c.ends_at > first)
    found = select(checks).where(*said, *touching)
    return tuple(map(_check, tx.execute(found.order_by(*_IN_ORDER))))


def heard(tx: Transaction, ids: Iterable[str]) -> None:
    """Store that somebody was heard."""
    found = update(checks).where(checks.c.id.in_(tuple(ids)), checks.c.heard_at.is_(None))
    tx.execute(found.values(heard_at=tx.now))


def change(tx: Transaction, check_id: str, values: dict[str, Any]) -> None:
    """Store what else became of a check."""
    tx.execute(update(checks).where(checks.c.id == check_id).values(values))


def confirmed_between(
    tx: Transaction, first: datetime, last: datetime
) -> dict[tuple[str, str], tuple[tuple[datetime, datetime], ...]]:
    """Return which shifts that begin in `[first, last)` are confirmed: by person and role, begin and when."""
    said = select(confirmations).where(
        confirmations.c.starts_at >= first,
        confirmations.c.starts_at < last,
        confirmations.c.said_at <= tx.now,
    )
    found: dict[tuple[str, str], tuple[tuple[datetime, datetime], ...]] = {}
    for row in tx.execute(said.order_by(confirmations.c.starts_at)):
        pair = (row.person_id, row.role)
        found[pair] = (*found.get(pair, ()), (row.starts_at, row.said_at))
    return found


def forget(tx: Transaction, before: datetime) -> int:
    """Delete what was asked about shifts that ended before a moment; return how much."""
    return tx.execute(delete(checks).where(checks.c.ends_at < before)).rowcount


def _check(row: Row[Any]) -> Check:
    values = row._asdict()
    return Check(**{**values, "kind": Kind(values["kind"]), "step": Step(values["step"])})
