"""Has this turn been answered before? A repeated webhook gets the stored reply."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.telephony.tables import turns

LONGEST_TURN = 40
"""Letters of a turn's name; what is longer was not made by us."""


# Built once: every turn of every leg asks these, and building a statement costs as much as running it.
_CLAIM = {
    "postgresql": postgresql.insert(turns).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(turns).on_conflict_do_nothing(),
}
_THIS_TURN = (turns.c.call_sid == bindparam("of_sid"), turns.c.turn == bindparam("of_turn"))
_STORED = select(turns.c.reply).where(*_THIS_TURN)
_STORE = update(turns).where(*_THIS_TURN).values(reply=bindparam("said"))


def claim_turn(tx: Transaction, call_sid: str, turn: str) -> bool:
    """Take a turn, as the first statement of its transaction; False when it was taken before.

    On PostgreSQL a twin waits here for the first to commit, up to the lock time-out.
    """
    claim = _CLAIM[tx.connection.dialect.name]
    return bool(tx.execute(claim, {"call_sid": call_sid, "turn": turn, "at": tx.now}).rowcount)


def stored_reply(tx: Transaction, call_sid: str, turn: str) -> str | None:
    """Return the reply given to this turn, or None when it was erased."""
    reply = tx.execute(_STORED, {"of_sid": call_sid, "of_turn": turn}).scalar()
    return reply if isinstance(reply, str) else None


def store_reply(tx: Transaction, call_sid: str, turn: str, reply: str) -> None:
    """Keep the reply for a possible repetition of the turn."""
    tx.execute(_STORE, {"of_sid": call_sid, "of_turn": turn, "said": reply})


def erase_replies(tx: Transaction, call_sids: Iterable[str]) -> None:
    """Forget what was said on these legs: the call is over."""
    tx.execute(delete(turns).where(turns.c.call_sid.in_(list(call_sids))))


def erase_older_than(tx: Transaction, moment: datetime) -> None:
    """Forget replies of calls whose end was never noticed."""
    tx.execute(delete(turns).where(turns.c.at < moment))
