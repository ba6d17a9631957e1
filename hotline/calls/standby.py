"""What is written down in good times for bad ones? The backstop file, and the documents of the fallback."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event

from hotline.calls.backstop import BackstopFile, Period
from hotline.calls.fallback import fallback_documents, secret_folder, valid_until, write_documents
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.oncall import shifts
from hotline.oncall import store as oncall
from hotline.oncall.cover import LAST_RESORT_ROLE, who_answers
from hotline.people import store as people
from hotline.people.person import Person

AHEAD = timedelta(hours=72)
LOOKS_EVERY = 5
"""Seconds between two looks whether something has to be written anew."""

_LATEST = timedelta(minutes=1)


class WrittenAnew:
    """Write something down each minute, and within seconds of a change that this replica made itself."""

    def __init__(self, database: Database, write: Callable[[], None]) -> None:
        self._clock = database.clock
        self._write = write
        self._due_at = self._clock.now()
        self._changed = Event()
        for topic in (shifts.SIGNAL, people.SIGNAL):
            database.subscribe(topic, self._changed.set)

    def look(self) -> None:
        """Write if it is time; what could not be written is tried at the next look."""
        now = self._clock.now()
        if now < self._due_at and not self._changed.is_set():
            return
        self._changed.clear()
        try:
            self._write()
        except BaseException:
            self._changed.set()
            raise
        self._due_at = now + _LATEST


def write_backstop(board: Switchboard, database: Database, file: BackstopFile) -> None:
    """Write down whom to ring in the next 72 hours, for when the database is not there."""
    with database.reading() as tx:
        periods, last_resort = _periods(board, tx)
        everybody = people.everybody(tx)
    # Where nobody is on duty: whoever agreed to it first, and then every coordinator.
    others = [one.phone for one in everybody if one.role == LAST_RESORT_ROLE and _may_ring(board, one)]
    file.write(periods, list(dict.fromkeys((*last_resort, *others))))


def write_fallback(board: Switchboard, database: Database, folder: Path, url: str) -> None:
    """Write the documents that ring people when our whole site is down, true until the next hand-over."""
    with database.reading() as tx:
        now = tx.now
        periods, last_resort = _periods(board, tx)
    name = secret_folder(database.keyring)
    present = periods[0]
    hand_over = datetime.fromisoformat(present.ends_at)
    until = valid_until(now, hand_over)
    found = fallback_documents(board, (*present.numbers, *last_resort), f"{url}/{name}", now, until)
    write_documents(found, folder / name)


def _may_ring(board: Switchboard, person: Person) -> bool:
    return person.active and person.phone not in board.own_numbers


def _periods(board: Switchboard, tx: Transaction) -> tuple[list[Period], list[str]]:
    """Return who is on duty from now on, hand-over by hand-over, and who agreed to be the last resort."""
    coming = oncall.on_duty_between(tx, tx.now, tx.now + AHEAD)
    persons = {person.id: person for person in people.everybody(tx) if _may_ring(board, person)}
    edges = {tx.now, tx.now + AHEAD}
    for shift in coming:
        edges |= {moment for moment in (shift.starts_at, shift.ends_at) if moment > tx.now}
    order = [tier.role for tier in board.profile.tiers]
    periods = []
    for start, end in pairwise(sorted(edges)):
        able = [shift for shift in coming if shift.person_id in persons and shift.role in order]
        on = who_answers(shift for shift in able if shift.starts_at <= start < shift.ends_at)
        numbers = [persons[one.person_id].phone for one in sorted(on, key=lambda one: order.index(one.role))]
        periods.append(Period(start.isoformat(), end.isoformat(), tuple(dict.fromkeys(numbers))))
    return periods, [person.phone for person in persons.values() if person.last_resort]
