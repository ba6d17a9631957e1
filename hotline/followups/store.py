"""Every question and change put to the tables of follow-ups and of attempts to call back."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from hotline.callers.tables import contacts
from hotline.database import Transaction, UtcMoment
from hotline.followups.followup import CallBack, FollowUp, Kind, Result, State
from hotline.followups.tables import call_backs, follow_ups


def add(tx: Transaction, follow_up: FollowUp) -> FollowUp:
    """Store what is owed; a call owes one thing, and the first stays."""
    known = of_call(tx, follow_up.call_id)
    if known is not None:
        return known
    tx.execute(insert(follow_ups), {column.name: getattr(follow_up, column.name) for column in follow_ups.c})
    return follow_up


def of_call(tx: Transaction, call_id: str) -> FollowUp | None:
    """Return what is owed for a call."""
    return _follow_up(tx.execute(select(follow_ups).where(follow_ups.c.call_id == call_id)).first())


def lock_of_call(tx: Transaction, call_id: str) -> FollowUp | None:
    """Return what is owed for a call, and keep every other change of it waiting until the commit."""
    found = select(follow_ups).where(follow_ups.c.call_id == call_id).with_for_update()
    return _follow_up(tx.execute(found).first())


def lock(tx: Transaction, follow_up_id: str) -> FollowUp | None:
    """Return a follow-up, locked."""
    found = select(follow_ups).where(follow_ups.c.id == follow_up_id).with_for_update()
    return _follow_up(tx.execute(found).first())


_DUE = (
    select(follow_ups)
    .where(follow_ups.c.done_at.is_(None), follow_ups.c.alarm_at <= bindparam("now", type_=UtcMoment))
    .order_by(follow_ups.c.alarm_at, follow_ups.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def claim_due(tx: Transaction) -> FollowUp | None:
    """Take the follow-up whose alarm is due the longest; one that another replica works on is passed over."""
    return _follow_up(tx.execute(_DUE, {"now": tx.now}).first())


def lock_owned(tx: Transaction) -> tuple[FollowUp, ...]:
    """Return what is owned and not done, locked; what another replica works on is passed over."""
    owned = select(follow_ups).where(follow_ups.c.done_at.is_(None), follow_ups.c.state == State.OWNED)
    found = map(_follow_up, tx.execute(owned.with_for_update(skip_locked=True)))
    return tuple(one for one in found if one is not None)


_OPEN_FOR = (
    select(follow_ups)
    .join(contacts, contacts.c.call_id == follow_ups.c.call_id)
    .where(contacts.c.number_hash.in_(bindparam("hashes", expanding=True)), follow_ups.c.done_at.is_(None))
    .order_by(follow_ups.c.created_at.desc())
)


def open_for_number(tx: Transaction, number: str) -> tuple[FollowUp, ...]:
    """Return what is still owed to whoever calls from this number, newest first."""
    found = tx.execute(_OPEN_FOR, {"hashes": tx.keyring.fingerprints(number)})
    return tuple(one for one in map(_follow_up, found) if one is not None)


def still_owed(tx: Transaction) -> tuple[FollowUp, ...]:
    """Return everything that is not done, the soonest due first."""
    found = tx.execute(
        select(follow_ups)
        .where(follow_ups.c.done_at.is_(None))
        .order_by(follow_ups.c.due_at, follow_ups.c.id)
    )
    return tuple(one for one in map(_follow_up, found) if one is not None)


def change(tx: Transaction, follow_up_id: str, values: dict[str, Any]) -> None:
    """Store what became of a follow-up."""
    tx.execute(update(follow_ups).where(follow_ups.c.id == follow_up_id).values(values))


def all_open(tx: Transaction) -> tuple[FollowUp, ...]:
    """Return everything that is still owed, what is due first first."""
    found = tx.execute(
        select(follow_ups)
        .where(follow_ups.c.done_at.is_(None))
        .order_by(follow_ups.c.due_at, follow_ups.c.id)
    )
    return tuple(one for one in map(_follow_up, found) if one is not None)


def count_open(tx: Transaction) -> int:
    """Return how many things are still owed."""
    found = tx.execute(select(func.count()).where(follow_ups.c.done_at.is_(None))).scalar()
    return int(found or 0)


def add_call_back(tx: Transaction, attempt: CallBack) -> None:
    """Store an attempt about to be made."""
    tx.execute(insert(call_backs), {column.name: getattr(attempt, column.name) for column in call_backs.c})


def lock_call_back(tx: Transaction, attempt_id: str) -> tuple[FollowUp, CallBack] | None:
    """Return an attempt and its follow-up, the latter locked first, as everywhere."""
    owner = select(call_backs.c.follow_up_id).where(call_backs.c.id == attempt_id)
    follow_up = lock(tx, tx.execute(owner).scalar() or "")
    row = tx.execute(select(call_backs).where(call_backs.c.id == attempt_id)).first()
    return None if follow_up is None or row is None else (follow_up, CallBack(**row._asdict()))


def latest_call_back(tx: Transaction, notice_id: str) -> CallBack | None:
    """Return the newest attempt made on the leg of a notice."""
    found = select(call_backs).where(call_backs.c.notice_id == notice_id)
    row = tx.execute(found.order_by(call_backs.c.began_at.desc()).limit(1)).first()
    return CallBack(**row._asdict()) if row else None


def running_call_backs(tx: Transaction) -> tuple[CallBack, ...]:
    """Return the attempts that have not ended."""
    found = tx.execute(select(call_backs).where(call_backs.c.ended_at.is_(None)))
    return tuple(CallBack(**row._asdict()) for row in found)


def is_being_called(tx: Transaction, follow_up_id: str) -> bool:
    """Tell whether somebody of ours is ringing the person, or talking with them, right now."""
    running = select(call_backs.c.id).where(call_backs.c.follow_up_id == follow_up_id)
    return tx.execute(running.where(call_backs.c.ended_at.is_(None)).limit(1)).first() is not None


def change_call_back(tx: Transaction, attempt_id: str, values: dict[str, Any]) -> None:
    """Store what became of an attempt."""
    tx.execute(update(call_backs).where(call_backs.c.id == attempt_id).values(values))


def attempts_for(tx: Transaction, follow_up_ids: Iterable[str]) -> tuple[CallBack, ...]:
    """Return every attempt made for these follow-ups, oldest first."""
    found = select(call_backs).where(call_backs.c.follow_up_id.in_(set(follow_up_ids)))
    return tuple(CallBack(**row._asdict()) for row in tx.execute(found.order_by(call_backs.c.began_at)))


def _follow_up(row: Row[Any] | None) -> FollowUp | None:
    if row is None:
        return None
    values = row._asdict()
    values["kind"] = Kind(values["kind"])
    values["state"] = State(values["state"])
    values["outcome"] = Result(values["outcome"]) if values["outcome"] else None
    return FollowUp(**values)
