"""What is done with a file of shifts: read, checked as a whole, and let in without holding up a call?"""

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from hotline.audit.actions import note_change
from hotline.clock import make_room
from hotline.database import Database
from hotline.oncall import store as duty
from hotline.oncall.actions import known_already
from hotline.oncall.files import store
from hotline.oncall.news import store as news
from hotline.oncall.rota.diff import differences
from hotline.oncall.timesheet import read_timesheet
from hotline.people.csv_rows import ImportResult
from hotline.people.store import everybody

_CHUNK = 250
_CUT_SHORT = timedelta(hours=1)


def import_file(
    database: Database,
    csv_text: str,
    zone: ZoneInfo,
    country: str,
    source: str,
    by: str,
    countries: Collection[str] = ("IT",),
) -> ImportResult:
    """Add the shifts of a CSV file that are not there yet, all at one moment; nothing is ever removed.

    All or nothing: raise `BadInput` naming the bad rows by line and reason. However long the file, every
    transaction is short (`live-call` §9): rows are written while they count for nobody, then let in at once.
    Whoever gets coming shifts by it is told, as when a rota is published; of what is over nobody is.
    """
    with database.reading() as tx:
        stored = partial(duty.imported_between, tx)
        shifts = read_timesheet(csv_text, everybody(tx), country, source, zone, stored, countries)
        if not shifts:
            return ImportResult()
        first, last = min(one.starts_at for one in shifts), max(one.ends_at for one in shifts)
        known = known_already(tx, shifts) | set(stored(first, last))
        missing = sorted(set(shifts) - known, key=lambda one: (one.starts_at, one.person_id))
        to_tell = news.rows_of(differences((), (one for one in missing if one.ends_at > tx.now)))
    if missing:
        with database.transaction() as tx:
            number = store.begin(tx)
        for begins in range(0, len(missing), _CHUNK):
            make_room()
            with database.transaction() as tx:
                store.add_rows(tx, number, missing[begins : begins + _CHUNK])
        with database.transaction() as tx:
            store.finish(tx, number)
            note_change(tx, by, "shifts imported", None, f"{len(missing)} shifts", f"import of {source}")
            news.add(tx, to_tell)
        settle(database)
    return ImportResult(added=len(missing), unchanged=len(shifts) - len(missing))


def settle(database: Database) -> None:
    """Make the shifts of finished files ordinary ones, and delete the rest of files that were cut short."""
    more = True
    while more:
        make_room()
        with database.transaction() as tx:
            more = store.settle(tx, _CHUNK, tx.now - _CUT_SHORT)
