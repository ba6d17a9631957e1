"""Every question and change put to the tables of calls, legs and events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.calls.call import Call, CallOutcome, Leg, LegResult, LegState
from hotline.calls.tables import HEAVY, calls, events, legs
from hotline.database import Transaction, UtcMoment
from hotline.ivr.nodes import Position

# Built once: every turn asks these, and building a statement costs as much as running it.
_LOCK_CALL = select(calls).where(calls.c.id == bindparam("id")).with_for_update()
_LOCK_CALL_OF_LEG = (
    select(calls)
    .where(calls.c.id == select(legs.c.call_id).where(legs.c.id == bindparam("leg_id")).scalar_subquery())
    .with_for_update()
)
_LEGS_OF = select(legs).where(legs.c.call_id == bindparam("call_id")).order_by(legs.c.created_at)
_LEG = select(legs).where(legs.c.id == bindparam("id"))
# And these are asked by the clock, every few seconds.
_MOMENT = bindparam("moment", type_=UtcMoment)
_OPEN_CALLS = select(calls).where(calls.c.ended_at.is_(None))
_OVERDUE = _OPEN_CALLS.where(calls.c.pass_due_at < _MOMENT)
_IN_A_LONG_SENTENCE = _OPEN_CALLS.where(
    calls.c.winner.is_(None),
    calls.c.pass_due_at >= _MOMENT,
    exists().where(legs.c.call_id == calls.c.id, legs.c.ended_at.is_(None)),
)
_LOOK = select(calls.c.id).where(
    calls.c.ended_at.is_(None), calls.c.winner.is_(None), calls.c.ring_check_at <= _MOMENT
)
_WAITING = (
    _OPEN_CALLS.where(
        calls.c.winner.is_(None),
        calls.c.rung_at.is_not(None),
        calls.c.position == Position.HOLD,
        calls.c.id != bindparam("except_id"),
    )
    .order_by(calls.c.came_in_at)
    .with_for_update(skip_locked=True)
)


def add_call(tx: Transaction, call: Call) -> bool:
    """Store a call that came in; False when its SID is known."""
    return bool(tx.execute(insert_new(tx, calls), _call_row(call)).rowcount)


def lock_call(tx: Transaction, call_id: str) -> Call | None:
    """Return a call and keep every other turn of it waiting until the commit."""
    return _call(tx.execute(_LOCK_CALL, {"id": call_id}).first())


def lock_call_by_sid(tx: Transaction, sid: str) -> Call | None:
    """Return the call with this SID, locked."""
    return _call(tx.execute(select(calls).where(calls.c.sid == sid).with_for_update()).first())


def lock_call_of_leg(tx: Transaction, leg_id: str) -> Call | None:
    """Return the call for which a leg was rung, locked."""
    return _call(tx.execute(_LOCK_CALL_OF_LEG, {"leg_id": leg_id}).first())


def call_by_sid(tx: Transaction, sid: str) -> Call | None:
    """Return a call for reading."""
    return _call(tx.execute(select(calls).where(calls.c.sid == sid)).first())


def recent_calls(tx: Transaction, most: int) -> tuple[Call, ...]:
    """Return the newest calls first."""
    return calls_of_rows(tx.execute(select(calls).order_by(calls.c.came_in_at.desc()).limit(most)))


def sids_of(tx: Transaction, call_ids: Iterable[str]) -> dict[str, str]:
    """Return the SIDs of calls by their ids."""
    found = tx.execute(select(calls.c.id, calls.c.sid).where(calls.c.id.in_(set(call_ids))))
    return {row.id: row.sid for row in found}


def known_and_rung(tx: Transaction, sids: Iterable[str]) -> frozenset[str]:
    """Return which of these calls we know as calls for which phones rang, or as those of our own people."""
    rung = or_(calls.c.rung_at.is_not(None), calls.c.outcome.is_(None))
    found = tx.execute(select(calls.c.sid).where(calls.c.sid.in_(set(sids)), rung))
    return frozenset(row.sid for row in found)


def first_came_in_at(tx: Transaction) -> datetime | None:
    """Return when the oldest call that we know came in, None before the first."""
    oldest = tx.execute(select(calls.c.came_in_at).order_by(calls.c.came_in_at).limit(1)).scalar()
    return oldest if isinstance(oldest, datetime) else None


def overdue_calls(tx: Transaction, since: timedelta) -> tuple[Call, ...]:
    """Return the calls whose next pass should have come by now, and has not for `since`."""
    return calls_of_rows(tx.execute(_OVERDUE, {"moment": tx.now - since}))


def rung_for_in_a_long_sentence(tx: Transaction, at_least: timedelta) -> tuple[Call, ...]:
    """Return the calls for which phones ring, and whose next pass comes in `at_least` or later."""
    return calls_of_rows(tx.execute(_IN_A_LONG_SENTENCE, {"moment": tx.now + at_least}))


def claim(tx: Transaction, call_id: str, leg_id: str) -> bool:
    """Make a leg the winner, if there is none and the caller has not left: the one atomic claim."""
    result = tx.execute(
        update(calls)
        .where(calls.c.id == call_id, calls.c.winner.is_(None), calls.c.caller_left_at.is_(None))
        .values(winner=leg_id)
    )
    return bool(result.rowcount)


def change_call(tx: Transaction, call_id: str, values: dict[str, Any]) -> None:
    """Store what a turn changed about a call."""
    tx.execute(update(calls).where(calls.c.id == call_id).values(_encoded(values)))


def waiting_calls(tx: Transaction, except_id: str) -> tuple[Call, ...]:
    """Return the other calls that wait for a phone, oldest first; calls in another turn are passed over."""
    return calls_of_rows(tx.execute(_WAITING, {"except_id": except_id}))


def waiting_for_a_look(tx: Transaction) -> tuple[str, ...]:
    """Return the calls for which it is time to look whose phone must ring."""
    return tuple(tx.execute(_LOOK, {"moment": tx.now}).scalars())


def add_legs(tx: Transaction, new: Sequence[Leg]) -> tuple[Leg, ...]:
    """Store legs about to be rung; return those stored, without people who already have a live one."""
    if not new:
        return ()
    rows = [{column.name: getattr(leg, column.name) for column in legs.c} for leg in new]
    stored = set(tx.execute(insert_new(tx, legs).returning(legs.c.id), rows).scalars())
    return tuple(leg for leg in new if leg.id in stored)


def legs_of(tx: Transaction, call_id: str) -> tuple[Leg, ...]:
    """Return every leg of a call, oldest first."""
    return tuple(map(_leg, tx.execute(_LEGS_OF, {"call_id": call_id})))


def leg(tx: Transaction, leg_id: str) -> Leg | None:
    """Return one leg."""
    found = tx.execute(_LEG, {"id": leg_id}).first()
    return _leg(found) if found else None


def change_legs(tx: Transaction, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Store what happened to legs, by their ids; those of which the same is known go together."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for leg_id, values in changes.items():
        alike.setdefault(frozenset(values), []).append({"leg_id": leg_id, **values})
    for rows in alike.values():
        tx.execute(update(legs).where(legs.c.id == bindparam("leg_id")), rows)


def open_legs_older_than(tx: Transaction, moment: datetime) -> tuple[Leg, ...]:
    """Return the legs still open that were begun before `moment`."""
    return tuple(
        map(_leg, tx.execute(select(legs).where(legs.c.ended_at.is_(None), legs.c.created_at < moment)))
    )


def people_in_legs(tx: Transaction, except_call: str) -> frozenset[str]:
    """Return the people whose phone is in use for another call."""
    found = tx.execute(
        select(legs.c.person_id).where(legs.c.ended_at.is_(None), legs.c.call_id != except_call)
    )
    return frozenset(found.scalars())


def accepted_since(tx: Transaction, person_id: str, since: datetime) -> bool:
    """Tell whether somebody has answered a caller since a moment."""
    found = select(legs.c.id).where(
        legs.c.person_id == person_id, legs.c.result == LegResult.ACCEPTED, legs.c.created_at >= since
    )
    return tx.execute(found.limit(1)).first() is not None


def last_rung(tx: Transaction, people: Iterable[str]) -> dict[str, datetime]:
    """Return when each of these people was last rung; one index look-up each."""
    found: dict[str, datetime] = {}
    for person_id in people:
        newest = (
            select(legs.c.created_at)
            .where(legs.c.person_id == person_id)
            .order_by(legs.c.created_at.desc())
            .limit(1)
        )
        moment = tx.execute(newest).scalar()
        if moment is not None:
            found[person_id] = moment
    return found


def add_events(tx: Transaction, call_id: str, noted: Sequence[tuple[str, str, str | None]]) -> None:
    """Append to a call's timeline: (event, detail, person)."""
    rows = [
        {"call_id": call_id, "at": tx.now, "event": event, "detail": detail, "person_id": person_id}
        for event, detail, person_id in noted
    ]
    tx.execute(insert(events), rows)


