"""Every question that the staff door asks of past and waiting calls."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select

from hotline.calls.call import Call, CallOutcome
from hotline.calls.store import calls_of_rows
from hotline.calls.tables import calls, legs, planned
from hotline.database import Transaction
from hotline.ivr.nodes import Position

_WAITING = (
    calls.c.ended_at.is_(None),
    calls.c.winner.is_(None),
    calls.c.rung_at.is_not(None),
    calls.c.position == Position.HOLD,
)


@dataclass(frozen=True)
class LastRing:
    """The last time that a person was rung for a caller: when, for which call, and what came of both."""

    call_id: str
    at: datetime
    result: str | None
    errand: str | None
    answered: bool


def last_ring(tx: Transaction, person_id: str, since: datetime) -> LastRing | None:
    """Return the last ring of somebody's phone for a caller, if it was since a moment."""
    newest = (
        select(
            legs.c.call_id, legs.c.created_at, legs.c.result, legs.c.errand, calls.c.winner, calls.c.outcome
        )
        .join(calls, calls.c.id == legs.c.call_id)
        .where(legs.c.person_id == person_id, legs.c.created_at >= since)
        .order_by(legs.c.created_at.desc())
        .limit(1)
    )
    row = tx.execute(newest).first()
    return None if row is None else _last_ring(row)


def _last_ring(row: Row[tuple[object, ...]]) -> LastRing:
    found = row._asdict()
    answered = found["winner"] is not None or found["outcome"] == CallOutcome.ANSWERED
    return LastRing(found["call_id"], found["created_at"], found["result"], found["errand"], answered)


def waiting_for(tx: Transaction, person_id: str, rung: bool) -> tuple[Call, ...]:
    """Return the waiting calls that will ring somebody, oldest first; `rung`: that have rung them."""
    theirs = select(planned.c.call_id).where(planned.c.person_id == person_id)
    if rung:
        theirs = select(legs.c.call_id).where(legs.c.person_id == person_id)
    waiting = select(calls).where(*_WAITING, calls.c.id.in_(theirs)).order_by(calls.c.came_in_at)
    return calls_of_rows(tx.execute(waiting))


def role_planned(tx: Transaction, call_id: str, person_id: str) -> str | None:
    """Return in which role a call means to ring somebody."""
    found = select(planned.c.role).where(planned.c.call_id == call_id, planned.c.person_id == person_id)
    return tx.execute(found.limit(1)).scalar()


def role_rung(tx: Transaction, call_id: str, person_id: str) -> str | None:
    """Return in which role a call has rung somebody."""
    found = select(legs.c.role).where(legs.c.call_id == call_id, legs.c.person_id == person_id)
    return tx.execute(found.order_by(legs.c.created_at.desc()).limit(1)).scalar()


def open_legs_on(tx: Transaction, sid: str) -> tuple[str, ...]:
    """Return the responder's legs that are carried by the call with this SID and have not ended."""
    return tuple(tx.execute(select(legs.c.id).where(legs.c.sid == sid, legs.c.ended_at.is_(None))).scalars())
