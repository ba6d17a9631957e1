"""How are the rules of a rota kept as text? As JSON that is the same for the same rules. Pure."""

import json
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from hotline.oncall.rota.bands import Band, OnHolidays
from hotline.oncall.rota.rota import Assignment, Rota
from hotline.oncall.rota.rotations import Every, NthWeekday, Rotation


def rules_text(rota: Rota) -> str:
    """Return the rules without their holidays, which follow from the calendar and the profile."""
    rules = {
        "zone": rota.zone.key,
        "from": rota.starts_on.isoformat(),
        "until": _iso(rota.ends_on),
        "single": sorted(rota.single),
        "bands": [
            [
                band.name,
                band.role,
                sorted(band.days),
                f"{band.starts:%H:%M}",
                f"{band.ends:%H:%M}",
                band.headcount,
                band.on_holidays.value,
            ]
            for band in rota.bands
        ],
        "rotations": [
            [
                one.band,
                list(one.order),
                one.every.value,
                one.since.isoformat(),
                one.weeks,
                one.people,
                _iso(one.until),
                [one.only_on.nth, one.only_on.weekday] if one.only_on else None,
            ]
            for one in rota.rotations
        ],
        "assignments": [[one.band, one.day.isoformat(), list(one.people)] for one in rota.assignments],
    }
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":"))


def rota_of(text: str) -> Rota:
    """Return the rota that was kept, as yet without holidays."""
    rules: dict[str, Any] = json.loads(text)
    return Rota(
        ZoneInfo(rules["zone"]),
        date.fromisoformat(rules["from"]),
        tuple(_band(*row) for row in rules["bands"]),
        tuple(_rotation(*row) for row in rules["rotations"]),
        tuple(Assignment(band, date.fromisoformat(day), tuple(on)) for band, day, on in rules["assignments"]),
        _day(rules["until"]),
        frozenset(rules["single"]),
    )


def _band(
    name: str, role: str, days: list[int], starts: str, ends: str, headcount: int, on_holidays: str
) -> Band:
    from_time, to_time = time.fromisoformat(starts), time.fromisoformat(ends)
    return Band(name, role, frozenset(days), from_time, to_time, headcount, OnHolidays(on_holidays))


def _rotation(
    band: str,
    order: list[str],
    every: str,
    since: str,
    weeks: int,
    people: int,
    until: str | None,
    nth: list[int] | None,
) -> Rotation:
    only_on = NthWeekday(*nth) if nth else None
    begins = date.fromisoformat(since)
    return Rotation(band, tuple(order), Every(every), begins, weeks, people, _day(until), only_on)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
