"""Every question and change put to the tables of terms, absences and wishes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.people.away import read_time
from hotline.people.person import Person
from hotline.people.tables import absences, terms, wishes
from hotline.people.terms import (
    Absence,
    AbsenceKind,
    Contract,
    Qualification,
    Terms,
    ToldBy,
    Wish,
    Wishes,
    contract_of_role,
)


def terms_of(tx: Transaction, people: Iterable[Person]) -> dict[str, Terms]:
    """Return the terms of everybody, by person; of whom nothing was said the usual ones of their role."""
    known = {row.person_id: _terms(row) for row in tx.execute(select(terms))}
    return {one.id: known.get(one.id) or Terms(one.id, contract_of_role(one.role)) for one in people}


def keep_terms(tx: Transaction, kept: Iterable[Terms]) -> None:
    """Store the terms of people, new or changed."""
    rows = [_terms_row(one) for one in kept]
    if not rows:
        return
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    written = dialect.insert(terms)
    changed = {column.name: written.excluded[column.name] for column in terms.c if not column.primary_key}
    tx.execute(written.on_conflict_do_update(index_elements=["person_id"], set_=changed), rows)


def absences_between(tx: Transaction, first: datetime, last: datetime) -> tuple[Absence, ...]:
    """Return the absences that touch `[first, last)`, earliest first."""
    return tuple(absences_by_id(tx, first, last).values())


def absences_by_id(tx: Transaction, first: datetime, last: datetime) -> dict[str, Absence]:
    """Return the same by their ids, for whoever takes one back."""
    touching = select(absences).where(absences.c.starts_at < last, absences.c.ends_at > first)
    found = tx.execute(touching.order_by(absences.c.starts_at, absences.c.person_id))
    return {row.id: _absence(row) for row in found}


def absence_by_id(tx: Transaction, absence_id: str) -> Absence | None:
    """Return an absence."""
    return next(map(_absence, tx.execute(select(absences).where(absences.c.id == absence_id))), None)


def remove_absence(tx: Transaction, absence_id: str) -> bool:
    """Delete an absence; False when it is not there (any more)."""
    return bool(tx.execute(delete(absences).where(absences.c.id == absence_id)).rowcount)


def every_absence(tx: Transaction) -> tuple[Absence, ...]:
    """Return all absences that are kept, earliest first."""
    in_order = select(absences).order_by(absences.c.starts_at, absences.c.person_id)
    return tuple(_absence(row) for row in tx.execute(in_order))


def add_absence(tx: Transaction, added: Absence) -> str:
    """Store a new absence; return its id."""
    key = token_hex(8)
    tx.execute(insert(absences), {"id": key, **_absence_row(added)})
    return key


def add_absences(tx: Transaction, added: Sequence[Absence]) -> None:
    """Store new absences."""
    if rows := [{"id": token_hex(8), **_absence_row(one)} for one in added]:
        tx.execute(insert(absences), rows)


def change_absences(tx: Transaction, changed: Sequence[Absence]) -> None:
    """Store another kind of absences whose period is known."""
    period = ("person_id", "starts_at", "ends_at")
    known = update(absences).where(*(absences.c[name] == bindparam(f"the_{name}") for name in period))
    rows = [{"kind": one.kind, **{f"the_{name}": getattr(one, name) for name in period}} for one in changed]
    if rows:
        tx.connection.execute(known, rows)


def every_wish(tx: Transaction) -> tuple[Wish, ...]:
    """Return what everybody prefers or cannot."""
    return tuple(_wish(row) for row in tx.execute(select(wishes).order_by(*wishes.primary_key.columns)))


def keep_wishes(tx: Transaction, kept: Sequence[Wish]) -> None:
    """Store wishes, new or changed."""
    rows = [_wish_row(one) for one in kept]
    if not rows:
        return
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    written = dialect.insert(wishes)
    again = written.on_conflict_do_update(
        index_elements=["person_id", "days", "starts", "ends"], set_={"wish": written.excluded.wish}
    )
    tx.execute(again, rows)


def _terms(row: Row[Any]) -> Terms:
    return Terms(
        person_id=row.person_id,
        contract=Contract(row.contract),
        qualifications=frozenset(map(Qualification, filter(None, row.qualifications.split(";")))),
        training_until=row.training_until,
        started_on=row.started_on,
        told_by=ToldBy(row.told_by),
        phone_verified_at=row.phone_verified_at,
    )


def _terms_row(one: Terms) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "contract": one.contract.value,
        "qualifications": ";".join(sorted(one.qualifications)),
        "training_until": one.training_until,
        "started_on": one.started_on,
        "told_by": one.told_by.value,
        "phone_verified_at": one.phone_verified_at,
    }


def _absence(row: Row[Any]) -> Absence:
    return Absence(row.person_id, row.starts_at, row.ends_at, AbsenceKind(row.kind))


def _absence_row(one: Absence) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "kind": one.kind.value,
    }


def _wish(row: Row[Any]) -> Wish:
    days = frozenset(map(int, row.days.split(";")))
    return Wish(row.person_id, days, read_time(row.starts), read_time(row.ends), Wishes(row.wish))


def _wish_row(one: Wish) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "days": ";".join(map(str, sorted(one.days))),
        "starts": f"{one.starts:%H:%M}",
        "ends": f"{one.ends:%H:%M}",
        "wish": one.wish.value,
    }
