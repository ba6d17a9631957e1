"""Every question and change put to the tables of shifts and of what people said about them.

"Who is on duty at t" must cost the same after ten years as on the first day. Half-open periods alone do
not give an index a lower bound: every past shift has `starts_at <= t`. So no shift may be longer than
`LONGEST_SHIFT`, which makes the question a range of one week on the index over `starts_at`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.oncall.cover import Withdrawal
from hotline.oncall.files.tables import shift_files
from hotline.oncall.rota.tables import rotas
from hotline.oncall.shifts import LONGEST_SHIFT, Shift
from hotline.oncall.tables import confirmations, shifts, withdrawals

_LONGEST_CALL = timedelta(hours=12)
"""Nobody planned for a call can have ended a shift longer ago than the call lasts, generously."""

IMPORT = "import"
"""Source of the shifts of a file."""

IN_FORCE = or_(
    shifts.c.version == 0,
    exists().where(
        rotas.c.number == shifts.c.version,
        rotas.c.in_force_from <= shifts.c.starts_at,
        or_(rotas.c.in_force_until.is_(None), rotas.c.in_force_until > shifts.c.starts_at),
    ),
    exists().where(shift_files.c.number == -shifts.c.version, shift_files.c.finished_at.is_not(None)),
)
"""A shift counts where it is no part of a rota, or begins while its version of the rota is in force.

Below 0 are the numbers of files that are coming in: their shifts count as soon as the whole file is there.
"""

_SHOWN = (shifts.c.person_id, shifts.c.role, shifts.c.starts_at, shifts.c.ends_at)
_WITHDRAWN = (
    withdrawals.c.person_id == shifts.c.person_id,
    withdrawals.c.role == shifts.c.role,
)
_EARLIEST_FIRST = (shifts.c.starts_at, shifts.c.ends_at, shifts.c.role, shifts.c.person_id)


def on_duty(tx: Transaction, at: datetime) -> tuple[Shift, ...]:
    """Return the shifts that run at a moment, earliest first."""
    running = (
        shifts.c.starts_at <= at,
        shifts.c.starts_at >= at - LONGEST_SHIFT,
        shifts.c.ends_at > at,
        IN_FORCE,
    )
    back = or_(withdrawals.c.back_at.is_(None), withdrawals.c.back_at > at)
    cannot = _cannot(withdrawals.c.said_at <= at, withdrawals.c.until > at, back)
    return _read(tx.execute(select(*_SHOWN, cannot).where(*running).order_by(*_EARLIEST_FIRST)))


def on_duty_between(tx: Transaction, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return the shifts that run at some moment of `[start, end)`, earliest first."""
    if end <= start:
        return ()
    running = (
        shifts.c.starts_at < end,
        shifts.c.starts_at >= start - LONGEST_SHIFT,
        shifts.c.ends_at > start,
        IN_FORCE,
    )
    said = (withdrawals.c.until > shifts.c.starts_at, withdrawals.c.said_at < shifts.c.ends_at)
    cannot = _cannot(*said, withdrawals.c.back_at.is_(None))
    return _read(tx.execute(select(*_SHOWN, cannot).where(*running).order_by(*_EARLIEST_FIRST)))


def next_shifts(tx: Transaction, person_id: str, after: datetime, most: int) -> tuple[Shift, ...]:
    """Return the shifts of a person that begin after a moment, earliest first."""
    coming = select(*_SHOWN).where(shifts.c.starts_at > after, shifts.c.person_id == person_id, IN_FORCE)
    return _read(tx.execute(coming.distinct().order_by(*_EARLIEST_FIRST).limit(most)))


def ends_of_duty(tx: Transaction, person_ids: Iterable[str], at: datetime) -> dict[tuple[str, str], datetime]:
    """Return when the latest shift ended, by person and role; shifts long over at `at` are not looked for."""
    latest = (
        select(shifts.c.person_id, shifts.c.role, func.max(shifts.c.ends_at).label("ended_at"))
        .where(shifts.c.person_id.in_(set(person_ids)))
        .where(shifts.c.ends_at <= at, shifts.c.starts_at >= at - LONGEST_SHIFT - _LONGEST_CALL, IN_FORCE)
        .group_by(shifts.c.person_id, shifts.c.role)
    )
    return {(row.person_id, row.role): row.ended_at for row in tx.execute(latest)}


