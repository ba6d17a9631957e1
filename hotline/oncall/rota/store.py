"""Every question and change put to the versions of the rota and to their shifts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rules_text import rota_of, rules_text
from hotline.oncall.rota.tables import rota_pointer, rotas
from hotline.oncall.rota.version import Version
from hotline.oncall.shifts import LONGEST_SHIFT, SIGNAL, Shift, duty_at, duty_between
from hotline.oncall.store import IN_FORCE, shifts_held
from hotline.oncall.tables import shifts
from hotline.profile import ROLES

ROTA = "rota"
"""Source of the shifts of a version."""

_SHOWN = (shifts.c.person_id, shifts.c.role, shifts.c.starts_at, shifts.c.ends_at)
_EARLIEST_FIRST = (shifts.c.starts_at, shifts.c.ends_at, shifts.c.role, shifts.c.person_id)
_AN_INSTANT = timedelta(microseconds=1)
_UNIQUE = ("person_id", "role", "starts_at", "ends_at", "version", "after_override")


def add_draft(tx: Transaction, rota: Rota, by: str) -> int:
    """Store a draft; return its number."""
    row = {"rules": rules_text(rota), "drafted_at": tx.now, "drafted_by": by[:80]}
    added = tx.execute(insert(rotas).returning(rotas.c.number), row)
    return int(added.scalar_one())


def newest_draft(tx: Transaction) -> Version | None:
    """Return the newest version that was drafted and not published, if nothing newer was published."""
    newest = tx.execute(select(rotas).order_by(rotas.c.number.desc()).limit(1)).first()
    return _version(newest) if newest is not None and newest.published_at is None else None


def version(tx: Transaction, number: int) -> Version | None:
    """Return a version by its number."""
    row = tx.execute(select(rotas).where(rotas.c.number == number)).first()
    return _version(row) if row is not None else None


def newest_versions(tx: Transaction, most: int) -> tuple[Version, ...]:
    """Return the newest versions first, drafts too."""
    return tuple(map(_version, tx.execute(select(rotas).order_by(rotas.c.number.desc()).limit(most))))


def version_at(tx: Transaction, at: datetime) -> Version | None:
    """Return the version that is, was or will be in force at a moment, as far as is known now."""
    then = select(rotas).where(rotas.c.in_force_from <= at, rotas.c.in_force_from.is_not(None))
    found = tx.execute(then.order_by(rotas.c.in_force_from.desc(), rotas.c.number.desc()))
    return next((one for one in map(_version, found) if one.is_in_force(at)), None)


def versions_after(tx: Transaction, moment: datetime) -> tuple[Version, ...]:
    """Return the versions that are in force at a moment or later, earliest first."""
    later = select(rotas).where(
        rotas.c.in_force_from.is_not(None),
        or_(rotas.c.in_force_until.is_(None), rotas.c.in_force_until > moment),
        or_(rotas.c.in_force_until.is_(None), rotas.c.in_force_until > rotas.c.in_force_from),
    )
    return tuple(map(_version, tx.execute(later.order_by(rotas.c.in_force_from))))


def published(tx: Transaction) -> int:
    """Return the number of the version published last, 0 before the first."""
    return int(tx.execute(select(rota_pointer.c.version)).scalar_one())


def put_in_force(tx: Transaction, seen: int, number: int, from_at: datetime, values: dict[str, Any]) -> bool:
    """Turn the pointer from the version that was seen to a new one; False where somebody was quicker.

    Every earlier version ends when the new one begins; one that had not begun never will.
    """
    turned = update(rota_pointer).where(rota_pointer.c.version == seen).values(version=number)
    if not tx.execute(turned).rowcount:
        return False
    earlier = and_(
        rotas.c.number != number,
        rotas.c.in_force_from.is_not(None),
        or_(rotas.c.in_force_until.is_(None), rotas.c.in_force_until > from_at),
    )
    over = case((rotas.c.in_force_from > from_at, rotas.c.in_force_from), else_=from_at)
    tx.execute(update(rotas).where(earlier).values(in_force_until=over))
    known = values | {"in_force_from": from_at, "published_at": tx.now}
    tx.execute(update(rotas).where(rotas.c.number == number).values(known))
    tx.signal(SIGNAL)
    return True


def filled(tx: Transaction, number: int, until: date) -> None:
    """Store until which local day a version has been turned into shifts."""
    tx.execute(update(rotas).where(rotas.c.number == number).values(filled_until=until))


def add_rows(tx: Transaction, number: int, single: Iterable[str], added: Iterable[Shift]) -> None:
    """Store shifts of a version; one that is stored already is left, two at once in a tier of one raise."""
    one_at_a_time = set(single)
    rows = [
        {
            "id": token_hex(8),
            "source": ROTA,
            "version": number,
            "lane": _lane(number, shift.role) if shift.role in one_at_a_time else None,
            "person_id": shift.person_id,
            "role": shift.role,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
        }
        for shift in added
    ]
    if rows:
        dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
        # Naming the columns: a conflict in the lane must not be passed over.
        tx.execute(dialect.insert(shifts).on_conflict_do_nothing(index_elements=_UNIQUE), rows)


def begun_at(tx: Transaction, at: datetime) -> tuple[Shift, ...]:
    """Return the shifts of published versions that began before a moment and run at it."""
    return _running(tx, at, shifts.c.starts_at < at, shifts.c.version != 0, IN_FORCE)


def has_begun_between(tx: Transaction, first: datetime, last: datetime) -> bool:
    """Tell whether a shift of a published version began in `[first, last)`."""
    began = (shifts.c.starts_at >= first, shifts.c.starts_at < last, shifts.c.version != 0, IN_FORCE)
    return tx.execute(select(shifts.c.id).where(*began).limit(1)).first() is not None


def supposed_at(tx: Transaction, at: datetime) -> tuple[Shift, ...]:
    """Return who was to be on duty at a moment by the rota and by imports, whatever happened then."""
    return _running(tx, at, shifts.c.source.in_((ROTA, "import")), IN_FORCE)


def beside_the_rota_at(tx: Transaction, at: datetime) -> tuple[Shift, ...]:
    """Return what holds of the shifts of no version that run at a moment: imported, or added by hand."""
    return duty_at(beside_the_rota_between(tx, at, at + _AN_INSTANT), at)


def beside_the_rota_between(tx: Transaction, first: datetime, last: datetime) -> tuple[Shift, ...]:
    """Return what holds of the shifts of no version that run at some moment of `[first, last)`."""
    running = (
        shifts.c.starts_at < last,
        shifts.c.starts_at >= first - LONGEST_SHIFT,
        shifts.c.ends_at > first,
        shifts.c.version == 0,
    )
    return duty_between(shifts_held(tx, *running), first, last)


def rows_of(tx: Transaction, number: int) -> tuple[Shift, ...]:
    """Return every stored shift of a version, also those that do not count (any more), earliest first."""
    mine = select(*_SHOWN).where(shifts.c.version == number)
    found = tx.execute(mine.order_by(*_EARLIEST_FIRST))
    return tuple(Shift(**row._asdict()) for row in found)


def sweep(tx: Transaction, most: int, of_draft: int | None = None) -> int:
    """Delete at most so many shifts that never counted and never will; return how many there were.

    Those of versions that ended before the shifts began, or of one draft whose publication was cut short.
    """
    if of_draft is None:
        over = and_(shifts.c.version == rotas.c.number, shifts.c.starts_at >= rotas.c.in_force_until)
        chosen = select(shifts.c.id).select_from(rotas.join(shifts, over))
    else:
        chosen = select(shifts.c.id).where(shifts.c.version == of_draft, ~IN_FORCE)
    found = [row.id for row in tx.execute(chosen.limit(most))]
    return tx.execute(delete(shifts).where(shifts.c.id.in_(found))).rowcount if found else 0


def _running(tx: Transaction, at: datetime, *conditions: ColumnElement[bool]) -> tuple[Shift, ...]:
    then = (shifts.c.starts_at <= at, shifts.c.starts_at >= at - LONGEST_SHIFT, shifts.c.ends_at > at)
    found = tx.execute(select(*_SHOWN).where(*then, *conditions).order_by(*_EARLIEST_FIRST))
    return tuple(dict.fromkeys(Shift(**row._asdict()) for row in found))


def _lane(number: int, role: str) -> int:
    return number * len(ROLES) + ROLES.index(role)


def _version(row: Row[Any]) -> Version:
    return Version(rota=rota_of(row.rules), **row._asdict())
