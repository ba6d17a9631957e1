"""What can be done about people: import them from a file, give them a PIN."""

from collections.abc import Collection
from dataclasses import replace

from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.people import store
from hotline.people.csv_rows import ImportResult
from hotline.people.person import Person
from hotline.people.pin import fit_pin, hash_pin, pin_matches
from hotline.people.roster import RosterRow, read_roster
from hotline.phone_number import mask, parse_phone_number


def import_people(
    tx: Transaction,
    csv_text: str,
    country: str = "IT",
    source: str = "the file",
    own_numbers: Collection[str] = (),
) -> ImportResult:
    """Add or change the people of a CSV file, known by their phone; who is not in it stays as they are.

    All or nothing: raise `BadInput` naming every bad row by line and reason. Nobody's phone is one of the
    line's `own_numbers`, for it would ring itself.
    """
    rows = read_roster(csv_text, country, source, own_numbers)
    known = {person.phone: person for person in store.everybody(tx)}
    added = [_person(store.new_person_id(), row) for row in rows if row.phone not in known]
    met = [(known[row.phone], _person(known[row.phone].id, row)) for row in rows if row.phone in known]
    changed = [after for before, after in met if after != before]
    store.add_people(tx, added)
    for person in changed:
        store.change_person(tx, person)
    return ImportResult(len(added), len(changed), len(met) - len(changed))


def know_interpreter(tx: Transaction, name: str, phone: str, languages: tuple[str, ...]) -> Person:
    """Return the person behind an interpreter's number of the profile; the first time they are added."""
    known = store.person_by_phone(tx, phone)
    if known is not None:
        return known
    person = Person(store.new_person_id(), name, phone, "interpreter", languages, last_resort=False)
    store.add_people(tx, [person])
    return person


def set_active(tx: Transaction, phone: str, active: bool, country: str = "IT") -> Person:
    """Let the person with this phone be rung, or no longer; raise `BadInput` if nobody has it."""
    person = replace(_known(tx, phone, country), active=active)
    store.change_person(tx, person)
    return person


def set_pin(tx: Transaction, phone: str, pin: str, country: str = "IT") -> Person:
    """Give the person with this phone a PIN; raise `BadInput` for an unfit PIN or an unknown phone."""
    person = _known(tx, phone, country)
    store.set_pin_hash(tx, person.id, hash_pin(fit_pin(pin)))
    store.forget_pin_tries(tx, person.id)
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


def _known(tx: Transaction, phone: str, country: str) -> Person:
    number = parse_phone_number(phone, country)
    person = store.person_by_phone(tx, number)
    if person is None:
        raise BadInput(f"nobody has the phone {mask(number)}; import the person first")
    return person


def _person(person_id: str, row: RosterRow) -> Person:
    return Person(person_id, row.name, row.phone, row.role, row.languages, row.last_resort)
