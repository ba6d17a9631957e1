"""Which numbers may this software never ring or text? Keyed hashes only, in the lowest layer."""

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Database, Transaction
from hotline.telephony.line import NumberRefused
from hotline.telephony.tables import refused_numbers


def refuse(tx: Transaction, number: str) -> None:
    """Let nothing ring or text this number any more; only `lift` undoes it."""
    writer = postgresql.insert if tx.connection.dialect.name == "postgresql" else sqlite.insert
    row = {"number_hash": tx.keyring.fingerprint(number), "since": tx.now}
    tx.execute(writer(refused_numbers).values(row).on_conflict_do_nothing())


def lift(tx: Transaction, number: str) -> None:
    """Allow this number again: somebody has just said yes, twice, from that very number."""
    tx.execute(
        delete(refused_numbers).where(refused_numbers.c.number_hash.in_(tx.keyring.fingerprints(number)))
    )


def is_refused(tx: Transaction, number: str) -> bool:
    """Tell whether nothing may ring or text this number."""
    hashes = tx.keyring.fingerprints(number)
    found = select(refused_numbers.c.number_hash).where(refused_numbers.c.number_hash.in_(hashes))
    return tx.execute(found.limit(1)).first() is not None


def check_not_refused(tx: Transaction, number: str) -> None:
    """Raise NumberRefused for a number that nothing may ring or text."""
    if is_refused(tx, number):
        raise NumberRefused("this number has been refused: nothing here may ring or text it")


def refused_now(database: Database, number: str) -> bool:
    """Tell the same at this moment, in a view of its own: the line asks just before it acts."""
    with database.reading() as tx:
        return is_refused(tx, number)
