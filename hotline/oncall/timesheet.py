"""What does a CSV file of shifts say, row by row?"""

from collections.abc import Iterable
from datetime import UTC, datetime

from hotline.errors import BadInput
from hotline.oncall.shifts import Shift
from hotline.people.csv_rows import CsvFile, CsvRow
from hotline.people.person import Person
from hotline.phone_number import mask, parse_phone_number
from hotline.profile import ROLES

COLUMNS = ("phone", "role", "starts_at", "ends_at")


def read_timesheet(
    text: str, people: Iterable[Person], country: str = "IT", source: str = "the file"
) -> tuple[Shift, ...]:
    """Read `phone,role,starts_at,ends_at`; raise `BadInput` naming every bad row.

    Moments are ISO 8601 with an offset, for without it an hour of October happens twice.
    """
    file = CsvFile(text, source)
    owner = {person.phone: person for person in people}
    shifts = []
    for row in file.rows(COLUMNS):
        try:
            shifts.append(_shift(row, owner, country))
        except BadInput as error:
            file.refuse(row.line, str(error))
    file.raise_if_any()
    return tuple(shifts)


def _shift(row: CsvRow, owner: dict[str, Person], country: str) -> Shift:
    phone = row["phone"] if row["phone"] in owner else parse_phone_number(row["phone"], country)
    person = owner.get(phone)
    if person is None:
        raise BadInput(f"phone: nobody has {mask(phone)}; import the person first")
    if not person.active:
        raise BadInput(f"phone: the person with {mask(phone)} is no longer active")
    role = row["role"].lower()
    if role not in ROLES:
        raise BadInput(f"role: {row['role']!r} is not one of {', '.join(ROLES)}")
    if role != person.role:
        raise BadInput(f"role: the person with {mask(phone)} is a {person.role}, not a {role}; correct one")
    return Shift(person.id, role, _moment(row, "starts_at"), _moment(row, "ends_at"))


def _moment(row: CsvRow, column: str) -> datetime:
    example = "write it with its offset, as 2026-11-22T20:00+01:00"
    try:
        moment = datetime.fromisoformat(row[column])
    except ValueError as error:
        raise BadInput(f"{column}: {row[column]!r} is not a moment; {example}") from error
    if moment.tzinfo is None:
        raise BadInput(f"{column}: {row[column]!r} has no offset from UTC; {example}")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise BadInput(f"{column}: {row[column]!r} is out of the calendar; {example}") from error
