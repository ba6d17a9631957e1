"""Every question and change put to what is known of forms."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, literal, or_, select

from hotline.calls.call import Call, CallOutcome
from hotline.calls.forms.form import Spoke
from hotline.calls.forms.tables import forms
from hotline.calls.store import calls_of_rows, insert_new
from hotline.calls.tables import calls, conversations, legs
from hotline.database import Transaction
from hotline.followups.followup import Result
from hotline.followups.tables import call_backs, follow_ups

_TALKED = follow_ups.c.outcome == Result.TALKED
_WAS_SPOKEN_WITH = or_(
    calls.c.outcome == CallOutcome.ANSWERED,
    exists().where(follow_ups.c.call_id == calls.c.id, _TALKED).correlate(calls),
)
"""A person answered, and the call is over; or we called back, and they talked."""

_UNWRITTEN = (_WAS_SPOKEN_WITH, ~exists().where(forms.c.call_id == calls.c.id))


_TALKS = (
    select(
        calls.c.id.label("call_id"),
        legs.c.person_id,
        legs.c.role,
        # Of two who meet the caller at the same moment, who accepted was in the room before who joined.
        conversations.c.opened_at.label("since"),
        func.coalesce(conversations.c.ended_at, calls.c.ended_at).label("until"),
    )
    .join(legs, legs.c.id == conversations.c.leg_id)
    .join(calls, calls.c.id == conversations.c.call_id)
    .where(conversations.c.met_at.is_not(None))
)
_CALLED_BACK = (
    select(
        calls.c.id.label("call_id"),
        call_backs.c.person_id,
        literal("").label("role"),
        call_backs.c.met_at.label("since"),
        func.coalesce(call_backs.c.ended_at, follow_ups.c.done_at).label("until"),
    )
    .join(follow_ups, follow_ups.c.id == call_backs.c.follow_up_id)
    .join(calls, calls.c.id == follow_ups.c.call_id)
    .where(_TALKED, call_backs.c.met_at.is_not(None))
)


def was_spoken_with(tx: Transaction, call_id: str) -> bool:
    """Tell whether a person of ours spoke with the person of a call that is over."""
    found = select(calls.c.id).where(calls.c.id == call_id, _WAS_SPOKEN_WITH)
    return tx.execute(found).first() is not None


def unwritten(tx: Transaction, since: datetime, until: datetime) -> tuple[Call, ...]:
    """Return the calls of a time in which somebody was spoken with and no form is noted, oldest first."""
    found = select(calls).where(*_UNWRITTEN, *_came_in(since, until))
    return calls_of_rows(tx.execute(found.order_by(calls.c.came_in_at, calls.c.id)))


def spoke_in_unwritten(tx: Transaction, since: datetime, until: datetime) -> Iterator[Spoke]:
    """Yield who of ours spoke in these calls, and who called back and talked."""
    asked = (*_UNWRITTEN, *_came_in(since, until))
    for found in (_TALKS.where(*asked), _CALLED_BACK.where(*asked)):
        for row in tx.execute(found):
            yield Spoke(row.call_id, row.person_id, row.role, row.since, row.until)


def add(tx: Transaction, call_id: str, person_id: str) -> bool:
    """Store that somebody notes the form of a call as written; False when it was noted before."""
    row = {"call_id": call_id, "noted_at": tx.now, "noted_by": person_id}
    return bool(tx.execute(insert_new(tx, forms), row).rowcount)


def _came_in(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return calls.c.came_in_at >= since, calls.c.came_in_at < until
