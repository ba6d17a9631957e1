"""Every question and change put to the tables of texts that came in."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.texts.tables import incoming_texts, text_senders
from hotline.texts.text import IncomingText, Sender

_SHOWN = tuple(column for column in incoming_texts.c if column.name != "place")


def lock_sender(tx: Transaction, sender: str, day: str) -> Sender:
    """Return what is known of a sender on `day`; two texts of one sender wait here for each other."""
    hashes = tx.keyring.fingerprints(sender)
    known = _sender(tx, hashes)
    if known is None:
        row = {**asdict(Sender(tx.keyring.fingerprint(sender), day)), "seen_at": tx.now}
        writer = postgresql.insert if tx.connection.dialect.name == "postgresql" else sqlite.insert
        tx.execute(writer(text_senders).values(row).on_conflict_do_nothing())
        known = _sender(tx, hashes) or Sender(tx.keyring.fingerprint(sender), day)
    return known if known.day == day else replace(known, day=day, answers=0, neutral=0)


def keep_sender(tx: Transaction, sender: Sender) -> None:
    """Store what has become of a sender."""
    values = {**asdict(sender), "seen_at": tx.now}
    tx.execute(update(text_senders).where(text_senders.c.sender_hash == sender.sender_hash).values(values))


def add(tx: Transaction, text: IncomingText) -> None:
    """Store a text that came in."""
    tx.execute(insert(incoming_texts), asdict(text))


def has_come_in(tx: Transaction, sid: str) -> bool:
    """Tell whether a text has been stored before."""
    found = select(incoming_texts.c.id).where(incoming_texts.c.sid == sid)
    return tx.execute(found.limit(1)).first() is not None


def of_thread(tx: Transaction, thread_id: str) -> tuple[IncomingText, ...]:
    """Return the texts of a thread, oldest first."""
    found = select(*_SHOWN).where(incoming_texts.c.thread_id == thread_id)
    return _texts(tx.execute(found.order_by(incoming_texts.c.place)))


def newest(tx: Transaction, most: int) -> tuple[IncomingText, ...]:
    """Return the texts that came in last, newest first."""
    return _texts(tx.execute(select(*_SHOWN).order_by(incoming_texts.c.place.desc()).limit(most)))


def staff_sender_of(tx: Transaction, thread_id: str) -> str | None:
    """Return who of the staff wrote the texts of a thread, None for everybody else."""
    found = select(incoming_texts.c.person_id).where(incoming_texts.c.thread_id == thread_id)
    return tx.execute(found.where(incoming_texts.c.person_id.is_not(None)).limit(1)).scalar()


def forget_before(tx: Transaction, moment: datetime) -> None:
    """Erase numbers and words of the texts that came in before `moment`, and senders not seen since."""
    readable = or_(incoming_texts.c.sender.is_not(None), incoming_texts.c.body.is_not(None))
    old = update(incoming_texts).where(readable, incoming_texts.c.came_in_at < moment)
    tx.execute(old.values(sender=None, body=None))
    tx.execute(text_senders.delete().where(text_senders.c.seen_at < moment))


def _sender(tx: Transaction, hashes: Iterable[str]) -> Sender | None:
    found = select(text_senders).where(text_senders.c.sender_hash.in_(list(hashes)))
    row = tx.execute(found.with_for_update().limit(1)).first()
    if row is None:
        return None
    values = row._asdict()
    del values["seen_at"]
    return Sender(**values)


def _texts(rows: Iterable[Row[Any]]) -> tuple[IncomingText, ...]:
    return tuple(IncomingText(**row._asdict()) for row in rows)
