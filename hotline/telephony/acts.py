"""What has the service decided to do outside, and was it done? Rows first, requests after the commit."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, func, insert, not_, or_, select, true, update

from hotline.database import Transaction
from hotline.telephony import refusals
from hotline.telephony.tables import acts

_NOT_YET = datetime.max.replace(tzinfo=UTC)

SIGNAL = "acts"
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
    return frozenset(map(ActKind, tx.execute(select(acts.c.kind).where(_is_due(tx)).distinct()).scalars()))


def claim_next(tx: Transaction, lease_seconds: float, rings: bool = True) -> Act | None:
    """Take the most urgent act that is due, under a lease; None when there is none.

    Without `rings` those wait: the next one may not leave yet.
    """
    of_kind = true() if rings else acts.c.kind != ActKind.RING
    other = acts.alias("other")
    lane_busy = select(other.c.id).where(
        other.c.lane == acts.c.lane, other.c.state == ActState.SENDING, other.c.settled_at.is_(None)
    )
    chosen = (
        select(acts.c.id)
        .where(_is_due(tx), of_kind, not_(lane_busy.exists()))
        .order_by(acts.c.priority, acts.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = tx.execute(
        update(acts)
        .where(acts.c.id == chosen.scalar_subquery())
        .values(
            state=ActState.SENDING,
            lease_until=tx.now + timedelta(seconds=lease_seconds),
            fence=acts.c.fence + 1,
            attempts=acts.c.attempts + 1,
        )
        .returning(*acts.c)
    )
    return _first_act(taken)


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
    open_ends = acts.c.settled_at.is_(None) & acts.c.state.in_((ActState.SENDING, ActState.UNKNOWN))
    return tx.execute(select(acts.c.id).where(open_ends).limit(1)).first() is not None


def expire_leases(tx: Transaction) -> int:
    """Mark as unknown the acts whose worker died; return how many."""
    return tx.execute(
        update(acts)
        .where(acts.c.settled_at.is_(None), acts.c.state == ActState.SENDING, acts.c.lease_until < tx.now)
        .values(state=ActState.UNKNOWN, error="worker lost", due_at=tx.now, lease_until=None)
    ).rowcount


def claim_doubtful(tx: Transaction, lease_seconds: float) -> Act | None:
    """Take one act whose outcome is unknown and due to be looked up, under a lease."""
    chosen = (
        select(acts.c.id)
        .where(acts.c.settled_at.is_(None), acts.c.state == ActState.UNKNOWN, acts.c.due_at <= tx.now)
        .order_by(acts.c.priority, acts.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = tx.execute(
        update(acts)
        .where(acts.c.id == chosen.scalar_subquery())
        .values(
            state=ActState.SENDING,
            lease_until=tx.now + timedelta(seconds=lease_seconds),
            fence=acts.c.fence + 1,
        )
        .returning(*acts.c)
    )
    return _first_act(taken)


def oldest_due(tx: Transaction) -> datetime | None:
    """Return since when the longest-waiting act has been due."""
    found = tx.execute(
        select(func.min(acts.c.due_at)).where(
            acts.c.settled_at.is_(None),
            or_(acts.c.state == ActState.INTENDED, acts.c.state == ActState.UNKNOWN),
        )
    ).scalar()
    return found if isinstance(found, datetime) else None


def _is_due(tx: Transaction) -> Any:
    return (acts.c.settled_at.is_(None)) & (acts.c.state == ActState.INTENDED) & (acts.c.due_at <= tx.now)


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
