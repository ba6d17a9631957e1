"""Is an hour on duty an ordinary one, a night's or a holiday's, and whose nights are they? Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hotline.ambito import NightHours
from hotline.oncall.proof.spans import (
    ONE_DAY,
    Span,
    clock_change,
    day_span,
    days_of,
    hours_of,
    parts_within,
    wall_moments,
)

SUNDAY = 6
_MIDNIGHT = time(0)
_NIGHT_OF_THE_LAW = NightHours(time(22), time(5))
_HELD_FROM = 3
"""D.Lgs. 66/2003 art. 1: seven hours, midnight to five among them; three of them are a night's work."""


class HourKind(StrEnum):
    """What an hour is: every hour is exactly one of these."""

    WEEKDAY = "weekday"
    NIGHT = "night"
    HOLIDAY = "holiday"
    HOLIDAY_NIGHT = "holiday_night"


@dataclass(frozen=True)
class Calendar:
    """The wall of a place: its zone, its holidays and, where asked for, the hours it calls night."""

    zone: ZoneInfo
    holidays: Collection[date] = ()
    night: NightHours = _NIGHT_OF_THE_LAW

    def is_festive(self, day: date) -> bool:
        """Tell whether a local day is a Sunday or a holiday."""
        return day.weekday() == SUNDAY or day in self.holidays

    def local_day(self, moment: datetime) -> date:
        """Return the date on the wall."""
        return moment.astimezone(self.zone).date()

    def turning_points(self, within: Span) -> Iterator[datetime]:
        """Yield every moment at which night, day or the date may change, and some at which nothing does."""
        for day in days_of(within, self.zone):
            for wall in (_MIDNIGHT, self.night.starts, self.night.ends):
                yield from wall_moments(day, wall, self.zone)
            if (change := clock_change(day, self.zone)) is not None:
                yield change

    def kinds(self, span: Span) -> Iterator[tuple[Span, HourKind]]:
        """Cut a stretch into pieces of one kind each; after midnight the new date decides on holidays."""
        inside = {moment for moment in self.turning_points(span) if span.starts_at < moment < span.ends_at}
        cuts = sorted({span.starts_at, span.ends_at, *inside})
        for starts_at, ends_at in pairwise(cuts):
            yield Span(starts_at, ends_at), self.kind_at(starts_at)

    def kind_at(self, moment: datetime) -> HourKind:
        """Return what the hour of a moment is."""
        local = moment.astimezone(self.zone)
        festive, night = self.is_festive(local.date()), self.night.contains(local.time())
        if festive:
            return HourKind.HOLIDAY_NIGHT if night else HourKind.HOLIDAY
        return HourKind.NIGHT if night else HourKind.WEEKDAY

    def hours_by_kind(self, spans: Iterable[Span]) -> dict[HourKind, float]:
        """Return how many real hours there are of each kind."""
        found = dict.fromkeys(HourKind, 0.0)
        for span in spans:
            for piece, kind in self.kinds(span):
                found[kind] += piece.hours
        return found


def nights_held(spans: Collection[Span], zone: ZoneInfo) -> tuple[date, ...]:
    """Return the local days on whose evening a night begins of which they have at least three hours."""
    evenings = {day for span in spans for day in days_of(span, zone)}
    evenings |= {day - ONE_DAY for day in evenings}
    return tuple(
        evening
        for evening in sorted(evenings)
        if hours_of(parts_within(spans, night_of(evening, zone))) >= _HELD_FROM
    )


@lru_cache(maxsize=4096)
def night_of(evening: date, zone: ZoneInfo) -> Span:
    """Return the night of the law that begins on a local evening."""
    return Span(*_NIGHT_OF_THE_LAW.beginning_on(evening, zone))


def runs(days: Iterable[date]) -> Iterator[tuple[date, ...]]:
    """Yield the runs of days that follow each other.

    >>> [len(run) for run in runs([date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 3)])]
    [2, 1]
    """
    run: list[date] = []
    for day in sorted(set(days)):
        if run and day - run[-1] != ONE_DAY:
            yield tuple(run)
            run = []
        run.append(day)
    if run:
        yield tuple(run)


def days_span(first: date, last: date, zone: ZoneInfo) -> Span:
    """Return the local days from one to another, both included."""
    return Span(day_span(first, zone).starts_at, day_span(last, zone).ends_at)
