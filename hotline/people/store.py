"""Every question and change put to the tables of people and of their wrong PINs."""

from collections.abc import Iterable
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.people.person import Person
from hotline.people.pin import Tries
from hotline.people.tables import people, pin_tries

SIGNAL = "people"
"""Announced by whatever changes whom we know, or how they are reached, once it is committed."""

# Built once: every pass of every call reads people.
_PEOPLE = select(
    people.c.id,
    people.c.name,
    people.c.phone,
    people.c.role,
    people.c.languages,
    people.c.last_resort,
    people.c.active,
    people.c.no_texts_since,
)
_BY_PHONE = _PEOPLE.where(people.c.phone_hash.in_(bindparam("hashes", expanding=True)))


def everybody(tx: Transaction) -> tuple[Person, ...]:
    """Return all people, also those no longer active, by name."""
    return _read(tx)


def people_by_ids(tx: Transaction, ids: Iterable[str], and_last_resort: bool = False) -> tuple[Person, ...]:
    """Return the people with these ids, and if asked those who are the last resort."""
    wanted = people.c.id.in_(set(ids))
    return _read(tx, or_(wanted, people.c.last_resort.is_(True)) if and_last_resort else wanted)


def lock(tx: Transaction, ids: Iterable[str]) -> None:
    """Keep whoever else locks these people waiting until the commit; always in one order.

    Rows that refer to them may still be added meanwhile.
    """
    wanted = select(people.c.id).where(people.c.id.in_(set(ids))).order_by(people.c.id)
    tx.execute(wanted.with_for_update(key_share=True)).all()


def person_by_phone(tx: Transaction, phone: str) -> Person | None:
    """Return who answers on this E.164 number, if anybody."""
    row = tx.execute(_BY_PHONE, {"hashes": tx.keyring.fingerprints(phone)}).first()
    return _person(row) if row is not None else None


def add_people(tx: Transaction, added: Iterable[Person]) -> None:
    """Store new people."""
    if rows := [{"id": person.id, "created_at": tx.now, **_row(tx, person)} for person in added]:
        tx.execute(insert(people), rows)
        tx.signal(SIGNAL)


def change_person(tx: Transaction, person: Person) -> None:
    """Store what has changed about a person; the id stays."""
    tx.execute(update(people).where(people.c.id == person.id).values(_row(tx, person)))
    tx.signal(SIGNAL)


def set_pin_hash(tx: Transaction, person_id: str, pin_hash: str) -> None:
    """Store the hash of a person's PIN."""
    tx.execute(update(people).where(people.c.id == person_id).values(pin_hash=pin_hash))


def pin_hash_of(tx: Transaction, person_id: str) -> str | None:
    """Return the stored hash of a person's PIN, None when there is no PIN or no person."""
    return tx.execute(select(people.c.pin_hash).where(people.c.id == person_id)).scalar_one_or_none()


def stop_texts(tx: Transaction, person_id: str) -> bool:
    """Text this person nothing from now on; False where that was so."""
    getting = (people.c.id == person_id, people.c.no_texts_since.is_(None))
    return bool(tx.execute(update(people).where(*getting).values(no_texts_since=tx.now)).rowcount)


def start_texts(tx: Transaction, person_id: str) -> bool:
    """Text this person again; False where that was so."""
    stopped = (people.c.id == person_id, people.c.no_texts_since.is_not(None))
    return bool(tx.execute(update(people).where(*stopped).values(no_texts_since=None)).rowcount)


def lock_pin_tries(tx: Transaction, person_id: str) -> Tries:
    """Return a person's wrong PINs, and keep every other try waiting until the commit."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    none_yet = {"person_id": person_id, "wrong": 0, "last_at": tx.now}
    tx.execute(dialect.insert(pin_tries).on_conflict_do_nothing(), none_yet)
    row = tx.execute(select(pin_tries).where(pin_tries.c.person_id == person_id).with_for_update()).one()
    return Tries(row.wrong, row.last_at, row.locked_until)


def pin_tries_of(tx: Transaction, person_id: str) -> Tries:
    """Return a person's wrong PINs."""
    row = tx.execute(select(pin_tries).where(pin_tries.c.person_id == person_id)).first()
    return Tries(row.wrong, row.last_at, row.locked_until) if row is not None else Tries()


def keep_pin_tries(tx: Transaction, person_id: str, tries: Tries) -> None:
    """Store a person's wrong PINs."""
    values = {"wrong": tries.wrong, "last_at": tries.last_at, "locked_until": tries.locked_until}
    tx.execute(update(pin_tries).where(pin_tries.c.person_id == person_id).values(values))


def forget_pin_tries(tx: Transaction, person_id: str) -> None:
    """Forget a person's wrong PINs: the right one was keyed in, or a new one was set."""
    tx.execute(delete(pin_tries).where(pin_tries.c.person_id == person_id))


def new_person_id() -> str:
    """Return an id that tells nothing about the person."""
    return token_hex(8)


def _read(tx: Transaction, *conditions: ColumnElement[bool]) -> tuple[Person, ...]:
    found = [_person(row) for row in tx.execute(_PEOPLE.where(*conditions))]
    # Names are sealed, so the database cannot sort them.
    return tuple(sorted(found, key=lambda person: (person.name.casefold(), person.id)))


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        phone=row.phone,
        role=row.role,
        languages=tuple(row.languages.split(";")),
        last_resort=row.last_resort,
        active=row.active,
        takes_texts=row.no_texts_since is None,
    )


def _row(tx: Transaction, person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "phone": person.phone,
        "phone_hash": tx.keyring.fingerprint(person.phone),
        "role": person.role,
        "languages": ";".join(person.languages),
        "last_resort": person.last_resort,
        "active": person.active,
    }
