"""Every question and change put to the tables of shifts and of what people said about them.

Shifts are returned as they hold: overrides have cut them into what is left of them.

"Who is on duty at t" must cost the same after ten years as on the first day. Half-open periods alone do
not give an index a lower bound: every past shift has `starts_at <= t`. So no shift may be longer than
`LONGEST_SHIFT`, which makes the question a range of one week on the index over `starts_at`. The end is
bounded as well: else PostgreSQL expects so many rows that it plans anew, for half of the whole time, each
time that it is asked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction, UtcMoment
from hotline.oncall.cover import UNHEARD
from hotline.oncall.files.tables import shift_files
from hotline.oncall.overrides.override import Off, left_of
from hotline.oncall.overrides.store import cuts_shift, newest_override
from hotline.oncall.overrides.tables import overrides
from hotline.oncall.rota.tables import rotas
from hotline.oncall.shifts import LONGEST_SHIFT, SIGNAL, Shift, duty_at, duty_between
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
_CUT = shifts.outerjoin(overrides, cuts_shift())
_OFF = (overrides.c.starts_at.label("off_from"), overrides.c.ends_at.label("off_until"))
_WITHDRAWN = (
    withdrawals.c.person_id == shifts.c.person_id,
    withdrawals.c.role == shifts.c.role,
    *(withdrawals.c.said_by != word for word in UNHEARD),
)


def _cannot(*when: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(*_WITHDRAWN, *when).label("withdrawn")


def _held(*conditions: ColumnElement[bool], cannot: ColumnElement[bool] | None = None) -> Select[Any]:
    shown = select(*_SHOWN, *(() if cannot is None else (cannot,)), shifts.c.id, *_OFF)
    return shown.select_from(_CUT).where(*conditions)


_AT = bindparam("at", type_=UtcMoment)
# Built once: every turn of every call asks it, and building it would take longer than the answer.
_ON_DUTY = _held(
    shifts.c.starts_at <= _AT,
    shifts.c.starts_at >= bindparam("earliest", type_=UtcMoment),
    shifts.c.ends_at > _AT,
    shifts.c.ends_at <= bindparam("latest", type_=UtcMoment),
    IN_FORCE,
    cannot=_cannot(
        withdrawals.c.said_at <= _AT,
        withdrawals.c.until > _AT,
        or_(withdrawals.c.back_at.is_(None), withdrawals.c.back_at > _AT),
    ),
)


def on_duty(tx: Transaction, at: datetime) -> tuple[Shift, ...]:
    """Return the shifts that run at a moment, earliest first."""
    bounds = {"at": at, "earliest": at - LONGEST_SHIFT, "latest": at + LONGEST_SHIFT}
    return duty_at(_as_left(tx.execute(_ON_DUTY, bounds).all()), at)


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
    return duty_between(shifts_held(tx, *running, cannot=cannot), start, end)


def next_shifts(tx: Transaction, person_id: str, after: datetime, most: int) -> tuple[Shift, ...]:
    """Return the shifts of a person that begin after a moment, earliest first."""
    coming = (
        shifts.c.person_id == person_id,
        shifts.c.starts_at > after - LONGEST_SHIFT,
        shifts.c.ends_at > after,
        IN_FORCE,
    )
    # A shift that has begun may have been cut at its front.
    return tuple(one for one in shifts_held(tx, *coming) if one.starts_at > after)[:most]


def coming_shifts(tx: Transaction, person_id: str, after: datetime) -> int:
    """Return how many shifts of a person run at a moment or begin later, as far as they are written."""
    mine = (shifts.c.person_id == person_id, shifts.c.starts_at > after - LONGEST_SHIFT)
    return len(shifts_held(tx, *mine, shifts.c.ends_at > after, IN_FORCE))


def ends_of_duty(tx: Transaction, person_ids: Iterable[str], at: datetime) -> dict[tuple[str, str], datetime]:
    """Return when the latest shift ended, by person and role; shifts long over at `at` are not looked for."""
    begun = (
        shifts.c.person_id.in_(set(person_ids)),
        shifts.c.starts_at <= at,
        shifts.c.starts_at >= at - LONGEST_SHIFT - _LONGEST_CALL,
        IN_FORCE,
    )
    ended: dict[tuple[str, str], datetime] = {}
    for one in shifts_held(tx, *begun):
        if one.ends_at <= at:
            pair = (one.person_id, one.role)
            ended[pair] = max(one.ends_at, ended.get(pair, one.ends_at))
    return ended


def shifts_held(
    tx: Transaction, *conditions: ColumnElement[bool], cannot: ColumnElement[bool] | None = None
) -> tuple[Shift, ...]:
    """Return what overrides have left of the shifts that meet the conditions, earliest first.

    Who is on by the rota and by an import at once is on once.
    """
    return _as_left(tx.execute(_held(*conditions, cannot=cannot)).all())


def add_shifts(tx: Transaction, added: Iterable[Shift], source: str) -> int:
    """Store the shifts that are not stored yet beside the rota; return how many there were."""
    wanted = set(added)
    if not wanted:
        return 0
    first = min(shift.starts_at for shift in wanted)
    last = max(shift.starts_at for shift in wanted)
    stored = select(*_SHOWN).where(shifts.c.starts_at.between(first, last), shifts.c.version == 0)
    missing = wanted - set(_read(tx.execute(stored)))
    known = newest_override(tx)
    more = {"source": source, "after_override": known}
    rows = [{"id": token_hex(8), **more, **_row(shift)} for shift in missing]
    if rows:
        tx.execute(insert(shifts), rows)
        tx.signal(SIGNAL)
    return len(rows)


def end_shift(tx: Transaction, shift: Shift) -> None:
    """End now what was added beside the rota: whoever was added for somebody else may rest."""
    added = (
        shifts.c.version == 0,
        shifts.c.person_id == shift.person_id,
        shifts.c.role == shift.role,
        shifts.c.starts_at == shift.starts_at,
        shifts.c.ends_at == shift.ends_at,
    )
    if shift.starts_at < tx.now < shift.ends_at:
        tx.execute(update(shifts).where(*added).values(ends_at=tx.now))
        tx.signal(SIGNAL)


def imported_between(tx: Transaction, first: datetime, last: datetime) -> tuple[Shift, ...]:
    """Return the imported shifts that run at some moment of `[first, last)`, earliest first."""
    running = (
        shifts.c.starts_at < last,
        shifts.c.starts_at >= first - LONGEST_SHIFT,
        shifts.c.ends_at > first,
    )
    mine = select(*_SHOWN).where(*running, shifts.c.version == 0, shifts.c.source == IMPORT)
    return tuple(sorted(_read(tx.execute(mine)), key=_earliest_first))


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


def _as_left(rows: Iterable[Sequence[Any]]) -> tuple[Shift, ...]:
    """Read whole shifts beside what overrides take from them, and return the pieces that are left."""
    cuts: dict[str, tuple[Shift, list[Off]]] = {}
    # Unpacked, not by name: this is asked at every turn of a call, and names take as long as the database.
    for *shown, shift_id, off_from, off_until in rows:
        whole, offs = cuts.setdefault(shift_id, (Shift(*shown), []))
        if off_from is not None:
            offs.append(Off(whole.person_id, whole.role, off_from, off_until))
    left = {piece for whole, offs in cuts.values() for piece in (left_of(whole, offs) if offs else (whole,))}
    return tuple(sorted(left, key=_earliest_first))


def _earliest_first(shift: Shift) -> tuple[datetime, datetime, str, str]:
    return (shift.starts_at, shift.ends_at, shift.role, shift.person_id)


def _read(rows: Iterable[Sequence[Any]]) -> tuple[Shift, ...]:
    return tuple(Shift(*row) for row in rows)


def _row(shift: Shift) -> dict[str, Any]:
    return {
        "person_id": shift.person_id,
        "role": shift.role,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
    }
