"""Every question and change put to what is kept of rings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.calls.call import LegResult
from hotline.calls.rings.tables import past_rings
from hotline.calls.tables import calls, conversations, events, legs
from hotline.database import Transaction
from hotline.drills.tables import drills
from hotline.notifications.tables import notices

_NOT_TAKEN = or_(legs.c.result.is_(None), legs.c.result != LegResult.ACCEPTED)


_IN_VAIN = (LegResult.NO_ANSWER, LegResult.CANCELED, LegResult.NO_KEY)
_RANG = timedelta(seconds=5)
"""What was stopped sooner may have rung nobody's phone: the exchange had only begun."""
_LATELY, _LONGEST_CALL = timedelta(minutes=10), timedelta(hours=12)


class Sought(NamedTuple):
    """Somebody whose phone rang for a call, and was not theirs to answer any more."""

    person_id: str
    call_id: str
    rung_at: datetime


def sought_in_vain(tx: Transaction, met_before: datetime) -> tuple[Sought, ...]:
    """Return who was rung in vain, and when last, for callers who met a colleague a short while before."""
    mine = legs.alias("mine")
    took_part = exists().where(
        mine.c.call_id == legs.c.call_id,
        mine.c.person_id == legs.c.person_id,
        or_(mine.c.ended_at.is_(None), mine.c.result.in_((LegResult.ACCEPTED, LegResult.DECLINED))),
    )
    met = exists().where(
        conversations.c.call_id == legs.c.call_id,
        conversations.c.met_at.between(met_before - _LATELY, met_before),
        conversations.c.met_at >= legs.c.created_at,
    )
    rung = (
        # An id begins with its second: past calls, however many, are not looked at.
        legs.c.id >= f"{int((met_before - _LONGEST_CALL).timestamp()):08x}",
        legs.c.sid.is_not(None),
        legs.c.errand.is_(None),
        legs.c.result.in_(_IN_VAIN),
    )
    found = select(legs.c.person_id, legs.c.call_id, legs.c.created_at, legs.c.ended_at).where(
        *rung, met, ~took_part
    )
    heard = [row for row in tx.execute(found) if row.ended_at - row.created_at >= _RANG]
    last = {(row.person_id, row.call_id): row.created_at for row in sorted(heard, key=lambda r: r.created_at)}
    return tuple(Sought(*pair, rung_at) for pair, rung_at in last.items())


def rings_of(tx: Transaction, person_id: str, since: datetime) -> Sequence[Row[Any]]:
    """Return how somebody's phone fared since a moment, newest first: nothing of the callers."""
    shown = (legs.c.created_at, legs.c.role, legs.c.result, legs.c.answered_at)
    mine = select(*shown).where(legs.c.person_id == person_id, legs.c.created_at >= since)
    return tx.execute(mine.order_by(legs.c.created_at.desc())).all()


def past(tx: Transaction) -> Mapping[tuple[str, str], int]:
    """Return how many rings are forgotten, by role and result."""
    return {(row.role, row.result): row.rings for row in tx.execute(select(past_rings))}


def old_rings(tx: Transaction, start: datetime, end: datetime, most: int) -> Sequence[Row[Any]]:
    """Return rings of `[start, end)` that nobody took, of calls long over, at most so many.

    A ring that was taken is somebody's work: the pay record and the story of the call need it.
    """
    talked = exists().where(conversations.c.leg_id == legs.c.id)
    won = exists().where(calls.c.id == legs.c.call_id, calls.c.winner == legs.c.id)
    # An id begins with its second.
    then = (legs.c.id >= f"{int(start.timestamp()):08x}", legs.c.id < f"{int(end.timestamp()):08x}")
    over = (*then, legs.c.ended_at.is_not(None))
    chosen = select(legs.c.id, legs.c.role, legs.c.result).where(*over, _NOT_TAKEN, ~talked, ~won)
    return tx.execute(chosen.limit(most)).all()


def forget_rings(tx: Transaction, old: Sequence[Row[Any]]) -> None:
    """Delete rings, and keep how many there were."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    tx.execute(delete(legs).where(legs.c.id.in_([row.id for row in old])))
    for (role, result), rings in sorted(Counter((row.role, row.result or "unknown") for row in old).items()):
        row = dialect.insert(past_rings).values(role=role, result=result, rings=rings)
        more = {"rings": past_rings.c.rings + row.excluded.rings}
        tx.execute(row.on_conflict_do_update(index_elements=["role", "result"], set_=more))


def old_lines(tx: Transaction, start: datetime, end: datetime, most: int) -> list[int]:
    """Return lines of timelines of `[start, end)` that name somebody who took no part, at most so many."""
    took_part = exists().where(legs.c.call_id == events.c.call_id, legs.c.person_id == events.c.person_id)
    then = (events.c.at >= start, events.c.at < end)
    named = select(events.c.id).where(*then, events.c.person_id.is_not(None), ~took_part)
    return list(tx.execute(named.limit(most)).scalars())


def forget_names(tx: Transaction, lines: Sequence[int]) -> None:
    """Take people out of these lines."""
    tx.execute(update(events).where(events.c.id.in_(lines)).values(person_id=None))


def forget_notices(tx: Transaction, before: datetime, most: int) -> int:
    """Delete old notices and practice calls, at most so many of each; return how many there were."""
    told = select(notices.c.id).where(notices.c.created_at < before, notices.c.closed_at.is_not(None))
    practised = select(drills.c.id).where(drills.c.asked_at < before, drills.c.ended_at.is_not(None))
    gone = tx.execute(delete(notices).where(notices.c.id.in_(told.limit(most)))).rowcount
    return gone + tx.execute(delete(drills).where(drills.c.id.in_(practised.limit(most)))).rowcount