def add_shifts(tx: Transaction, added: Iterable[Shift], source: str) -> int:
    """Store the shifts that are not stored yet beside the rota; return how many there were."""
    wanted = set(added)
    if not wanted:
        return 0
    first = min(shift.starts_at for shift in wanted)
    last = max(shift.starts_at for shift in wanted)
    stored = select(*_SHOWN).where(shifts.c.starts_at.between(first, last), shifts.c.version == 0)
    missing = wanted - set(_read(tx.execute(stored)))
    rows = [{"id": token_hex(8), "source": source, **_row(shift)} for shift in missing]
    if rows:
        tx.execute(insert(shifts), rows)
    return len(rows)


def imported_between(tx: Transaction, first: datetime, last: datetime) -> tuple[Shift, ...]:
    """Return the imported shifts that run at some moment of `[first, last)`, earliest first."""
    running = (
        shifts.c.starts_at < last,
        shifts.c.starts_at >= first - LONGEST_SHIFT,
        shifts.c.ends_at > first,
    )
    mine = select(*_SHOWN).where(*running, shifts.c.version == 0, shifts.c.source == IMPORT)
    return _read(tx.execute(mine.order_by(*_EARLIEST_FIRST)))


def confirm(tx: Transaction, shift: Shift) -> None:
    """Store that somebody said they keep this shift; said twice, the first time stands."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    row = {"person_id": shift.person_id, "role": shift.role, "starts_at": shift.starts_at, "said_at": tx.now}
    tx.execute(dialect.insert(confirmations).on_conflict_do_nothing(), row)


def confirmed_at(tx: Transaction, shift: Shift) -> datetime | None:
    """Return when somebody said that they keep this shift, None if they have not."""
    said = select(confirmations.c.said_at).where(
        confirmations.c.person_id == shift.person_id,
        confirmations.c.role == shift.role,
        confirmations.c.starts_at == shift.starts_at,
    )
    return tx.execute(said).scalar()


def withdrawn_since(tx: Transaction, moment: datetime) -> frozenset[tuple[str, str]]:
    """Return (person, role) of whoever said "I can't, now" for a shift whose end is after `moment`."""
    said = select(withdrawals.c.person_id, withdrawals.c.role).where(
        withdrawals.c.until > moment, withdrawals.c.said_at <= tx.now, withdrawals.c.back_at.is_(None)
    )
    return frozenset((row.person_id, row.role) for row in tx.execute(said))


def withdrawals_in_force(tx: Transaction) -> tuple[Withdrawal, ...]:
    """Return what people said about shifts that still run, oldest first."""
    running = select(withdrawals).where(withdrawals.c.until > tx.now, withdrawals.c.back_at.is_(None))
    return _withdrawals(tx.execute(running.order_by(withdrawals.c.said_at, withdrawals.c.id)))


def lock_withdrawals_in_force(tx: Transaction) -> tuple[Withdrawal, ...]:
    """Return the same, locked; what another replica works on is passed over."""
    running = select(withdrawals).where(withdrawals.c.until > tx.now, withdrawals.c.back_at.is_(None))
    return _withdrawals(tx.execute(running.with_for_update(skip_locked=True)))


def withdrawal(tx: Transaction, withdrawal_id: str) -> Withdrawal | None:
    """Return one of them, also an old one."""
    found = select(withdrawals).where(withdrawals.c.id == withdrawal_id)
    return next(iter(_withdrawals(tx.execute(found))), None)


def withdrawals_between(tx: Transaction, start: datetime, end: datetime) -> tuple[Withdrawal, ...]:
    """Return who could not at some moment of `[start, end)`, also those who could again, oldest first."""
    met = select(withdrawals).where(withdrawals.c.until > start, withdrawals.c.said_at < end)
    return _withdrawals(tx.execute(met.order_by(withdrawals.c.said_at, withdrawals.c.id)))


def add_withdrawal(tx: Transaction, said: Withdrawal) -> bool:
    """Store that somebody cannot; False when that is known."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    row = {column.name: getattr(said, column.name) for column in withdrawals.c}
    return bool(tx.execute(dialect.insert(withdrawals).on_conflict_do_nothing(), row).rowcount)


def take_withdrawn(tx: Transaction, withdrawal_id: str, person_id: str) -> bool:
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
    return bool(tx.execute(back.values(back_at=tx.now)).rowcount)


def _cannot(*when: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(*_WITHDRAWN, *when).label("withdrawn")


def _read(rows: Iterable[Row[Any]]) -> tuple[Shift, ...]:
    """Return shifts; who is on by the rota and by an import at once is on once."""
    return tuple(dict.fromkeys(Shift(**row._asdict()) for row in rows))


def _withdrawals(rows: Iterable[Row[Any]]) -> tuple[Withdrawal, ...]:
    return tuple(Withdrawal(**row._asdict()) for row in rows)


def _row(shift: Shift) -> dict[str, Any]:
    return {
        "person_id": shift.person_id,
        "role": shift.role,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
    }
