"""Every question and change put to the table of conversations."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from hotline.calls.call import LegResult
from hotline.calls.store import insert_new
from hotline.calls.tables import conversations, legs
from hotline.database import Transaction
from hotline.oncall.proof.duty import WorkedPeriod


def open_room(tx: Transaction, room: str, call_id: str, leg_id: str) -> None:
    """Store a conversation about to begin."""
    tx.execute(
        insert(conversations), {"room": room, "call_id": call_id, "leg_id": leg_id, "opened_at": tx.now}
    )


def enter_room(tx: Transaction, room: str, call_id: str, leg_id: str) -> None:
    """Store that a further leg enters a room, once."""
    row = {"room": room, "call_id": call_id, "leg_id": leg_id, "opened_at": tx.now}
    already = (
        select(conversations.c.met_at).where(conversations.c.room == room).order_by(conversations.c.met_at)
    )
    met_at = tx.execute(already.limit(1)).scalar()
    tx.execute(insert_new(tx, conversations), {**row, "met_at": tx.now if met_at is not None else None})


def somebody_left(tx: Transaction, call_id: str, room: str) -> bool:
    """Tell whether one of the legs that were in a room (the last one, if not named) has ended."""
    rooms = conversations.c.room == room
    if not room:
        newest = select(conversations.c.room).where(conversations.c.call_id == call_id)
        rooms = (
            conversations.c.room
            == newest.order_by(conversations.c.opened_at.desc()).limit(1).scalar_subquery()
        )
    gone = select(func.count()).select_from(conversations.join(legs, legs.c.id == conversations.c.leg_id))
    return bool(tx.execute(gone.where(rooms, legs.c.ended_at.is_not(None))).scalar())


def note_met(tx: Transaction, room: str, since: datetime | None = None) -> str | None:
    """Store that people have met in the room, now or `since`; return its call, or None if that was known."""
    result = tx.execute(
        update(conversations)
        .where(
            conversations.c.room == room, conversations.c.met_at.is_(None), conversations.c.ended_at.is_(None)
        )
        .values(met_at=since or tx.now)
        .returning(conversations.c.call_id)
    )
    found = result.first()
    return str(found.call_id) if found else None


def room_met_at(tx: Transaction, room: str) -> datetime | None:
    """Return since when people have been together in the room, as the room itself reported."""
    found = tx.execute(select(func.min(conversations.c.met_at)).where(conversations.c.room == room)).scalar()
    return found if isinstance(found, datetime) else None


def close_room(tx: Transaction, room: str, met_at: datetime | None) -> None:
    """Store the end of a conversation; who never met anybody keeps no `met_at`."""
    still_on = (conversations.c.room == room, conversations.c.ended_at.is_(None))
    if met_at is not None:
        unproven = update(conversations).where(*still_on, conversations.c.met_at.is_(None))
        tx.execute(unproven.values(met_at=met_at))
    tx.execute(update(conversations).where(*still_on).values(ended_at=tx.now))


def conversations_of(tx: Transaction, call_id: str) -> list[Row[Any]]:
    """Return who talked, from when to when."""
    chosen = select(conversations).where(conversations.c.call_id == call_id)
    return list(tx.execute(chosen.order_by(conversations.c.opened_at)))


def worked_between(tx: Transaction, start: datetime, end: datetime) -> tuple[WorkedPeriod, ...]:
    """Return when people answered calls, from the key that accepts to the end of their leg, oldest first.

    What is done after the call, away from the phone, is not known here.
    """
    met = (
        legs.c.result == LegResult.ACCEPTED,
        legs.c.answered_at < end,
        legs.c.ended_at > start,
        legs.c.ended_at > legs.c.answered_at,
    )
    rows = tx.execute(select(legs).where(*met).order_by(legs.c.answered_at, legs.c.id))
    return tuple(
        WorkedPeriod(row.person_id, row.answered_at, row.ended_at, heavy=row.afterwards == "heavy")
        for row in rows
    )


def met_last(tx: Transaction, call_id: str) -> bool:
    """Tell whether people met in the room that was opened last."""
    newest = select(conversations.c.met_at).where(conversations.c.call_id == call_id)
    return tx.execute(newest.order_by(conversations.c.opened_at.desc()).limit(1)).scalar() is not None


def ever_met(tx: Transaction, call_id: str) -> bool:
    """Tell whether the caller ever talked with somebody in this call."""
    met = select(func.count()).where(conversations.c.call_id == call_id, conversations.c.met_at.is_not(None))
    return bool(tx.execute(met).scalar())
