"""When must how many people answer? Bands of the week in local wall time, and of holidays. Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


class OnHolidays(StrEnum):
    """What becomes of a band on a holiday."""

    AS_USUAL = "as_usual"
    NEVER = "never"
    ONLY = "only"


@dataclass(frozen=True)
class Slot:
    """A time for which a band needs `headcount` people: from `starts_at` until just before `ends_at`, UTC."""

    band: str
    role: str
    day: date
    starts_at: datetime
    ends_at: datetime
    headcount: int


@dataclass(frozen=True)
class Band:
    """A time of the week, in wall time, at which a tier needs people; 0 is Monday.

    It begins on `days`. When `ends` is not later than `starts` it ends on the next day; both alike: 24 hours
    of the wall. `on_holidays` asks about the day on which it begins.
    """

    name: str
    role: str
    days: frozenset[int]
    starts: time
    ends: time
    headcount: int = 1
    on_holidays: OnHolidays = OnHolidays.AS_USUAL

    def begins_on(self, day: date, holidays: Collection[date]) -> bool:
        """Tell whether it begins on a local day."""
        if day in holidays:
            return self.on_holidays == OnHolidays.ONLY or (
                self.on_holidays == OnHolidays.AS_USUAL and day.weekday() in self.days
            )
        return self.on_holidays != OnHolidays.ONLY and day.weekday() in self.days

    def slot(self, day: date, zone: ZoneInfo) -> Slot:
        """Return the slot that begins on a local day.

        >>> night = Band("notte", "volunteer", frozenset(range(7)), time(20), time(8))
        >>> rome = ZoneInfo("Europe/Rome")
        >>> [str(s.ends_at - s.starts_at) for d in (date(2026, 10, 23), date(2026, 10, 24), date(2027, 3, 27))
        ...  for s in [night.slot(d, rome)]]
        ['12:00:00', '13:00:00', '11:00:00']
        """
        ends_on = day if self.ends > self.starts else day + ONE_DAY
        return Slot(
            self.name,
            self.role,
            day,
            moment_of(day, self.starts, zone),
            moment_of(ends_on, self.ends, zone),
            self.headcount,
        )


def moment_of(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the moment of a wall time, in UTC; one that is skipped is an hour later, one twice the first.

    Two bands that meet at such a time meet at the same moment: nothing is left open, nothing doubled.

    >>> rome = ZoneInfo("Europe/Rome")
    >>> moment_of(date(2027, 3, 28), time(2, 30), rome).isoformat()  # skipped: it is 03:30 summer time
    '2027-03-28T01:30:00+00:00'
    >>> moment_of(date(2026, 10, 25), time(2, 30), rome).isoformat()  # twice: the first, in summer time
    '2026-10-25T00:30:00+00:00'
    """
    return datetime.combine(day, wall, zone).astimezone(UTC)


def slots(
    bands: Iterable[Band], first: date, last: date, zone: ZoneInfo, holidays: Collection[date]
) -> Iterator[Slot]:
    """Yield the slots that begin on the local days from `first` to `last`, both included, day by day."""
    known = tuple(bands)
    day = first
    while day <= last:
        for band in known:
            if band.begins_on(day, holidays):
                slot = band.slot(day, zone)
                # On the spring night a band within the skipped hour has no length.
                if slot.ends_at > slot.starts_at:
                    yield slot
        day += ONE_DAY
