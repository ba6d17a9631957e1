"""Every question and change put to the tables of offered shifts and of who was asked for them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.database import Transaction
from hotline.oncall.swaps.offer import NEXT, OF_SOMEBODY_ELSE, Event, Offer, State
from hotline.oncall.swaps.tables import offer_asks, offers


def add(tx: Transaction, made: Offer) -> int | None:
    """Store an offer and return its number; None where this shift is offered already."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    row = {key: value for key, value in asdict(made).items() if key != "number"}
    row |= {"state": made.state.value, "made_by": made.made_by[:80]}
    added = dialect.insert(offers).on_conflict_do_nothing().returning(offers.c.number)
    return tx.execute(added, row).scalar()


def by_number(tx: Transaction, number: int) -> Offer | None:
    """Return one offer, also an old one."""
    return next(iter(_read(tx.execute(select(offers).where(offers.c.number == number)))), None)


def still_open(tx: Transaction) -> tuple[Offer, ...]:
    """Return the offers that nobody has taken yet, the shift that begins first at first."""
    found = select(offers).where(offers.c.state == State.OPEN)
    return _read(tx.execute(found.order_by(offers.c.starts_at, offers.c.number)))


def newest(tx: Transaction, most: int) -> tuple[Offer, ...]:
    """Return the offers made last, newest first."""
    return _read(tx.execute(select(offers).order_by(offers.c.number.desc()).limit(most)))


def open_of(tx: Transaction, person_id: str) -> tuple[Offer, ...]:
    """Return what somebody offers, the newest first."""
    mine = select(offers).where(offers.c.state == State.OPEN, offers.c.person_id == person_id)
    return _read(tx.execute(mine.order_by(offers.c.opened_at.desc(), offers.c.number.desc())))


def taken_by(tx: Transaction, person_id: str, most: int = 10) -> tuple[Offer, ...]:
    """Return what somebody took, or was given, and still has, the newest first."""
    theirs = select(offers).where(offers.c.taken_by == person_id, offers.c.state.in_(OF_SOMEBODY_ELSE))
    return _read(tx.execute(theirs.order_by(offers.c.taken_at.desc(), offers.c.number.desc()).limit(most)))


def taken_since(tx: Transaction, moment: datetime) -> tuple[Offer, ...]:
    """Return what was taken since a moment, and is not left again, oldest first."""
    found = select(offers).where(offers.c.taken_at >= moment, offers.c.state.in_(OF_SOMEBODY_ELSE))
    return _read(tx.execute(found.order_by(offers.c.taken_at, offers.c.number)))


def move(tx: Transaction, number: int, event: Event, more: dict[str, Any] | None = None) -> bool:
    """Let an event happen to an offer: the one atomic step; False where its state does not allow it."""
    (to,) = {after for (_, what), after in NEXT.items() if what == event}
    before = [state for state, what in NEXT if what == event]
    moved = update(offers).where(offers.c.number == number, offers.c.state.in_(before))
    return bool(tx.execute(moved.values(state=to.value, **(more or {}))).rowcount)


def ask(tx: Transaction, number: int, people: Sequence[str]) -> None:
    """Store whom to ask, the best first, from now on; whoever is known already keeps their place.

    Everybody who has not said no is asked anew.
    """
    tx.execute(update(offers).where(offers.c.number == number).values(chosen_at=tx.now))
    anew = update(offer_asks).where(offer_asks.c.offer == number, offer_asks.c.declined_at.is_(None))
    tx.execute(anew.values(asked_at=None))
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    known = tx.execute(select(func.count()).where(offer_asks.c.offer == number)).scalar_one()
    rows = [
        {"offer": number, "person_id": person_id, "place": known + place}
        for place, person_id in enumerate(people)
    ]
    if rows:
        tx.connection.execute(dialect.insert(offer_asks).on_conflict_do_nothing(), rows)


def to_ask(tx: Transaction, number: int) -> tuple[str, ...]:
    """Return who is still to be asked, the best first."""
    waiting = (offer_asks.c.offer == number, offer_asks.c.asked_at.is_(None))
    found = select(offer_asks.c.person_id).where(*waiting, offer_asks.c.declined_at.is_(None))
    return tuple(tx.execute(found.order_by(offer_asks.c.place)).scalars())


def asked(tx: Transaction, number: int, person_id: str) -> None:
    """Store that somebody was asked just now."""
    _change_ask(tx, number, person_id, {"asked_at": tx.now})


def declined(tx: Transaction, number: int, person_id: str) -> None:
    """Store that somebody said no: they are not asked again."""
    _change_ask(tx, number, person_id, {"declined_at": tx.now})


def asked_for(tx: Transaction, person_id: str) -> Offer | None:
    """Return what "I take it" means: the offer that somebody was asked for last, an open one before all."""
    mine = (offer_asks.c.person_id == person_id, offer_asks.c.asked_at.is_not(None))
    found = select(offers).join(offer_asks, offer_asks.c.offer == offers.c.number).where(*mine)
    last = found.order_by(offer_asks.c.asked_at.desc(), offers.c.number.desc()).limit(1)
    open_now = _read(tx.execute(last.where(offers.c.state == State.OPEN)))
    return next(iter(open_now or _read(tx.execute(last.where(offers.c.ends_at > tx.now)))), None)


def open_to(tx: Transaction, person_id: str) -> tuple[Offer, ...]:
    """Return the open offers that somebody was asked for and has not declined, the earliest shift first."""
    asked = (offer_asks.c.person_id == person_id, offer_asks.c.asked_at.is_not(None))
    found = select(offers).join(offer_asks, offer_asks.c.offer == offers.c.number).where(*asked)
    found = found.where(offers.c.state == State.OPEN, offer_asks.c.declined_at.is_(None))
    return _read(tx.execute(found.order_by(offers.c.starts_at, offers.c.number)))


def forget_asked(tx: Transaction, ended_before: datetime) -> None:
    """Forget who was asked for shifts that are long over."""
    over = select(offers.c.number).where(offers.c.ends_at < ended_before)
    over = over.where(or_(offers.c.return_ends_at.is_(None), offers.c.return_ends_at < ended_before))
    tx.execute(delete(offer_asks).where(offer_asks.c.offer.in_(over)))


def _change_ask(tx: Transaction, number: int, person_id: str, values: dict[str, Any]) -> None:
    one = (offer_asks.c.offer == number, offer_asks.c.person_id == person_id)
    if not tx.execute(update(offer_asks).where(*one).values(values)).rowcount:
        tx.execute(insert(offer_asks), {"offer": number, "person_id": person_id, "place": 0, **values})


def _read(rows: Any) -> tuple[Offer, ...]:
    return tuple(map(_offer, rows))


def _offer(row: Row[Any]) -> Offer:
    return Offer(**{**row._asdict(), "state": State(row.state)})
