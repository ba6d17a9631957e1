"""Has this turn been answered before? A repeated webhook gets the stored reply."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.telephony.tables import turns

LONGEST_TURN = 40
"""Letters of a turn's name; what is longer was not made by us."""


def claim_turn(tx: Transaction, call_sid: str, turn: str) -> bool:
    """Take a turn, as the first statement of its transaction; False when it was taken before.

    On PostgreSQL a twin waits here for the first to commit, up to the lock time-out.
    """
    values = {"call_sid": call_sid, "turn": turn, "at": tx.now}
    dialect = tx.connection.dialect.name
    if dialect == "postgresql":
        statement = postgresql.insert(turns).values(values).on_conflict_do_nothing()
        return bool(tx.execute(statement).rowcount)
    return bool(tx.execute(sqlite.insert(turns).values(values).on_conflict_do_nothing()).rowcount)


def stored_reply(tx: Transaction, call_sid: str, turn: str) -> str | None:
    """Return the reply given to this turn, or None when it was erased."""
    reply = tx.execute(
        select(turns.c.reply).where(turns.c.call_sid == call_sid, turns.c.turn == turn)
    ).scalar()
    return reply if isinstance(reply, str) else None


def store_reply(tx: Transaction, call_sid: str, turn: str, reply: str) -> None:
    """Keep the reply for a possible repetition of the turn."""
    tx.execute(update(turns).where(turns.c.call_sid == call_sid, turns.c.turn == turn).values(reply=reply))


def erase_replies(tx: Transaction, call_sids: Iterable[str]) -> None:
    """Forget what was said on these legs: the call is over."""
    tx.execute(delete(turns).where(turns.c.call_sid.in_(list(call_sids))))


def erase_older_than(tx: Transaction, moment: datetime) -> None:
    """Forget replies of calls whose end was never noticed."""
    tx.execute(delete(turns).where(turns.c.at < moment))
