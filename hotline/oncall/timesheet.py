"""What does a CSV file of shifts say, row by row, and how are shifts written as one?"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from hotline.errors import BadInput
from hotline.oncall.shifts import Shift
from hotline.people.csv_rows import CsvFile, CsvRow, write_csv
from hotline.people.person import Person
from hotline.phone_number import mask, parse_phone_number
from hotline.profile import ROLES

_WEEK = timedelta(days=7)
_LONGEST_DUTY = timedelta(days=3653)
COLUMNS = ("phone", "role", "starts_at", "ends_at")


def read_timesheet(
    text: str, people: Iterable[Person], country: str = "IT", source: str = "the file"
) -> tuple[Shift, ...]:
    """Read `phone,role,starts_at,ends_at`; raise `BadInput` naming every bad row.

    Moments are ISO 8601 with an offset, for without it an hour of October happens twice.
    """
    file = CsvFile(text, source)
    owner = {person.phone: person for person in people}
    shifts: list[Shift] = []
    for row in file.rows(COLUMNS):
        try:
            shifts += _shifts(row, owner, country)
        except BadInput as error:
            file.refuse(row.line, str(error))
    file.raise_if_any()
    return tuple(shifts)


def write_timesheet(shifts: Iterable[Shift], people: Iterable[Person], zone: tzinfo) -> str:
    """Return shifts as a file that can be read again, in local time with its offset.

    It leaves out the shifts of whoever has left or serves in another role now: an import would refuse them.
    """
    known = {(one.id, one.role): one.phone for one in people if one.active}
    rows = (
        (
            known[one.person_id, one.role],
            one.role,
            one.starts_at.astimezone(zone).isoformat(),
            one.ends_at.astimezone(zone).isoformat(),
        )
        for one in shifts
        if (one.person_id, one.role) in known
    )
    return write_csv(COLUMNS, rows)


def _shifts(row: CsvRow, owner: dict[str, Person], country: str) -> list[Shift]:
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
    return _weeks(person.id, role, _moment(row, "starts_at"), _moment(row, "ends_at"))


def _weeks(person_id: str, role: str, starts_at: datetime, ends_at: datetime) -> list[Shift]:
    """Cut a long duty into shifts of a week: "who is on duty" must look back only so far."""
    if ends_at - starts_at > _LONGEST_DUTY:
        raise BadInput("ends_at: more than ten years after starts_at; correct the year")
    pieces = []
    while ends_at - starts_at > _WEEK:
        pieces.append(Shift(person_id, role, starts_at, starts_at + _WEEK))
        starts_at += _WEEK
    return [*pieces, Shift(person_id, role, starts_at, ends_at)]


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
