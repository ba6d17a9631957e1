"""Every question and change put to the table of what people are still to be told."""

import json
from collections.abc import Iterable
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from hotline.database import Transaction
from hotline.oncall.news.news import News
from hotline.oncall.news.tables import shift_news
from hotline.oncall.rota.diff import PersonDiff
from hotline.oncall.shifts import Shift


def rows_of(changes: Iterable[PersonDiff]) -> list[dict[str, str]]:
    """Return what is to be told as it is stored: of years of shifts that takes longer than storing it."""
    return [
        {
            "id": token_hex(8),
            "person_id": one.person_id,
            "gained": _written(one.gained),
            "lost": _written(one.lost),
        }
        for one in changes
        if one.gained or one.lost
    ]


def add(tx: Transaction, rows: Iterable[dict[str, str]]) -> None:
    """Store what is to be told, a row for each person; see `rows_of`."""
    noted = [{**row, "noted_at": tx.now} for row in rows]
    if noted:
        tx.execute(insert(shift_news), noted)


def who_is_untold(tx: Transaction) -> tuple[str, ...]:
    """Return who has not been told yet of some change, by id."""
    waiting = select(shift_news.c.person_id).where(shift_news.c.told_at.is_(None)).distinct()
    return tuple(tx.execute(waiting.order_by(shift_news.c.person_id)).scalars())


def untold(tx: Transaction, person_id: str | None = None) -> tuple[News, ...]:
    """Return what nobody has been told yet, oldest first; of one person where one is named."""
    waiting = select(shift_news).where(shift_news.c.told_at.is_(None))
    if person_id is not None:
        waiting = waiting.where(shift_news.c.person_id == person_id)
    return _read(tx.execute(waiting.order_by(shift_news.c.noted_at, shift_news.c.id)))


def newest(tx: Transaction, most: int) -> tuple[News, ...]:
    """Return the newest changes first, told or not."""
    return _read(tx.execute(select(shift_news).order_by(shift_news.c.noted_at.desc()).limit(most)))


def told(tx: Transaction, news: Iterable[News], told_by: str) -> None:
    """Store that somebody has been told."""
    ids = [one.id for one in news]
    known = update(shift_news).where(shift_news.c.id.in_(ids), shift_news.c.told_at.is_(None))
    tx.execute(known.values(told_at=tx.now, told_by=told_by))


def forget_before(tx: Transaction, moment: datetime, most: int) -> int:
    """Delete what was to be told before a moment, at most so many at once; return how many there were."""
    old = select(shift_news.c.id).where(shift_news.c.noted_at < moment).limit(most)
    return tx.execute(delete(shift_news).where(shift_news.c.id.in_(old))).rowcount


def _read(rows: Iterable[Row[Any]]) -> tuple[News, ...]:
    found = []
    for row in rows:
        values = row._asdict()
        for name in ("gained", "lost"):
            values[name] = _shifts(row.person_id, values[name])
        found.append(News(**values))
    return tuple(found)


def _written(shifts: Iterable[Shift]) -> str:
    return json.dumps([[one.role, one.starts_at.isoformat(), one.ends_at.isoformat()] for one in shifts])


def _shifts(person_id: str, text: str) -> tuple[Shift, ...]:
    return tuple(
        Shift(person_id, role, datetime.fromisoformat(starts), datetime.fromisoformat(ends))
        for role, starts, ends in json.loads(text)
    )
