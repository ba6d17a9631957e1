"""Every question about past and waiting calls that the promise asks."""

from datetime import datetime

from sqlalchemy import bindparam, select

from hotline.calls.call import Call, LegResult
from hotline.calls.store import add_events, calls_of_rows
from hotline.calls.tables import calls, legs, planned
from hotline.database import Transaction
from hotline.followups.followup import FollowUp, Kind
from hotline.ivr.nodes import Position
from hotline.people.tables import people

WANTED = ("now", "tomorrow")
"""What a responder said by key after the call: the social worker is needed."""

_MOST_EARLIER = 10


def note(
    tx: Transaction, follow_up: FollowUp, event: str, detail: str = "", person_id: str | None = None
) -> None:
    """Write into the story of the call what became of what is owed for it; a text has no such story."""
    if follow_up.kind != Kind.TEXT:
        add_events(tx, follow_up.call_id, [(event, detail, person_id)])


_AWAITED = (
    select(calls.c.id, planned.c.person_id)
    .outerjoin(planned, planned.c.call_id == calls.c.id)
    .where(
        calls.c.ended_at.is_(None),
        calls.c.rung_at.is_not(None),
        calls.c.winner.is_(None),
        calls.c.position == Position.HOLD,
    )
)
_LAST_RESORT = select(people.c.id).where(people.c.last_resort.is_(True), people.c.active.is_(True))


def people_awaited(tx: Transaction) -> frozenset[str]:
    """Return whom a call that waits may ring, also as the last resort: no alarm comes before a live ring."""
    waiting = tx.execute(_AWAITED).all()
    if not waiting:
        return frozenset()
    on_duty = {row.person_id for row in waiting if row.person_id is not None}
    return frozenset(on_duty | set(tx.execute(_LAST_RESORT).scalars()))


_CALLS_FROM = (
    select(calls)
    .where(
        calls.c.caller_hash.in_(bindparam("hashes", expanding=True)), calls.c.came_in_at >= bindparam("since")
    )
    .order_by(calls.c.came_in_at.desc())
    .limit(_MOST_EARLIER)
)


def calls_from(tx: Transaction, number: str, since: datetime) -> tuple[Call, ...]:
    """Return the calls that came from a number since a moment, newest first."""
    return calls_of_rows(tx.execute(_CALLS_FROM, {"hashes": tx.keyring.fingerprints(number), "since": since}))


def who_accepted(tx: Transaction, call_id: str) -> list[str]:
    """Return who accepted a call, the last one first."""
    accepted = select(legs.c.person_id).where(legs.c.call_id == call_id, legs.c.result == LegResult.ACCEPTED)
    return list(tx.execute(accepted.order_by(legs.c.answered_at.desc())).scalars())


def who_wants_the_social_worker(tx: Transaction, call_id: str) -> str | None:
    """Return who said after the call, by key, that the social worker is needed."""
    wants = select(legs.c.person_id).where(legs.c.call_id == call_id, legs.c.afterwards.in_(WANTED))
    return tx.execute(wants.order_by(legs.c.answered_at.desc()).limit(1)).scalar()


def category_of(tx: Transaction, call_id: str) -> str | None:
    """Return what a call was about."""
    return tx.execute(select(calls.c.category).where(calls.c.id == call_id)).scalar()
