"""Are the holidays of Italy known by their Italian names, for the years to come, and the patron days too?"""

from datetime import date

import pytest

from hotline.ambito import PatronDay
from hotline.errors import BadInput
from hotline.oncall.festive import festive_days
from hotline.profile import load_profile

IGLESIAS = load_profile()


def year(of: int) -> dict[date, str]:
    return festive_days(IGLESIAS.patron_days, date(of, 1, 1), date(of, 12, 31), "IT")


def test_the_holidays_of_italy_have_italian_names_and_easter_moves() -> None:
    assert year(2026)[date(2026, 12, 25)] == "Natale"
    assert year(2026)[date(2026, 4, 6)] == "Lunedì dell'Angelo"
    assert year(2027)[date(2027, 3, 29)] == "Lunedì dell'Angelo"
    assert date(2027, 4, 6) not in year(2027)


def test_san_francesco_is_a_holiday_again() -> None:
    assert date(2025, 10, 4) not in year(2025)
    assert date(2026, 10, 4) in year(2026)


def test_patron_days_come_every_year_and_keep_the_name_of_a_national_holiday() -> None:
    assert year(2031)[date(2031, 8, 11)] == "Santa Chiara (Iglesias)"
    assert year(2031)[date(2031, 8, 15)] == "Assunzione della Beata Vergine Maria"


def test_a_patron_of_29_february_has_a_day_in_leap_years_only() -> None:
    leap = (PatronDay("Musei", "San Bisesto", 2, 29),)
    found = festive_days(leap, date(2027, 1, 1), date(2029, 12, 31), "IT")
    assert [day for day, name in found.items() if "Bisesto" in name] == [date(2028, 2, 29)]


def test_only_the_days_asked_for_are_named() -> None:
    assert list(festive_days((), date(2026, 12, 25), date(2026, 12, 25), "IT")) == [date(2026, 12, 25)]
    assert not festive_days((), date(2026, 12, 24), date(2026, 12, 24), "IT")


def test_a_country_without_known_holidays_is_refused() -> None:
    with pytest.raises(BadInput, match="XX"):
        festive_days((), date(2026, 12, 24), date(2026, 12, 24), "XX")
