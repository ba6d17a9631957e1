"""What is written down in good times for bad ones? The backstop file, and the documents of the fallback."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hotline.calls.backstop import BackstopFile, Period
from hotline.calls.fallback import fallback_documents, secret_folder, valid_until, write_documents
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.oncall import store as oncall
from hotline.oncall.cover import LAST_RESORT_ROLE, who_answers
from hotline.people import store as people
from hotline.people.person import Person

AHEAD = timedelta(hours=72)


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
    shifts = oncall.on_duty_between(tx, tx.now, tx.now + AHEAD)
    persons = {person.id: person for person in people.everybody(tx) if _may_ring(board, person)}
    edges = {tx.now, tx.now + AHEAD}
    for shift in shifts:
        edges |= {moment for moment in (shift.starts_at, shift.ends_at) if moment > tx.now}
    order = [tier.role for tier in board.profile.tiers]
    periods = []
    for start, end in pairwise(sorted(edges)):
        able = [shift for shift in shifts if shift.person_id in persons and shift.role in order]
        on = who_answers(shift for shift in able if shift.starts_at <= start < shift.ends_at)
        numbers = [persons[one.person_id].phone for one in sorted(on, key=lambda one: order.index(one.role))]
        periods.append(Period(start.isoformat(), end.isoformat(), tuple(dict.fromkeys(numbers))))
    return periods, [person.phone for person in persons.values() if person.last_resort]
