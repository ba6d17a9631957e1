"""What can be done with stretches of time, half-open, in UTC? Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time from `starts_at` until just before `ends_at`, UTC."""

    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        """Return how long it really lasts, whatever the clocks on the wall do."""
        return self.ends_at - self.starts_at

    @property
    def hours(self) -> float:
        """Return how many hours it really lasts."""
        return self.length / timedelta(hours=1)

    def within(self, other: "Span") -> "Span | None":
        """Return the part of it that is in another stretch, if any."""
        starts_at, ends_at = max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at)
        return Span(starts_at, ends_at) if starts_at < ends_at else None


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same time in as few stretches as possible, earliest first; those that touch become one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.starts_at <= joined[-1].ends_at:
            joined[-1] = Span(joined[-1].starts_at, max(joined[-1].ends_at, span.ends_at))
        else:
            joined.append(span)
    return tuple(joined)


def parts_within(spans: Iterable[Span], window: Span) -> tuple[Span, ...]:
    """Return what of `spans` is in the window, joined."""
    return union(part for span in spans if (part := span.within(window)) is not None)


def without(window: Span, taken: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is left of the window."""
    free, begins = [], window.starts_at
    for span in parts_within(taken, window):
        if begins < span.starts_at:
            free.append(Span(begins, span.starts_at))
        begins = span.ends_at
    return (*free, Span(begins, window.ends_at)) if begins < window.ends_at else tuple(free)


def hours_of(spans: Iterable[Span]) -> float:
    """Return the hours of stretches that do not overlap."""
    return sum(span.hours for span in spans)


def wall_hours(span: Span, zone: ZoneInfo) -> float:
    """Return how many hours pass on the wall: a night from 20 to 8 has 12, also when the clocks change.

    >>> autumn = Span(datetime(2026, 10, 24, 18, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC))
    >>> autumn.hours, wall_hours(autumn, ZoneInfo("Europe/Rome"))
    (13.0, 12.0)
    """
    walls = (moment.astimezone(zone).replace(tzinfo=None) for moment in (span.starts_at, span.ends_at))
    starts, ends = walls
    return (ends - starts) / timedelta(hours=1)


def wall_moments(day: date, wall: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the moments at which a wall shows a time on a local day: two on an autumn night."""
    return tuple(
        dict.fromkeys(datetime.combine(day, wall, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    )


def day_span(day: date, zone: ZoneInfo) -> Span:
    """Return a local day: 24 hours, or 23, or 25."""
    return Span(
        datetime.combine(day, time(0), zone).astimezone(UTC),
        datetime.combine(day + ONE_DAY, time(0), zone).astimezone(UTC),
    )


def days_of(span: Span, zone: ZoneInfo) -> Iterator[date]:
    """Yield the local days of which a stretch has at least a moment."""
    day = span.starts_at.astimezone(zone).date()
    while datetime.combine(day, time(0), zone).astimezone(UTC) < span.ends_at:
        yield day
        day += ONE_DAY


def clock_change(day: date, zone: ZoneInfo) -> datetime | None:
    """Return the moment of a local day at which the clocks change, to the second, if they do."""
    whole = day_span(day, zone)
    before, after = whole.starts_at, whole.ends_at
    offset = before.astimezone(zone).utcoffset()
    if after.astimezone(zone).utcoffset() == offset:
        return None
    while after - before > ONE_SECOND:
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
