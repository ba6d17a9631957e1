"""Which days does a text name, as people write them: 24/12, dal 24 al 27 dicembre, domani? Pure."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

_MONTHS = ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"]
_DAY = re.compile(r"\b(\d{1,2})(?:\s*[/.]\s*(\d{1,2})(?:\s*[/.]\s*(\d{4}|\d{2}))?|\s+([a-z]{3,9}))?\b")
_NEAR = {"oggi": 0, "stasera": 0, "stanotte": 0, "domani": 1, "dopodomani": 2}
_COURTESY = (
    "assente assenza ferie dal dalla da al alla a il lo la i fino sino compreso e per di sono saro grazie"
    " ciao salve buongiorno buonasera in vacanza via"
)
_BETWEEN = frozenset(_COURTESY.split())
LONGEST, LATEST = timedelta(days=62), timedelta(days=300)
"""Whoever is away for longer, or says so earlier, has more likely mistyped a day."""


def days_of(text: str, today: date) -> tuple[date, date] | None:
    """Return the first and the last day that a text names, both included; None where that is not sure.

    A day without a year is the next one to come; words that are not understood make everything unsure.

    >>> today = date(2026, 11, 22)
    >>> [str(day) for day in days_of("ASSENTE dal 24/12 al 6/1", today)]
    ['2026-12-24', '2027-01-06']
    >>> [str(day) for day in days_of("assente dal 24 al 27 dicembre", today)]
    ['2026-12-24', '2026-12-27']
    >>> days_of("assente domani", today) == (date(2026, 11, 23), date(2026, 11, 23))
    True
    >>> days_of("assente il 24/12, forse anche il 25", today), days_of("assente 31/11", today)
    (None, None)
    >>> days_of("assente 21/11", today), days_of("assente 24/12 23/12", today)
    (None, None)
    """
    plain = " ".join(re.sub(r"[-–,;:!]", " ", text.casefold().replace("à", "a").replace("ò", "o")).split())
    found = list(_DAY.finditer(plain))
    rest = set(_DAY.sub(" ", plain).replace(".", " ").split())
    near = sorted(_NEAR[word] for word in rest & _NEAR.keys())
    if rest - _BETWEEN - _NEAR.keys() or len(found) + len(near) not in (1, 2):
        return None
    days = [today + timedelta(days=ahead) for ahead in near]
    try:
        days += _days(found, days[0] if days else today)
    except ValueError:
        return None
    first, last = days[0], days[-1]
    return (first, last) if first <= today + LATEST and last <= first + LONGEST else None


def _days(found: list[re.Match[str]], after: date) -> Iterator[date]:
    """Yield the days, each not before the one before; a lone number has the month of the day behind it."""
    month_behind: int | None = None
    months: list[int | None] = []
    for match in reversed(found):
        month_behind = _month(match) or month_behind
        months.append(month_behind)
    for match, month in zip(found, reversed(months), strict=True):
        if month is None:
            raise ValueError("a day without a month")
        year = int(match[3]) % 100 + 2000 if match[3] else None
        after = date(year, month, int(match[1])) if year else _next(int(match[1]), month, after)
        yield after


def _month(match: re.Match[str]) -> int | None:
    if match[2]:
        return int(match[2])
    if match[4] and match[4][:3] in _MONTHS:
        return _MONTHS.index(match[4][:3]) + 1
    return None


def _next(day: int, month: int, after: date) -> date:
    this_year = date(after.year, month, day)
    return this_year if this_year >= after else date(after.year + 1, month, day)
