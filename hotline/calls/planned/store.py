"""Every question and change put to the table of people planned for a call."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from hotline.calls import store
from hotline.calls.tables import legs, planned
from hotline.database import Transaction
from hotline.oncall.shifts import Shift


def remember(tx: Transaction, call_id: str, on_duty: Sequence[Shift]) -> None:
    """Remember whom a call must not forget; those already remembered stay as they are."""
    rows = [{"call_id": call_id, "person_id": shift.person_id, "role": shift.role} for shift in on_duty]
    if rows:
        tx.execute(store.insert_new(tx, planned), rows)


def remembered_by(tx: Transaction, call_id: str) -> dict[tuple[str, str], datetime | None]:
    """Return whom a call must not forget, as (person, role), and when that person was last rung."""
    last_rung = (
        select(legs.c.created_at)
        .where(legs.c.person_id == planned.c.person_id)
        .order_by(legs.c.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = tx.execute(
        select(planned.c.person_id, planned.c.role, last_rung.label("last_rung")).where(
            planned.c.call_id == call_id
        )
    )
    return {(row.person_id, row.role): row.last_rung for row in found}
