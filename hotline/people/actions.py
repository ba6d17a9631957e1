"""What can be done about people: import them, let them go, text them or not, give them a PIN?"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from hotline.audit.actions import note_change, note_changes
from hotline.audit.change import Change
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.people import store
from hotline.people.csv_rows import ImportResult
from hotline.people.person import Person
from hotline.people.pin import fit_pin, hash_pin, pin_matches
from hotline.people.roster import RosterRow, read_roster
from hotline.people.serving import store as serving
from hotline.people.serving.described import person_described
from hotline.people.terms import Terms, contract_of_role
from hotline.phone_number import mask, parse_phone_number


def import_people(
    tx: Transaction,
    csv_text: str,
    country: str = "IT",
    source: str = "the file",
    own_numbers: Collection[str] = (),
    by: str = "an import",
) -> ImportResult:
    """Add or change the people of a CSV file, known by their phone; who is not in it stays as they are.

    All or nothing: raise `BadInput` naming every bad row by line and reason. Nobody's phone is one of the
    line's `own_numbers`, for it would ring itself.
    """
    rows = read_roster(csv_text, country, source, own_numbers)
    known = {person.phone: person for person in store.everybody(tx)}
    terms = serving.terms_of(tx, known.values())
    met = [_Met(row, before := known.get(row.phone), terms[before.id] if before else None) for row in rows]
    changed = [one for one in met if one.is_changed]
    store.add_people(tx, [one.person for one in changed if one.before is None])
    for one in changed:
        if one.before is not None:
            store.change_person(tx, one.person)
    serving.keep_terms(tx, [one.terms for one in changed if one.row.terms])
    note_changes(tx, [one.noted(tx.now, by, source) for one in changed])
    added = sum(one.before is None for one in changed)
    return ImportResult(added, len(changed) - added, len(met) - len(changed))


class _Met:
    """A row of a file, and who it is about: as they were, and as they are to be."""

    def __init__(self, row: RosterRow, before: Person | None, was: Terms | None) -> None:
        self.row, self.before, self.was = row, before, was
        self.person = _person(row, before)
        usual = was or Terms(self.person.id, contract_of_role(row.role))
        self.terms = replace(usual, **row.terms)

    @property
    def is_changed(self) -> bool:
        """Tell whether the file says anything new."""
        return (self.before, self.was) != (self.person, self.terms)

    def noted(self, at: datetime, by: str, source: str) -> Change:
        """Return what is written down about it."""
        before = person_described(self.before, self.was) if self.before and self.was else None
        after = person_described(self.person, self.terms)
        return Change(at, by, f"person {self.person.id}", before, after, f"import of {source}")


def know_interpreter(tx: Transaction, name: str, phone: str, languages: tuple[str, ...]) -> Person:
    """Return the person behind an interpreter's number of the profile; the first time they are added."""
    known = store.person_by_phone(tx, phone)
    if known is not None:
        return known
    person = Person(store.new_person_id(), name, phone, "interpreter", languages, last_resort=False)
    store.add_people(tx, [person])
    return person


def person_with(tx: Transaction, phone: str, country: str) -> Person:
    """Return the person with this phone; raise `BadInput` if nobody has it."""
    number = parse_phone_number(phone, country)
    person = store.person_by_phone(tx, number)
    if person is None:
        raise BadInput(f"nobody has the phone {mask(number)}; import the person first")
    return person


def set_active(
    tx: Transaction,
    phone: str,
    active: bool,
    country: str = "IT",
    by: str = "the terminal",
    why: str | None = None,
) -> Person:
    """Let the person with this phone be rung, or no longer; raise `BadInput` if nobody has it."""
    before = person_with(tx, phone, country)
    person = replace(before, active=active)
    store.change_person(tx, person)
    if before != person:
        was, now = (_ACTIVE[one.active] for one in (before, person))
        note_change(tx, by, f"person {person.id}", was, now, why)
    return person


_ACTIVE = {True: "active", False: "not active"}


def stop_texts(tx: Transaction, person_id: str, why: str = "texted STOP") -> None:
    """Text somebody nothing from now on, as they want it themselves."""
    if store.stop_texts(tx, person_id):
        note_change(tx, person_id, f"person {person_id}", _TEXTS, _CALLS, why)


def start_texts(tx: Transaction, person_id: str) -> None:
    """Text somebody again, as they want it themselves."""
    if store.start_texts(tx, person_id):
        note_change(tx, person_id, f"person {person_id}", _CALLS, _TEXTS, "texted START")


_TEXTS, _CALLS = "gets texts", "calls only"


def set_pin(tx: Transaction, phone: str, pin: str, country: str = "IT", by: str = "the terminal") -> Person:
    """Give the person with this phone a PIN; raise `BadInput` for an unfit PIN or an unknown phone."""
    person = person_with(tx, phone, country)
    store.set_pin_hash(tx, person.id, hash_pin(fit_pin(pin)))
    store.forget_pin_tries(tx, person.id)
    note_change(tx, by, f"person {person.id}", None, "a new PIN")
    return person


def try_pin(tx: Transaction, person_id: str, right: bool) -> bool:
    """Count a PIN that was keyed in; True when it opens: while the door is closed not even the right one."""
    tries = store.lock_pin_tries(tx, person_id)
    if tries.is_locked(tx.now):
        return False
    if right:
        store.forget_pin_tries(tx, person_id)
    else:
        store.keep_pin_tries(tx, person_id, tries.after_wrong(tx.now))
    return right


def has_pin(tx: Transaction, person_id: str, pin: str) -> bool:
    """Tell whether `pin` is this person's PIN."""
    return pin_matches(store.pin_hash_of(tx, person_id), pin)


def _person(row: RosterRow, before: Person | None) -> Person:
    """Return a person as the file has them; who was kept but had left is back, who wrote STOP stays so."""
    known = before or Person(store.new_person_id(), row.name, row.phone, row.role, (), last_resort=False)
    return replace(
        known,
        name=row.name,
        role=row.role,
        languages=row.languages,
        last_resort=row.last_resort,
        active=True,
    )
