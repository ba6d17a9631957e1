"""Every question and change put to the table of claims."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.claims.tables import claims
from hotline.database import Transaction


def claim(tx: Transaction, job: str, slot: str) -> bool:
    """Tell whether a job may be done for a slot: True for one transaction only, whichever commits.

    The claim is part of the transaction: whoever rolls back, or is killed, leaves the slot to the next.
    """
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    row = {"job": job, "slot": slot, "claimed_at": tx.now}
    return bool(tx.execute(dialect.insert(claims).on_conflict_do_nothing(), row).rowcount)


def is_claimed(tx: Transaction, job: str, slot: str) -> bool:
    """Tell whether a slot is done; asked before anything is written, so that most looks write nothing."""
    found = select(claims.c.slot).where(claims.c.job == job, claims.c.slot == slot)
    return tx.execute(found).first() is not None


def forget(tx: Transaction, before: datetime) -> None:
    """Forget what was done long ago."""
    tx.execute(delete(claims).where(claims.c.claimed_at < before))
