"""What do CSV files of absences and of wishes say, row by row?"""

import re
from collections.abc import Callable, Iterable
from datetime import time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from hotline.errors import BadInput
from hotline.people.csv_rows import CsvFile, CsvRow
from hotline.people.person import Person
from hotline.people.terms import Absence, AbsenceKind, Wish, Wishes
from hotline.people.wall_time import read_moment
from hotline.phone_number import mask, parse_phone_number

ABSENCE_COLUMNS = ("phone", "starts_at", "ends_at", "kind")
WISH_COLUMNS = ("phone", "days", "starts", "ends", "wish")
DAYS = {
    name: number
    for names in ("mon tue wed thu fri sat sun", "lun mar mer gio ven sab dom")
    for number, name in enumerate(names.split())
}
LONGEST_ABSENCE = timedelta(days=3653)
_Choice = TypeVar("_Choice", bound=StrEnum)
_Read = TypeVar("_Read")


def read_absences(
    text: str, people: Iterable[Person], zone: ZoneInfo, country: str = "IT", source: str = "the file"
) -> tuple[Absence, ...]:
    """Read `phone,starts_at,ends_at,kind`; raise `BadInput` naming every bad row.

    Moments are local times, moments with an offset, or whole days: the last day is included.
    """
    file = CsvFile(text, source)
    owner = {person.phone: person for person in people}
    found: dict[Absence, int] = {}
    for row in file.rows(ABSENCE_COLUMNS):
        try:
            found.setdefault(_absence(row, owner, zone, country), row.line)
        except BadInput as error:
            file.refuse(row.line, str(error))
    _refuse_overlaps(file, found)
    file.raise_if_any()
    return tuple(found)


def read_wishes(
    text: str, people: Iterable[Person], country: str = "IT", source: str = "the file"
) -> tuple[Wish, ...]:
    """Read `phone,days,starts,ends,wish`, as `sat;sun,22:00,08:00,impossible`; raise `BadInput`."""
    file = CsvFile(text, source)
    owner = {person.phone: person for person in people}
    found: dict[tuple[object, ...], tuple[Wish, int]] = {}
    for row in file.rows(WISH_COLUMNS):
        try:
            wish = _wish(row, owner, country)
        except BadInput as error:
            file.refuse(row.line, str(error))
            continue
        key = (wish.person_id, wish.days, wish.starts, wish.ends)
        before, line = found.setdefault(key, (wish, row.line))
        if before != wish:
            file.refuse(row.line, f"says the opposite of line {line}; keep one of them")
    file.raise_if_any()
    return tuple(wish for wish, _ in found.values())


def read_days(text: str) -> frozenset[int]:
    """Return the days of the week, 0 is Monday, in English or Italian: `mon-fri`, `sab;dom`, `all`.

    >>> sorted(read_days("fri-mon")), len(read_days("all"))
    ([0, 4, 5, 6], 7)
    """
    if text.strip().lower() in ("all", "tutti"):
        return frozenset(range(7))
    days: set[int] = set()
    for word in re.findall(r"[^\s;,/|]+", text.lower()):
        first, _, last = word.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise BadInput(f"{word!r} is not a day; write mon;tue or mon-fri or all")
        length = (DAYS[last or first] - DAYS[first]) % 7
        days |= {(DAYS[first] + ahead) % 7 for ahead in range(length + 1)}
    if not days:
        raise BadInput("no day is given; write mon;tue or mon-fri or all")
    return frozenset(days)


def read_time(text: str) -> time:
    """Return a time of the wall clock; 24:00 is midnight.

    >>> read_time("20:00"), read_time("24:00")
    (datetime.time(20, 0), datetime.time(0, 0))
    """
    if re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d|24:00", text) is None:
        raise BadInput(f"{text!r} is not a time; write it as 20:00")
    hours, minutes = map(int, text.split(":"))
    return time(hours % 24, minutes)


def known_person(phone: str, owner: dict[str, Person], country: str) -> Person:
    """Return who has a phone as it is written; raise `BadInput` when nobody of ours has."""
    number = phone if phone in owner else parse_phone_number(phone, country)
    if number not in owner:
        raise BadInput(f"nobody has {mask(number)}; import the person first")
    return owner[number]


def _absence(row: CsvRow, owner: dict[str, Person], zone: ZoneInfo, country: str) -> Absence:
    person = _cell("phone", lambda: known_person(row["phone"], owner, country))
    starts_at = _cell("starts_at", lambda: read_moment(row["starts_at"], zone))
    ends_at = _cell("ends_at", lambda: read_moment(row["ends_at"], zone, is_end=True))
    if ends_at <= starts_at:
        raise BadInput("ends_at: not after starts_at; exchange or correct them")
    if ends_at - starts_at > LONGEST_ABSENCE:
        raise BadInput("ends_at: more than ten years after starts_at; correct the year")
    return Absence(person.id, starts_at, ends_at, _choice(row, "kind", AbsenceKind))


def _wish(row: CsvRow, owner: dict[str, Person], country: str) -> Wish:
    return Wish(
        _cell("phone", lambda: known_person(row["phone"], owner, country)).id,
        _cell("days", lambda: read_days(row["days"])),
        _cell("starts", lambda: read_time(row["starts"])),
        _cell("ends", lambda: read_time(row["ends"])),
        _choice(row, "wish", Wishes),
    )


def _refuse_overlaps(file: CsvFile, found: dict[Absence, int]) -> None:
    latest: dict[str, tuple[Absence, int]] = {}
    for absence, line in sorted(found.items(), key=lambda one: (one[0].starts_at, one[1])):
        before, before_line = latest.get(absence.person_id, (None, 0))
        if before is not None and absence.starts_at < before.ends_at:
            file.refuse(line, f"overlaps line {before_line}: the same person; make one of the two")
        if before is None or absence.ends_at > before.ends_at:
            latest[absence.person_id] = (absence, line)


def _cell(column: str, read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except BadInput as error:
        raise BadInput(f"{column}: {error}") from None


def _choice(row: CsvRow, column: str, known: type[_Choice]) -> _Choice:
    try:
        return known(row[column].lower())
    except ValueError:
        raise BadInput(f"{column}: {row[column]!r} is not one of {', '.join(known)}") from None
