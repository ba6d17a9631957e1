"""When does each shift begin and end on nights and days that are not 24 hours long? To be checked by hand.

Europe/Rome: on 28 March 2027 the clocks go from 2:00 to 3:00, on 25 October 2026 from 3:00 back to 2:00. The
wall is one hour ahead of UTC in winter, two in summer.
"""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.oncall.festive import festive_days
from hotline.oncall.rota.bands import Band, OnHolidays, slots
from hotline.profile import load_profile

ROME = ZoneInfo("Europe/Rome")

#    band               local day      starts (UTC)        ends (UTC)          hours
TABLE = """
    20:00 - 08:00       2026-10-23     2026-10-23 18:00    2026-10-24 06:00    12
    20:00 - 08:00       2026-10-24     2026-10-24 18:00    2026-10-25 07:00    13
    20:00 - 08:00       2026-10-25     2026-10-25 19:00    2026-10-26 07:00    12
    20:00 - 08:00       2027-03-26     2027-03-26 19:00    2027-03-27 07:00    12
    20:00 - 08:00       2027-03-27     2027-03-27 19:00    2027-03-28 06:00    11
    20:00 - 08:00       2027-03-28     2027-03-28 18:00    2027-03-29 06:00    12
    00:00 - 08:00       2026-10-25     2026-10-24 22:00    2026-10-25 07:00    9
    00:00 - 08:00       2027-03-28     2027-03-27 23:00    2027-03-28 06:00    7
    20:00 - 00:00       2026-10-24     2026-10-24 18:00    2026-10-24 22:00    4
    20:00 - 00:00       2026-12-31     2026-12-31 19:00    2026-12-31 23:00    4
    08:00 - 20:00       2026-10-25     2026-10-25 07:00    2026-10-25 19:00    12
    08:00 - 20:00       2027-03-28     2027-03-28 06:00    2027-03-28 18:00    12
    08:00 - 08:00       2026-10-24     2026-10-24 06:00    2026-10-25 07:00    25
    08:00 - 08:00       2027-03-27     2027-03-27 07:00    2027-03-28 06:00    23
    00:00 - 00:00       2026-10-25     2026-10-24 22:00    2026-10-25 23:00    25
    00:00 - 00:00       2027-03-28     2027-03-27 23:00    2027-03-28 22:00    23
    22:00 - 03:00       2026-10-24     2026-10-24 20:00    2026-10-25 02:00    6
    22:00 - 03:00       2027-03-27     2027-03-27 21:00    2027-03-28 01:00    4
"""
ROWS = [row.split() for row in TABLE.strip().splitlines()]


def band(
    starts: str, ends: str, on_holidays: OnHolidays = OnHolidays.AS_USUAL, days: str = "0123456"
) -> Band:
    begins, over = time.fromisoformat(starts), time.fromisoformat(ends)
    return Band("band", "volunteer", frozenset(map(int, days)), begins, over, on_holidays=on_holidays)


@pytest.mark.parametrize("row", ROWS, ids=[" ".join(row[:4]) for row in ROWS])
def test_every_shift_begins_and_ends_where_the_table_says(row: list[str]) -> None:
    starts, _, ends, day, first_day, first, last_day, last, hours = row
    slot = band(starts, ends).slot(date.fromisoformat(day), ROME)
    assert f"{slot.starts_at:%Y-%m-%d %H:%M}" == f"{first_day} {first}"
    assert f"{slot.ends_at:%Y-%m-%d %H:%M}" == f"{last_day} {last}"
    assert (slot.ends_at - slot.starts_at).total_seconds() == float(hours) * 3600


@pytest.mark.parametrize(
    ("monday", "hours"), [("2026-10-19", 169), ("2027-03-22", 167), ("2026-11-16", 168)], ids=str
)
def test_a_week_on_call_has_an_hour_more_or_less_when_the_clocks_change(monday: str, hours: int) -> None:
    first = date.fromisoformat(monday)
    week = list(slots([band("08:00", "08:00")], first, first + timedelta(days=6), ROME, ()))
    assert sum((slot.ends_at - slot.starts_at).total_seconds() for slot in week) == hours * 3600
    assert [one.ends_at for one in week[:-1]] == [one.starts_at for one in week[1:]]


#    local day      what it is                            as usual   never   only   (band of Mon-Fri)
HOLIDAYS = """
    2026-12-07      Monday                                yes        yes     no
    2026-12-08      Tuesday, Immacolata                   yes        no      yes
    2026-12-25      Friday, Natale                        yes        no      yes
    2026-12-26      Saturday, Santo Stefano               no         no      yes
    2026-08-11      Tuesday, Santa Chiara in Iglesias     yes        no      yes
    2027-03-29      Monday, Pasquetta                     yes        no      yes
    2027-03-28      Sunday, Pasqua, clocks change         no         no      yes
    2026-11-22      Sunday                                no         no      no
"""
DAYS = [(row[4:14], row[-22:].split()) for row in HOLIDAYS.splitlines() if row]


@pytest.mark.parametrize(("day", "said"), DAYS, ids=[day for day, _ in DAYS])
def test_a_holiday_is_kept_as_the_table_says(day: str, said: list[str]) -> None:
    at = date.fromisoformat(day)
    holidays = festive_days(load_profile(None).patron_days, at, at, "IT")
    kinds = (OnHolidays.AS_USUAL, OnHolidays.NEVER, OnHolidays.ONLY)
    begins = [band("20:00", "08:00", kind, "01234").begins_on(at, holidays) for kind in kinds]
    assert ["yes" if one else "no" for one in begins] == said
