"""Which morning's list is due now, and over which time does it reach? Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.oncall.proof.spans import ONE_DAY, Span

LATE = timedelta(hours=3)
"""So long after its hour a list is still sent that could not be before: replicas down, a busy phone."""


def due_day(now: datetime, list_at: time, zone: ZoneInfo) -> date | None:
    """Return the local day whose list is due at a moment, None before its hour and too long after it.

    >>> rome = ZoneInfo("Europe/Rome")
    >>> for moment in ("2026-10-25T08:29:59+01:00", "2026-10-25T08:30+01:00", "2026-10-25T11:30+01:00"):
    ...     print(due_day(datetime.fromisoformat(moment), time(8, 30), rome))
    None
    2026-10-25
    None
    """
    day = now.astimezone(zone).date()
    begins = _moment(day, list_at, zone)
    return day if begins <= now < begins + LATE else None


def window_of(day: date, list_at: time, zone: ZoneInfo) -> Span:
    """Return the time of a day's list: from the same hour of the wall on the day before, 23 to 25 hours.

    >>> window_of(date(2026, 10, 25), time(8, 30), ZoneInfo("Europe/Rome")).hours
    25.0
    """
    return Span(_moment(day - ONE_DAY, list_at, zone), _moment(day, list_at, zone))


def _moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, zone).astimezone(UTC)
