"""Every question put to the tables of other features to know how the line fares."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Float,
    and_,
    case,
    cast,
    delete,
    extract,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from hotline.calls.rings.store import past
from hotline.calls.tables import calls, conversations, events, legs
from hotline.database import Transaction
from hotline.followups.followup import State
from hotline.followups.tables import follow_ups
from hotline.operations.figures import BUCKETS, Figures, ToHuman
from hotline.telephony import acts
from hotline.telephony.tables import line_state


def figures(tx: Transaction) -> Figures:
    """Count what there is to count."""
    due = acts.oldest_due(tx)
    waiting = (tx.now - due).total_seconds() if due is not None else 0.0
    return Figures(
        open_calls=_counted(tx, calls.c.position, calls.c.ended_at.is_(None)),
        ended_calls=_counted(tx, calls.c.outcome, calls.c.outcome.is_not(None)),
        rings=_rings(tx),
        follow_ups=_counted_pairs(tx, follow_ups.c.kind, follow_ups.c.state, follow_ups.c.done_at.is_(None)),
        to_human=_to_human(tx),
        oldest_due_seconds=max(0.0, waiting),
    )


def schema_answers(tx: Transaction) -> None:
    """Touch the table that every call needs; raise SQLAlchemyError when it is not there."""
    tx.execute(select(calls.c.id).limit(1)).first()


def served_elsewhere_since(tx: Transaction, moment: datetime) -> bool:
    """Tell whether, since `moment`, a call was seen that the fallback or the backstop file had served."""
    seen = select(events.c.id).where(
        events.c.at >= moment,
        or_(
            events.c.event.in_(("backstop", "rang_elsewhere")),
            and_(events.c.event == "flag", events.c.detail == "fallback"),
        ),
    )
    return tx.execute(seen.limit(1)).first() is not None


def waits_for_anybody(tx: Transaction, since: datetime) -> bool:
    """Tell whether an alarm has rung since a moment or longer, and nobody has taken what it is about."""
    alarmed = (follow_ups.c.done_at.is_(None), follow_ups.c.alarm_at.is_not(None))
    waits = (
        follow_ups.c.state == State.OPEN,
        follow_ups.c.grade == "at_once",
        follow_ups.c.created_at <= since,
    )
    return tx.execute(select(follow_ups.c.id).where(*alarmed, *waits).limit(1)).first() is not None


def claim_letter(tx: Transaction, about: str, not_since: datetime) -> bool:
    """Take it on to write about a trouble; False when another replica has done so since `not_since`."""
    writer = postgresql.insert if tx.connection.dialect.name == "postgresql" else sqlite.insert
    row = {"what": f"mail.{about}", "failures": 0, "successes": 0, "changed_at": tx.now}
    taken = writer(line_state).values(row)
    taken = taken.on_conflict_do_update(
        index_elements=[line_state.c.what],
        set_={"changed_at": tx.now},
        where=line_state.c.changed_at < not_since,
    )
    return bool(tx.execute(taken).rowcount)


def give_letter_back(tx: Transaction, about: str) -> None:
    """Let any replica write about a trouble: the letter could not be sent."""
    tx.execute(delete(line_state).where(line_state.c.what == f"mail.{about}"))


def _counted(tx: Transaction, what: ColumnElement[Any], which: ColumnElement[bool]) -> dict[str, int]:
    found: Iterable[Any] = tx.execute(select(what, func.count()).where(which).group_by(what))
    return {str(named): int(number) for named, number in found}


def _rings(tx: Transaction) -> dict[tuple[str, str], int]:
    """Count every ring that has ended, also those whose person is forgotten."""
    kept = Counter(_counted_pairs(tx, legs.c.role, legs.c.result, legs.c.ended_at.is_not(None)))
    return dict(kept + Counter(past(tx)))


def _counted_pairs(
    tx: Transaction, first: ColumnElement[Any], second: ColumnElement[Any], which: ColumnElement[bool]
) -> dict[tuple[str, str], int]:
    found: Iterable[Any] = tx.execute(
        select(first, second, func.count()).where(which).group_by(first, second)
    )
    return {(str(one), str(other or "unknown")): int(number) for one, other, number in found}


def _to_human(tx: Transaction) -> ToHuman:
    first_met = (
        select(calls.c.came_in_at, func.min(conversations.c.met_at).label("met_at"))
        .join(conversations, conversations.c.call_id == calls.c.id)
        .where(conversations.c.met_at.is_not(None))
        .group_by(calls.c.id, calls.c.came_in_at)
        .subquery()
    )
    waited = _seconds_between(tx, first_met.c.came_in_at, first_met.c.met_at)
    within = (
        func.coalesce(func.sum(case((waited <= limit, 1), else_=0)), 0).label(f"b{n}")
        for n, limit in enumerate(BUCKETS)
    )
    row: Sequence[Any] = tx.execute(select(*within, func.count(), func.coalesce(func.sum(waited), 0.0))).one()
    return ToHuman(tuple(int(number) for number in row[:-2]), int(row[-2]), float(row[-1]))


def _seconds_between(
    tx: Transaction, earlier: ColumnElement[Any], later: ColumnElement[Any]
) -> ColumnElement[Any]:
    if tx.connection.dialect.name == "sqlite":
        days = func.julianday(later) - func.julianday(earlier)
        return func.round(days * literal_column("86400.0"), 3)
    plain = DateTime(timezone=True)
    return cast(extract("epoch", type_coerce(later, plain) - type_coerce(earlier, plain)), Float)
