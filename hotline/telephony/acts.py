"""What has the service decided to do outside, and was it done? Rows first, requests after the commit."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, bindparam, func, insert, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from hotline.database import Transaction, UtcMoment
from hotline.telephony import refusals
from hotline.telephony.tables import acts

_NOT_YET = datetime.max.replace(tzinfo=UTC)

SIGNAL, ANSWER_LOST = "acts", "answer lost"
LEASE_SECONDS = 10


class ActKind(StrEnum):
    """What can be done outside."""

    RING = "ring"
    REDIRECT = "redirect"
    HANG_UP = "hang_up"
    TEXT = "text"


class ActState(StrEnum):
    """Where an act stands; `unknown` means that the answer was lost."""

    INTENDED = "intended"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELED = "canceled"


class Priority:
    """Order of acts that wait: a caller who is moved comes before everything else.

    Of the rings that wait, first whoever an urgent category asks for beside the volunteers, then its others.
    """

    REDIRECT = 1
    END = 2
    RING_FIRST = 3
    RING_URGENT = 4
    RING = 5
    ALARM = 6
    REMINDER = 7


@dataclass(frozen=True)
class Act:
    """One outward act; `target` says where to, sealed in the database; a lane is worked in order.

    `duty`: a ring or text to a member of staff on duty; every other one stops at refused numbers.
    """

    kind: ActKind
    purpose: str
    subject: str
    lane: str
    priority: int
    target: dict[str, Any]
    duty: bool = False
    id: int = 0
    state: ActState = ActState.INTENDED
    created_at: datetime = _NOT_YET
    attempts: int = 0
    fence: int = 0


@dataclass(frozen=True)
class Outcome:
    """How an act ended: `answer` is a SID (ring, text) or the status of the leg (hang_up).

    `reached`: the provider took in the request, whatever it thought of it; None when none was sent.
    """

    state: ActState
    answer: str = ""
    error: str = field(default="")
    reached: bool | None = True


_NOW = bindparam("now", type_=UtcMoment)
_IS_DUE = acts.c.settled_at.is_(None) & (acts.c.state == ActState.INTENDED) & (acts.c.due_at <= _NOW)
# Built once: every replica asks these every other second, and after every commit that wants something done.
_KINDS_DUE = select(acts.c.kind).where(_IS_DUE).distinct()
_UNSURE = (
    select(acts.c.id)
    .where(acts.c.settled_at.is_(None), acts.c.state.in_((ActState.SENDING, ActState.UNKNOWN)))
    .limit(1)
)


def _claim(*conditions: ColumnElement[bool], tried: int) -> ReturningUpdate[Any]:
    """Build the statement that takes the most urgent act that meets the conditions; `tried` more often."""
    chosen = (
        select(acts.c.id)
        .where(*conditions)
        .order_by(acts.c.priority, acts.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    values = {
        "state": ActState.SENDING,
        "lease_until": bindparam("until", type_=UtcMoment),
        "fence": acts.c.fence + 1,
        "attempts": acts.c.attempts + tried,
    }
    return update(acts).where(acts.c.id == chosen.scalar_subquery()).values(values).returning(*acts.c)


_OTHER = acts.alias("other")
_LANE_FREE = ~(
    select(_OTHER.c.id)
    .where(_OTHER.c.lane == acts.c.lane, _OTHER.c.state == ActState.SENDING, _OTHER.c.settled_at.is_(None))
    .exists()
)
_CLAIM_ANY = _claim(_IS_DUE, _LANE_FREE, tried=1)
_CLAIM_ALL_BUT_RINGS = _claim(_IS_DUE, acts.c.kind != ActKind.RING, _LANE_FREE, tried=1)
_CLAIM_DOUBTFUL = _claim(
    acts.c.settled_at.is_(None), acts.c.state == ActState.UNKNOWN, acts.c.due_at <= _NOW, tried=0
)

Wanted = Callable[[Transaction, Act], bool]
Settler = Callable[[Transaction, Act, Outcome], None]


def intend(tx: Transaction, *wanted: Act) -> None:
    """Write down acts; the pool is woken by the commit. Raise NumberRefused, and write nothing."""
    for act in wanted:
        if act.kind in (ActKind.RING, ActKind.TEXT) and not act.duty:
            refusals.check_not_refused(tx, str(act.target["number"]))
    if wanted:
        tx.execute(insert(acts), [_row(tx, act) for act in wanted])
        tx.signal(SIGNAL)


def _row(tx: Transaction, act: Act) -> dict[str, Any]:
    return {
        "kind": act.kind,
        "purpose": act.purpose,
        "subject": act.subject,
        "lane": act.lane,
        "priority": act.priority,
        "duty": act.duty,
        "target": json.dumps(act.target),
        "state": ActState.INTENDED,
        "created_at": tx.now,
        "due_at": tx.now,
        "fence": 0,
        "attempts": 0,
    }


def cancel(tx: Transaction, subject: str, kind: ActKind) -> bool:
    """Withdraw an act that nobody has begun; tell whether there was one."""
    result = tx.execute(
        update(acts)
        .where(acts.c.subject == subject, acts.c.kind == kind, acts.c.state == ActState.INTENDED)
        .values(state=ActState.CANCELED, settled_at=tx.now)
    )
    return bool(result.rowcount)


def latest_state(tx: Transaction, subject: str, kind: ActKind) -> ActState | None:
    """Return where the newest act of this kind on `subject` stands."""
    found = tx.execute(
        select(acts.c.state)
        .where(acts.c.subject == subject, acts.c.kind == kind)
        .order_by(acts.c.id.desc())
        .limit(1)
    ).scalar()
    return ActState(found) if found else None


def is_under_way(tx: Transaction, subject: str, kind: ActKind, within_seconds: float) -> bool:
    """Tell whether such an act is being sent, or was done so lately that its effect may still be coming."""
    newest = (
        select(acts.c.state, acts.c.settled_at)
        .where(acts.c.subject == subject, acts.c.kind == kind)
        .order_by(acts.c.id.desc())
        .limit(1)
    )
    found = tx.execute(newest).first()
    if found is None or found.state != ActState.DONE:
        return found is not None and found.state == ActState.SENDING
    return bool(tx.now - found.settled_at <= timedelta(seconds=within_seconds))


def kinds_due(tx: Transaction) -> frozenset[ActKind]:
    """Return the kinds of acts that wait to be done now."""
    return frozenset(map(ActKind, tx.execute(_KINDS_DUE, {"now": tx.now}).scalars()))


def claim_next(tx: Transaction, lease_seconds: float, rings: bool = True) -> Act | None:
    """Take the most urgent act that is due, under a lease; None when there is none.

    Without `rings` those wait: the next one may not leave yet.
    """
    claim = _CLAIM_ANY if rings else _CLAIM_ALL_BUT_RINGS
    return _first_act(tx.execute(claim, _lease(tx, lease_seconds)))


def settle(tx: Transaction, act: Act, outcome: Outcome) -> bool:
    """Write how an act ended; False when another worker has taken it over meanwhile."""
    result = tx.execute(
        update(acts)
        .where(acts.c.id == act.id, acts.c.fence == act.fence, acts.c.state == ActState.SENDING)
        .values(state=outcome.state, error=outcome.error or None, settled_at=tx.now, lease_until=None)
    )
    return bool(result.rowcount)


def put_back(tx: Transaction, act: Act, after_seconds: float) -> bool:
    """Return an act to the queue, due after some seconds."""
    result = tx.execute(
        update(acts)
        .where(acts.c.id == act.id, acts.c.fence == act.fence, acts.c.state == ActState.SENDING)
        .values(state=ActState.INTENDED, due_at=tx.now + timedelta(seconds=after_seconds), lease_until=None)
    )
    return bool(result.rowcount)


def doubt(tx: Transaction, act: Act, error: str, look_after_seconds: float) -> bool:
    """Mark the outcome as unknown; the ticker looks it up after some seconds."""
    result = tx.execute(
        update(acts)
        .where(acts.c.id == act.id, acts.c.fence == act.fence, acts.c.state == ActState.SENDING)
        .values(
            state=ActState.UNKNOWN,
            error=error,
            due_at=tx.now + timedelta(seconds=look_after_seconds),
            lease_until=None,
        )
    )
    return bool(result.rowcount)


def is_any_unsure(tx: Transaction) -> bool:
    """Tell whether an act is being sent, or its outcome is unknown: most of the time none is."""
    return tx.execute(_UNSURE).first() is not None


def expire_leases(tx: Transaction) -> int:
    """Mark as unknown the acts whose worker died; return how many."""
    return tx.execute(
        update(acts)
        .where(acts.c.settled_at.is_(None), acts.c.state == ActState.SENDING, acts.c.lease_until < tx.now)
        .values(state=ActState.UNKNOWN, error="worker lost", due_at=tx.now, lease_until=None)
    ).rowcount


def claim_doubtful(tx: Transaction, lease_seconds: float) -> Act | None:
    """Take one act whose outcome is unknown and due to be looked up, under a lease."""
    return _first_act(tx.execute(_CLAIM_DOUBTFUL, _lease(tx, lease_seconds)))


def oldest_due(tx: Transaction) -> datetime | None:
    """Return since when the longest-waiting act has been due."""
    found = tx.execute(
        select(func.min(acts.c.due_at)).where(
            acts.c.settled_at.is_(None),
            or_(acts.c.state == ActState.INTENDED, acts.c.state == ActState.UNKNOWN),
        )
    ).scalar()
    return found if isinstance(found, datetime) else None


def _lease(tx: Transaction, seconds: float) -> dict[str, datetime]:
    return {"now": tx.now, "until": tx.now + timedelta(seconds=seconds)}


def _first_act(result: CursorResult[Any]) -> Act | None:
    row = result.mappings().first()
    if row is None:
        return None
    return Act(
        kind=ActKind(row["kind"]),
        purpose=row["purpose"],
        subject=row["subject"],
        lane=row["lane"],
        priority=row["priority"],
        target=json.loads(row["target"]),
        duty=row["duty"],
        id=row["id"],
        state=ActState(row["state"]),
        created_at=row["created_at"],
        attempts=row["attempts"],
        fence=row["fence"],
    )
