"""Every question and change put to the table of contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from hotline.callers.contact import Contact, Safety
from hotline.callers.tables import contacts
from hotline.database import Transaction


def contact_of(tx: Transaction, call_id: str) -> Contact | None:
    """Return what the caller of this call has said, None when nothing is stored."""
    row = tx.execute(select(contacts).where(contacts.c.call_id == call_id)).first()
    return _contact(row) if row else None


def keep(tx: Transaction, contact: Contact) -> None:
    """Store what a caller has said, over what was stored of this call."""
    values = {
        "safety": contact.safety,
        "number": contact.number,
        "number_hash": contact.number_hash,
        "keyed": contact.keyed,
        "until": contact.until,
        "decided_by": contact.decided_by,
        "reason": contact.reason,
        "changed_at": tx.now,
    }
    known = tx.execute(update(contacts).where(contacts.c.call_id == contact.call_id).values(values))
    if not known.rowcount:
        tx.execute(insert(contacts), {"call_id": contact.call_id, **values})


def forget_numbers_before(tx: Transaction, moment: datetime) -> None:
    """Erase the numbers, never their hashes, of what was said before `moment`."""
    kept = or_(contacts.c.number.is_not(None), contacts.c.keyed.is_not(None))
    tx.execute(update(contacts).where(kept, contacts.c.changed_at < moment).values(number=None, keyed=None))


def _contact(row: Row[Any]) -> Contact:
    return Contact(
        row.call_id,
        Safety(row.safety),
        row.number,
        row.number_hash,
        row.keyed,
        row.until,
        row.decided_by,
        row.reason,
    )
