"""Every question and change put to the files of shifts that are coming in."""

from collections.abc import Iterable
from datetime import datetime
from secrets import token_hex

from sqlalchemy import and_, delete, exists, insert, or_, select, update

from hotline.database import Transaction
from hotline.oncall.files.tables import shift_files
from hotline.oncall.overrides.store import newest_override
from hotline.oncall.shifts import SIGNAL, Shift
from hotline.oncall.store import IMPORT
from hotline.oncall.tables import shifts


def begin(tx: Transaction) -> int:
    """Store that a file begins to come in; return its number."""
    added = insert(shift_files).values(begun_at=tx.now).returning(shift_files.c.number)
    return int(tx.execute(added).scalar_one())


def add_rows(tx: Transaction, number: int, added: Iterable[Shift]) -> None:
    """Store shifts of a file that count for nobody before it is finished."""
    known = newest_override(tx)
    rows = [
        {
            "id": token_hex(8),
            "source": IMPORT,
            "version": -number,
            "after_override": known,
            "person_id": shift.person_id,
            "role": shift.role,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
        }
        for shift in added
    ]
    tx.execute(insert(shifts), rows)


def finish(tx: Transaction, number: int) -> None:
    """Let every shift of a file count, from this moment on."""
    tx.execute(update(shift_files).where(shift_files.c.number == number).values(finished_at=tx.now))
    tx.signal(SIGNAL)


def settle(tx: Transaction, most: int, given_up_before: datetime) -> bool:
    """Make at most so many shifts of a file ordinary ones; False when there is no file left to settle.

    The rows of a file that was cut short are deleted.
    """
    ready = or_(shift_files.c.finished_at.is_not(None), shift_files.c.begun_at < given_up_before)
    file = tx.execute(select(shift_files).where(ready).order_by(shift_files.c.number).limit(1)).first()
    if file is None:
        return False
    mine = select(shifts.c.id).where(shifts.c.version == -file.number).limit(most)
    ids = list(tx.execute(mine).scalars())
    if not ids:
        tx.execute(delete(shift_files).where(shift_files.c.number == file.number))
    elif file.finished_at is None:
        tx.execute(delete(shifts).where(shifts.c.id.in_(ids)))
    else:
        _make_ordinary(tx, ids)
    return True


def _make_ordinary(tx: Transaction, ids: list[str]) -> None:
    twin = shifts.alias("twin")
    names = ("person_id", "role", "starts_at", "ends_at", "after_override")
    same = and_(*(twin.c[name] == shifts.c[name] for name in names), twin.c.version == 0)
    tx.execute(delete(shifts).where(shifts.c.id.in_(ids), exists().where(same)))
    tx.execute(update(shifts).where(shifts.c.id.in_(ids)).values(version=0))
