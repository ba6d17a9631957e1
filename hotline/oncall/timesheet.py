"""What does a CSV file of shifts say, row by row, and how are shifts written as one?"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from hotline.errors import BadInput
from hotline.oncall.rota.diff import shift_line
from hotline.oncall.shifts import LONGEST_SHIFT, Shift
from hotline.people.csv_rows import CsvFile, CsvRow, write_csv
from hotline.people.person import Person
from hotline.people.wall_time import read_moment
from hotline.phone_number import is_dialable, mask, parse_phone_number
from hotline.profile import ROLES

_WEEK = timedelta(days=7)
_LONGEST_DUTY = timedelta(days=3653)
COLUMNS = ("phone", "role", "starts_at", "ends_at")
_ROME = ZoneInfo("Europe/Rome")
Stored = Callable[[datetime, datetime], Iterable[Shift]]
"""How the shifts that run between two moments are read, earliest first."""


def no_shifts(_first: datetime, _last: datetime) -> tuple[Shift, ...]:
    """Return what is stored where nothing is."""
    return ()


def read_timesheet(
    text: str,
    people: Iterable[Person],
    country: str = "IT",
    source: str = "the file",
    zone: ZoneInfo = _ROME,
    stored: Stored = no_shifts,
    countries: Collection[str] | None = None,
) -> tuple[Shift, ...]:
    """Read `phone,role,starts_at,ends_at`; raise `BadInput` naming every bad row.

    Moments are local times of `zone`, or have an offset; one that the clocks skip, or show twice, is refused.
    Nobody is on whose phone is not in `countries`, and nobody twice at once, neither in the file nor beside
    what is `stored`; the same row again is none.
    """
    file = CsvFile(text, source)
    owner = {person.phone: person for person in people}
    unfit = {one.id for one in owner.values() if countries and not is_dialable(one.phone, countries)}
    rows: list[tuple[Shift, int]] = []
    for row in file.rows(COLUMNS):
        try:
            found = _shifts(row, owner, country, zone)
            if found[0].person_id in unfit:
                raise BadInput("phone: not in the countries that we ring; give the person a usable phone")
            rows += [(shift, row.line) for shift in found]
        except BadInput as error:
            file.refuse(row.line, str(error))
    _refuse_overlaps(file, rows)
    _refuse_overlaps_with_stored(file, rows, stored, zone)
    file.raise_if_any()
    return tuple(shift for shift, _ in rows)


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


def _refuse_overlaps(file: CsvFile, rows: Iterable[tuple[Shift, int]]) -> None:
    latest: dict[str, tuple[Shift, int]] = {}
    for shift, line in sorted(rows, key=lambda one: (one[0].starts_at, one[1])):
        before, before_line = latest.get(shift.person_id, (None, 0))
        if (
            before is not None
            and shift != before
            and line != before_line
            and shift.starts_at < before.ends_at
        ):
            file.refuse(line, f"overlaps line {before_line}: the same person; make one of the two")
        if before is None or shift.ends_at > before.ends_at:
            latest[shift.person_id] = (shift, line)


def _refuse_overlaps_with_stored(
    file: CsvFile, rows: Sequence[tuple[Shift, int]], stored: Stored, zone: ZoneInfo
) -> None:
    if not rows:
        return
    first, last = min(shift.starts_at for shift, _ in rows), max(shift.ends_at for shift, _ in rows)
    known: dict[str, list[Shift]] = {}
    for shift in stored(first, last):
        known.setdefault(shift.person_id, []).append(shift)
    begins = {person: [one.starts_at for one in mine] for person, mine in known.items()}
    refused: set[int] = set()
    for shift, line in rows:
        mine = known.get(shift.person_id, [])
        starts = begins.get(shift.person_id, [])
        # No shift is longer than a week: those that may still run begin close by.
        near = mine[bisect_left(starts, shift.starts_at - LONGEST_SHIFT) : bisect_left(starts, shift.ends_at)]
        met = [one for one in near if shift.starts_at < one.ends_at]
        if met and shift not in met and line not in refused:
            refused.add(line)
            file.refuse(
                line, f"overlaps what this person has already: {shift_line(met[0], zone)}; leave that out"
            )


def _shifts(row: CsvRow, owner: dict[str, Person], country: str, zone: ZoneInfo) -> list[Shift]:
    phone = row["phone"] if row["phone"] in owner else parse_phone_number(row["phone"], country)
    person = owner.get(phone)
    if person is None:
        raise BadInput(f"phone: nobody has {mask(phone)}; import the person first")
    # The next row with this phone need not be read so closely.
    owner[row["phone"]] = person
    if not person.active:
        raise BadInput(f"phone: the person with {mask(phone)} is no longer active")
    role = row["role"].lower()
    if role not in ROLES:
        raise BadInput(f"role: {row['role']!r} is not one of {', '.join(ROLES)}")
    if role != person.role:
        raise BadInput(f"role: the person with {mask(phone)} is a {person.role}, not a {role}; correct one")
    return _weeks(person.id, role, *_moments(row, zone))


def _weeks(person_id: str, role: str, starts_at: datetime, ends_at: datetime) -> list[Shift]:
    """Cut a long duty into shifts of a week: "who is on duty" must look back only so far."""
    if ends_at - starts_at > _LONGEST_DUTY:
        raise BadInput("ends_at: more than ten years after starts_at; correct the year")
    pieces = []
    while ends_at - starts_at > _WEEK:
        pieces.append(Shift(person_id, role, starts_at, starts_at + _WEEK))
        starts_at += _WEEK
    return [*pieces, Shift(person_id, role, starts_at, ends_at)]


def _moments(row: CsvRow, zone: ZoneInfo) -> tuple[datetime, datetime]:
    found = []
    for column in ("starts_at", "ends_at"):
        try:
            found.append(read_moment(row[column], zone, is_end=column == "ends_at"))
        except BadInput as error:
            raise BadInput(f"{column}: {error}") from None
    return found[0], found[1]
