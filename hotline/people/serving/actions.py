"""What can be done about terms: import absences and wishes, note that a phone was heard."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from hotline.audit.actions import note_change, note_changes
from hotline.audit.change import Change
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.people.away import LONGEST_ABSENCE, read_absences, read_wishes
from hotline.people.csv_rows import ImportResult
from hotline.people.person import Person
from hotline.people.serving import store
from hotline.people.store import everybody, lock
from hotline.people.terms import Absence, Wish

_Row = TypeVar("_Row", Absence, Wish)


def import_absences(
    tx: Transaction,
    csv_text: str,
    zone: ZoneInfo,
    country: str = "IT",
    source: str = "the file",
    by: str = "an import",
) -> ImportResult:
    """Add the absences of a CSV file, or change the kind of those known; nothing is removed by an import.

    All or nothing: raise `BadInput` naming every bad row by line and reason.
    """
    read = read_absences(csv_text, everybody(tx), zone, country, source)
    known = {(one.person_id, one.starts_at, one.ends_at): one for one in store.every_absence(tx)}
    before = {one: known.get((one.person_id, one.starts_at, one.ends_at)) for one in read}
    store.add_absences(tx, [one for one, was in before.items() if was is None])
    store.change_absences(tx, [one for one, was in before.items() if was not in (None, one)])
    return _counted(tx, before, "absences", source, by)


def add_absence(tx: Transaction, absence: Absence, by: str, why: str = "") -> str:
    """Store one absence, and who wrote it down; return its id; raise `BadInput` when it cannot be.

    It may not overlap another of the same person: they are asked for one after the other.
    """
    if absence.ends_at <= absence.starts_at:
        raise BadInput("ends_at: not after starts_at; exchange or correct them")
    if absence.ends_at - absence.starts_at > LONGEST_ABSENCE:
        raise BadInput("ends_at: more than ten years after starts_at; correct the year")
    lock(tx, [absence.person_id])
    touched = store.absences_between(tx, absence.starts_at, absence.ends_at)
    if any(one.person_id == absence.person_id for one in touched):
        raise BadInput("overlaps another absence of the same person: make one of the two")
    key = store.add_absence(tx, absence)
    note_change(tx, by, f"absences of {absence.person_id}", None, _described(absence), why or None)
    return key


def remove_absence(tx: Transaction, absence_id: str, by: str, why: str) -> bool:
    """Take an absence back, and write down who did; False when it is not there (any more)."""
    absence = store.absence_by_id(tx, absence_id)
    if absence is None or not store.remove_absence(tx, absence_id):
        return False
    note_change(tx, by, f"absences of {absence.person_id}", _described(absence), None, why)
    return True


def import_wishes(
    tx: Transaction, csv_text: str, country: str = "IT", source: str = "the file", by: str = "an import"
) -> ImportResult:
    """Add or change the preferred and impossible times of a CSV file; raise `BadInput` naming bad rows."""
    read = read_wishes(csv_text, everybody(tx), country, source)
    known = {(one.person_id, one.days, one.starts, one.ends): one for one in store.every_wish(tx)}
    before = {one: known.get((one.person_id, one.days, one.starts, one.ends)) for one in read}
    store.keep_wishes(tx, [one for one, was in before.items() if was != one])
    return _counted(tx, before, "wishes", source, by)


def phone_verified(
    tx: Transaction, person: Person, by: str = "", why: str = "pressed the key in a practice call"
) -> None:
    """Store that this phone was answered in a call that announced itself as a test, by a key or a code."""
    before = store.terms_of(tx, [person])[person.id]
    store.keep_terms(tx, [replace(before, phone_verified_at=tx.now)])
    was = before.phone_verified_at
    note_change(
        tx,
        by or person.id,
        f"person {person.id}",
        f"phone verified at {was.isoformat()}" if was else "phone never verified",
        f"phone verified at {tx.now.isoformat()}",
        why,
    )


def _counted(
    tx: Transaction, before: Mapping[_Row, _Row | None], kind: str, source: str, by: str
) -> ImportResult:
    """Write down each row that was added or changed, and return how many."""
    changes = [
        Change(
            tx.now, by, f"{kind} of {one.person_id}", _described(was), _described(one), f"import of {source}"
        )
        for one, was in before.items()
        if was != one
    ]
    note_changes(tx, changes)
    added = sum(was is None for was in before.values())
    return ImportResult(added, len(changes) - added, len(before) - len(changes))


def _described(one: Absence | Wish | None) -> str | None:
    if one is None:
        return None
    if isinstance(one, Absence):
        return f"{one.kind} from {one.starts_at.isoformat()} to {one.ends_at.isoformat()}"
    days = "".join(str(day + 1) for day in sorted(one.days))
    return f"{one.wish}: days {days} from {one.starts:%H:%M} to {one.ends:%H:%M}"
