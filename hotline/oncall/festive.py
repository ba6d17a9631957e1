"""Which days are holidays: of the country, and the patron days of the municipalities? Pure."""

from collections.abc import Iterable
from datetime import date

from hotline.ambito import PatronDay
from hotline.errors import BadInput

_LANGUAGES = {"IT": "it_IT"}
"""How the library calls the language of its names; a code that it does not know gives English, silently."""


def festive_days(patron_days: Iterable[PatronDay], first: date, last: date, country: str) -> dict[date, str]:
    """Return the holidays from one local day to another (both included) with their names; Sundays are not.

    >>> patron = PatronDay("Iglesias", "Santa Chiara", 8, 11)
    >>> festive_days([patron], date(2026, 8, 10), date(2026, 8, 15), "IT")[date(2026, 8, 11)]
    'Santa Chiara (Iglesias)'
    """
    # Only here: every calendar of the world comes along, and no call needs it.
    from holidays import country_holidays

    years = range(first.year, last.year + 1)
    try:
        national = country_holidays(country, years=years, language=_LANGUAGES.get(country))
    except NotImplementedError:
        raise BadInput(f"country {country!r}: its holidays are not known; correct the profile") from None
    found = {day: str(name) for day, name in national.items()}
    for patron in patron_days:
        for year in years:
            if (day := _in_year(patron, year)) is not None:
                found.setdefault(day, f"{patron.name} ({patron.municipality})")
    return {day: found[day] for day in sorted(found) if first <= day <= last}


def _in_year(patron: PatronDay, year: int) -> date | None:
    try:
        return date(year, patron.month, patron.day)
    except ValueError:  # 29 February, in most years
        return None
