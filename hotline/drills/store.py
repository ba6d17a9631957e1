"""Every question and change put to the table of practice calls."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, insert, select, update

from hotline.database import Transaction
from hotline.drills.drill import Drill, Result
from hotline.drills.tables import drills


def add(tx: Transaction, drill: Drill) -> None:
    """Store a practice call about to be made."""
    tx.execute(insert(drills), {column.name: getattr(drill, column.name) for column in drills.c})


def get(tx: Transaction, drill_id: str) -> Drill | None:
    """Return a practice call, locked."""
    row = tx.execute(select(drills).where(drills.c.id == drill_id).with_for_update()).first()
    return _drill(row) if row else None


def live_of(tx: Transaction, people: Iterable[str]) -> tuple[Drill, ...]:
    """Return the practice calls that these people's phones are in, locked."""
    live = select(drills).where(drills.c.ended_at.is_(None), drills.c.person_id.in_(list(people)))
    return tuple(map(_drill, tx.execute(live.with_for_update())))


def newest(tx: Transaction, most: int) -> tuple[Drill, ...]:
    """Return the newest practice calls first."""
    found = tx.execute(select(drills).order_by(drills.c.asked_at.desc(), drills.c.id).limit(most))
    return tuple(map(_drill, found))


def change(tx: Transaction, drill_id: str, values: dict[str, Any]) -> None:
    """Store what became of a practice call."""
    tx.execute(update(drills).where(drills.c.id == drill_id).values(values))


def _drill(row: Row[Any]) -> Drill:
    values = row._asdict()
    values["result"] = Result(values["result"]) if values["result"] else None
    return Drill(**values)