def events_of(tx: Transaction, call_id: str) -> list[Row[Any]]:
    """Return a call's timeline."""
    return list(tx.execute(select(events).where(events.c.call_id == call_id).order_by(events.c.id)))


def resting_since(tx: Transaction, moment: datetime) -> frozenset[str]:
    """Return the people whose last words on a call since `moment` were that it was heavy."""
    heavy = select(legs.c.person_id).where(HEAVY, legs.c.ended_at >= moment)
    return frozenset(tx.execute(heavy).scalars())


def forget_calls_before(tx: Transaction, moment: datetime, most: int) -> int:
    """Erase the number and its hash of calls older than `moment`, at most `most` at once."""
    old = (
        select(calls.c.id)
        .where(calls.c.came_in_at < moment, calls.c.caller.is_not(None), calls.c.ended_at.is_not(None))
        .limit(most)
    )
    return tx.execute(update(calls).where(calls.c.id.in_(old)).values(caller=None)).rowcount


def delete_call(tx: Transaction, call_id: str) -> None:
    """Erase a call and all that hangs on it."""
    tx.execute(delete(calls).where(calls.c.id == call_id))


def insert_new(tx: Transaction, table: Table) -> Any:
    """Begin an insert that passes over rows which would repeat a unique key."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()


def new_id(tx: Transaction) -> str:
    """Return an id that nobody can guess; it begins with the second, so that new rows lie together."""
    return f"{int(tx.now.timestamp()):08x}{token_hex(8)}"


def _call(row: Row[Any] | None) -> Call | None:
    if row is None:
        return None
    values = row._asdict()
    values["position"] = Position(values["position"])
    values["flags"] = frozenset(values["flags"].split())
    values["keys"] = tuple(_key(part) for part in values["keys"].split())
    values["outcome"] = CallOutcome(values["outcome"]) if values["outcome"] else None
    return Call(**values)


def calls_of_rows(rows: Iterable[Row[Any]]) -> tuple[Call, ...]:
    """Return stored calls as they are known here."""
    return tuple(call for call in map(_call, rows) if call is not None)


def _call_row(call: Call) -> dict[str, Any]:
    return _encoded({column.name: getattr(call, column.name) for column in calls.c})


def _encoded(values: dict[str, Any]) -> dict[str, Any]:
    encoded = dict(values)
    if "flags" in encoded:
        encoded["flags"] = " ".join(sorted(encoded["flags"]))
    if "keys" in encoded:
        encoded["keys"] = " ".join(f"{key}@{at.timestamp():.3f}" for key, at in encoded["keys"])
    return encoded


def _key(text: str) -> tuple[str, datetime]:
    key, _, at = text.partition("@")
    return key, datetime.fromtimestamp(float(at), UTC)


def _leg(row: Row[Any]) -> Leg:
    values = row._asdict()
    values["state"] = LegState(values["state"])
    values["result"] = LegResult(values["result"]) if values["result"] else None
    return Leg(**values)
