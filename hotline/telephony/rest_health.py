"""Can we ring by REST just now? Counted from the answers, and shared by every replica."""

from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.telephony.tables import line_state

_REST = "rest"
_ENOUGH = 2
"""So many failures in a row begin the mode without REST, so many successes end it."""
_PROBE_EVERY = timedelta(seconds=15)

# Built once: every pass of every call asks these.
_DOWN_SINCE = select(line_state.c.down_since).where(line_state.c.what == _REST)
_FAILURES = select(line_state.c.failures).where(line_state.c.what == _REST)


def is_down(tx: Transaction) -> bool:
    """Tell whether REST counts as down."""
    return tx.execute(_DOWN_SINCE).scalar() is not None


def note_success(tx: Transaction) -> None:
    """Count an answer of the provider; the second in a row ends the mode without REST."""
    here = line_state.c.what == _REST
    # While all is well there is nothing to write, and nobody waits for anybody.
    if not tx.execute(_FAILURES).scalar():
        return
    tx.execute(
        update(line_state)
        .where(here, line_state.c.down_since.is_(None))
        .values(failures=0, successes=0, changed_at=tx.now)
    )
    tx.execute(
        update(line_state)
        .where(here, line_state.c.down_since.is_not(None))
        .values(successes=line_state.c.successes + 1, changed_at=tx.now)
    )
    tx.execute(
        update(line_state)
        .where(here, line_state.c.down_since.is_not(None), line_state.c.successes >= _ENOUGH)
        .values(down_since=None, failures=0, successes=0, probe_at=None)
    )


def note_failure(tx: Transaction, surely: bool = False) -> None:
    """Count a request that came to nothing; two in a row begin the mode. `surely`: this one counts twice."""
    writer = postgresql.insert if tx.connection.dialect.name == "postgresql" else sqlite.insert
    row = {"what": _REST, "failures": 0, "successes": 0, "changed_at": tx.now}
    tx.execute(writer(line_state).values(row).on_conflict_do_nothing())
    here = line_state.c.what == _REST
    counted = line_state.c.failures + (_ENOUGH if surely else 1)
    tx.execute(update(line_state).where(here).values(failures=counted, successes=0, changed_at=tx.now))
    tx.execute(
        update(line_state)
        .where(here, line_state.c.down_since.is_(None), line_state.c.failures >= _ENOUGH)
        .values(down_since=tx.now, probe_at=tx.now)
    )


def may_probe(tx: Transaction) -> bool:
    """Take the leave to try REST once although it is down; one for all replicas, the next seconds later."""
    taken = tx.execute(
        update(line_state)
        .where(
            line_state.c.what == _REST,
            or_(line_state.c.probe_at.is_(None), line_state.c.probe_at <= tx.now - _PROBE_EVERY),
        )
        .values(probe_at=tx.now)
    )
    return bool(taken.rowcount)
