"""What does a rota file (TOML) say, and how is a rota written as one? People are named by their phones."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hotline.errors import BadInput
from hotline.oncall.rota.bands import Band, OnHolidays
from hotline.oncall.rota.rota import Assignment, Rota
from hotline.oncall.rota.rotations import Every, NthWeekday, Rotation
from hotline.people.away import known_person, read_days, read_time
from hotline.people.person import Person
from hotline.profile import ROLES
from hotline.toml_table import Faults, Table, many_tables, one_table, parse_toml, read_text

ON_HOLIDAYS = {"as usual": OnHolidays.AS_USUAL, "never": OnHolidays.NEVER, "only": OnHolidays.ONLY}
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ROTA = ("from", "until", "single")
_BAND = ("name", "role", "days", "from", "to", "headcount", "holidays")
_ROTATION = ("band", "every", "order", "together", "from", "until", "only_on")
_ASSIGNMENT = ("band", "day", "people")
_MOST_TOGETHER = 50
_Value = TypeVar("_Value")


def read_rota(
    path: Path,
    people: Iterable[Person],
    zone: ZoneInfo,
    holidays: Callable[[date, date], Iterable[date]],
    country: str = "IT",
) -> Rota:
    """Read a rota file; raise `BadInput` as `parse_rota` does."""
    return parse_rota(read_text(path), path, people, zone, holidays, country)


def parse_rota(
    text: str,
    path: Path,
    people: Iterable[Person],
    zone: ZoneInfo,
    holidays: Callable[[date, date], Iterable[date]],
    country: str = "IT",
) -> Rota:
    """Return what the text of a rota file says; raise `BadInput` naming faults by file, line, remedy.

    `path` is how the text is named. `holidays` tells the holidays from one day to another: an assignment
    must meet a band that begins.
    """
    faults, values = parse_toml(text, path)
    _only(faults, values)
    reading = _Reading(faults, values, {person.phone: person for person in people}, zone, country)
    rota = reading.rota()
    if rota.assignments:
        days = [one.day for one in rota.assignments]
        reading.refuse_idle_assignments(frozenset(holidays(min(days), max(days))))
    faults.raise_if_any()
    return rota


class _Reading:
    def __init__(
        self,
        faults: Faults,
        values: dict[str, Any],
        owner: dict[str, Person],
        zone: ZoneInfo,
        country: str,
    ) -> None:
        self.faults, self.values, self.owner, self.zone, self.country = faults, values, owner, zone, country
        self.bands: dict[str, Band] = {}
        self._assigned: list[tuple[Table, Assignment]] = []

    def rota(self) -> Rota:
        """Return the rota; what is wrong is noted, and something harmless stands in its place."""
        head = one_table(self.faults, self.values, "rota")
        head.only(_ROTA)
        starts_on = _day(head, "from") or date.min
        ends_on = _day(head, "until", optional=True)
        if ends_on is not None and ends_on < starts_on:
            head.fault("until", "is before from; exchange or correct them")
        single = head.texts("single")
        for role in set(single) - set(ROLES):
            head.fault("single", f"{role!r} is not one of {', '.join(ROLES)}")
        for table in many_tables(self.faults, self.values, "band", least=1):
            band = self._band(table)
            if band.name in self.bands:
                table.fault("name", f"{band.name!r} is there twice; name one of them differently")
            self.bands.setdefault(band.name, band)
        rotations = [self._rotation(t, starts_on) for t in many_tables(self.faults, self.values, "rotation")]
        for table in many_tables(self.faults, self.values, "assignment"):
            self._assigned.append((table, self._assignment(table)))
        assignments = tuple(one for _, one in self._assigned)
        bands = tuple(self.bands.values())
        return Rota(self.zone, starts_on, bands, tuple(rotations), assignments, ends_on, frozenset(single))

    def refuse_idle_assignments(self, holidays: frozenset[date]) -> None:
        """Note every assignment of a day on which its band does not begin, and every second one."""
        seen: set[tuple[str, date]] = set()
        for table, one in self._assigned:
            band = self.bands.get(one.band)
            if band is not None and not band.begins_on(one.day, holidays):
                table.fault("day", f"the band {band.name!r} does not begin on {one.day}; correct one of them")
            if (one.band, one.day) in seen:
                table.fault("day", f"{one.band!r} on {one.day} is assigned twice; make one of the two")
            seen.add((one.band, one.day))

    def _band(self, table: Table) -> Band:
        table.only(_BAND)
        days = table.values.get("days", "all")
        written = ";".join(map(str, days)) if isinstance(days, list) else str(days)
        return Band(
            table.text("name"),
            table.text("role", choices=ROLES),
            _read(table, "days", lambda: read_days(written), frozenset()),
            _read(table, "from", lambda: read_time(table.text("from")), time()),
            _read(table, "to", lambda: read_time(table.text("to")), time()),
            table.whole("headcount", 1, least=1, most=_MOST_TOGETHER),
            ON_HOLIDAYS[table.text("holidays", "as usual", choices=ON_HOLIDAYS)],
        )

    def _rotation(self, table: Table, starts_on: date) -> Rotation:
        table.only(_ROTATION)
        band = self._known_band(table)
        order = self._people(table, "order", band)
        every, weeks = _read(table, "every", lambda: _every(table.text("every", "shift")), (Every.SHIFT, 1))
        together = table.whole("together", 1, least=1, most=_MOST_TOGETHER)
        if order and together > len(order):
            table.fault("together", f"{together} people are to be on, but the order names {len(order)}")
        nth = None
        if "only_on" in table.values:
            nth = _read(table, "only_on", lambda: _nth(table.text("only_on")), None)
        since = _day(table, "from", optional=True) or starts_on
        until = _day(table, "until", optional=True)
        if until is not None and until < since:
            table.fault("until", "is before from; exchange or correct them")
        name = band.name if band else ""
        return Rotation(name, order, every, since, weeks, together, until, nth)

    def _assignment(self, table: Table) -> Assignment:
        table.only(_ASSIGNMENT)
        band = self._known_band(table)
        day = _day(table, "day") or date.min
        return Assignment(band.name if band else "", day, self._people(table, "people", band))

    def _known_band(self, table: Table) -> Band | None:
        name = table.text("band")
        if name and name not in self.bands:
            table.fault("band", f"{name!r} is no band of this file; use one of {', '.join(self.bands)}")
        return self.bands.get(name)

    def _people(self, table: Table, key: str, band: Band | None) -> tuple[str, ...]:
        ids: list[str] = []
        if not isinstance(table.values.get(key), list):
            table.fault(key, 'missing; add a list of phones, as ["+39 340 0000001"]')
        for phone in table.texts(key):
            try:
                person = known_person(phone, self.owner, self.country)
                if band is not None and person.role != band.role:
                    raise BadInput(f"{person.name} is a {person.role}, and the band needs a {band.role}")
                if not person.active:
                    raise BadInput(f"{person.name} is no longer active")
                if person.id in ids:
                    raise BadInput(f"{person.name} is named twice; once is enough")
            except BadInput as error:
                table.fault(key, str(error))
                continue
            ids.append(person.id)
        return tuple(ids)


def write_rota(rota: Rota, people: Mapping[str, Person]) -> str:
    """Return a rota as a file that can be read again; people are named by their phones."""
    phone = {person_id: person.phone for person_id, person in people.items()}
    head = [("from", rota.starts_on), ("until", rota.ends_on), ("single", sorted(rota.single) or None)]
    parts = [_written("[rota]", head)]
    parts += [_written("[[band]]", _band_cells(band)) for band in rota.bands]
    parts += [_written("[[rotation]]", _rotation_cells(one, rota, phone)) for one in rota.rotations]
    parts += [
        _written(
            "[[assignment]]",
            [("band", one.band), ("day", one.day), ("people", [phone[person] for person in one.people])],
        )
        for one in rota.assignments
    ]
    return "\n".join(parts)


def _band_cells(band: Band) -> list[tuple[str, Any]]:
    days = [name[:3] for number, name in enumerate(WEEKDAYS) if number in band.days]
    return [
        ("name", band.name),
        ("role", band.role),
        ("days", "all" if len(days) == len(WEEKDAYS) else ";".join(days)),
        ("from", f"{band.starts:%H:%M}"),
        ("to", f"{band.ends:%H:%M}"),
        ("headcount", band.headcount),
        ("holidays", next(word for word, kind in ON_HOLIDAYS.items() if kind == band.on_holidays)),
    ]


def _rotation_cells(one: Rotation, rota: Rota, phone: Mapping[str, str]) -> list[tuple[str, Any]]:
    every = f"{one.weeks} weeks" if one.every == Every.WEEK and one.weeks > 1 else one.every.value
    nth = None
    if one.only_on is not None:
        word = next(word for word, number in NTH.items() if number == one.only_on.nth)
        nth = f"{word} {WEEKDAYS[one.only_on.weekday]}"
    return [
        ("band", one.band),
        ("every", every),
        ("order", [phone[person] for person in one.order]),
        ("together", one.people if one.people > 1 else None),
        ("from", one.since if one.since != rota.starts_on else None),
        ("until", one.until),
        ("only_on", nth),
    ]


def _written(header: str, cells: Iterable[tuple[str, Any]]) -> str:
    lines = [f"{key} = {_toml(value)}" for key, value in cells if value is not None]
    return "\n".join([header, *lines, ""])


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)


def _only(faults: Faults, values: dict[str, Any]) -> None:
    known = ("rota", "band", "rotation", "assignment")
    for name in values:
        if name not in known:
            faults.add(0, f"[{name}]: unknown; use {', '.join(known)}")


def _day(table: Table, key: str, optional: bool = False) -> date | None:
    value = table.values.get(key)
    if value is None and optional:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    table.fault(key, "must be a day without quotes, as 2026-12-01")
    return None


def _every(text: str) -> tuple[Every, int]:
    if found := re.fullmatch(r"(\d{1,2}) weeks", text):
        return Every.WEEK, max(1, int(found[1]))
    try:
        return Every(text), 1
    except ValueError:
        raise BadInput(f"{text!r} is not understood; write shift, week, 2 weeks, or month") from None


def _nth(text: str) -> NthWeekday:
    nth, _, weekday = text.lower().partition(" ")
    if nth not in NTH or weekday not in WEEKDAYS:
        raise BadInput(f"{text!r} is not understood; write first saturday, or last monday")
    return NthWeekday(NTH[nth], WEEKDAYS.index(weekday))


def _read(table: Table, key: str, read: Callable[[], _Value], otherwise: _Value) -> _Value:
    known = len(table.faults.found)
    try:
        return read()
    except BadInput as error:
        # Where the table has complained about the key already, once is enough.
        if len(table.faults.found) == known:
            table.fault(key, str(error))
        return otherwise
