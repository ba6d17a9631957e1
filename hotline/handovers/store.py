"""Every question and change put to the tables of hand-overs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.handovers.note import Note
from hotline.handovers.tables import notes, readings, talks
from hotline.handovers.talk import Talk


def add_note(tx: Transaction, note: Note) -> None:
    """Store a note."""
    tx.execute(insert(notes), {column.name: getattr(note, column.name) for column in notes.c})


def notes_since(tx: Transaction, moment: datetime) -> tuple[Note, ...]:
    """Return the notes written since a moment, oldest first."""
    found = select(notes).where(notes.c.written_at >= moment).order_by(notes.c.written_at, notes.c.id)
    return tuple(Note(**row._asdict()) for row in tx.execute(found))


def heard_by(tx: Transaction, person_id: str, note_ids: Iterable[str]) -> frozenset[str]:
    """Return which of these notes somebody has heard."""
    found = select(readings.c.note_id).where(
        readings.c.person_id == person_id, readings.c.note_id.in_(set(note_ids))
    )
    return frozenset(tx.execute(found).scalars())


def add_reading(tx: Transaction, note_id: str, person_id: str) -> None:
    """Store that somebody has heard a note; the first time stands."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    row = {"note_id": note_id, "person_id": person_id, "heard_at": tx.now}
    tx.execute(dialect.insert(readings).on_conflict_do_nothing(), row)


def readings_of(tx: Transaction, note_ids: Iterable[str]) -> dict[str, tuple[tuple[str, datetime], ...]]:
    """Return who has heard which of these notes, and when, earliest first."""
    found: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    asked = select(readings).where(readings.c.note_id.in_(set(note_ids))).order_by(readings.c.heard_at)
    for row in tx.execute(asked):
        found[row.note_id].append((row.person_id, row.heard_at))
    return {note_id: tuple(heard) for note_id, heard in found.items()}


def forget_notes_before(tx: Transaction, moment: datetime) -> None:
    """Delete the notes written before a moment, with who has heard them."""
    old = select(notes.c.id).where(notes.c.written_at < moment)
    tx.execute(delete(readings).where(readings.c.note_id.in_(old)))
    tx.execute(delete(notes).where(notes.c.written_at < moment))


def add_talk(tx: Transaction, talk: Talk) -> None:
    """Store a hand-over by voice that is about to begin."""
    tx.execute(insert(talks), {column.name: getattr(talk, column.name) for column in talks.c})


def lock_talk(tx: Transaction, talk_id: str) -> Talk | None:
    """Return a hand-over by voice, locked."""
    row = tx.execute(select(talks).where(talks.c.id == talk_id).with_for_update()).first()
    return _talk(row) if row else None


def open_talks(tx: Transaction) -> tuple[Talk, ...]:
    """Return the hand-overs that have not ended, oldest first."""
    return tuple(map(_talk, tx.execute(select(talks).where(talks.c.ended_at.is_(None)).order_by(talks.c.id))))


def talks_since(tx: Transaction, moment: datetime) -> tuple[Talk, ...]:
    """Return the hand-overs by voice that began since a moment, oldest first."""
    found = select(talks).where(talks.c.began_at >= moment).order_by(talks.c.began_at, talks.c.id)
    return tuple(map(_talk, tx.execute(found)))


def forget_talks_before(tx: Transaction, moment: datetime) -> None:
    """Delete who spoke with whom before a moment, where the conversation is over."""
    tx.execute(delete(talks).where(talks.c.began_at < moment, talks.c.ended_at.is_not(None)))


def change_talk(tx: Transaction, talk_id: str, values: dict[str, Any]) -> None:
    """Store what became of a hand-over by voice."""
    tx.execute(update(talks).where(talks.c.id == talk_id).values(values))


def _talk(row: Row[Any]) -> Talk:
    return Talk(**row._asdict())
