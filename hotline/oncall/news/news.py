"""What has changed for somebody, taken together, and may they hear of it now? Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.ambito import NightHours
from hotline.oncall.shifts import Shift

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class News:
    """One change of somebody's shifts; `told_by` is `text`, `call`, or `nobody`: nothing was left to tell."""

    id: str
    person_id: str
    gained: tuple[Shift, ...]
    lost: tuple[Shift, ...]
    noted_at: datetime
    told_at: datetime | None = None
    told_by: str | None = None


@dataclass(frozen=True)
class Change:
    """What several changes come to: the shifts that are new, and those that are gone, each once."""

    gained: frozenset[Shift] = frozenset()
    lost: frozenset[Shift] = frozenset()

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing is left to tell."""
        return not self.gained and not self.lost

    def begins_before(self, moment: datetime) -> bool:
        """Tell whether one of its shifts begins before a moment."""
        return any(shift.starts_at < moment for shift in (*self.gained, *self.lost))


def taken_together(news: Iterable[News], now: datetime) -> Change:
    """Return what changes come to, oldest first: given and taken back is nothing, and so is what is over."""
    gained: set[Shift] = set()
    lost: set[Shift] = set()
    for one in sorted(news, key=lambda each: (each.noted_at, each.id)):
        for now_theirs, moved, other in ((False, one.lost, gained), (True, one.gained, lost)):
            back = other.intersection(moved)
            other -= back
            (gained if now_theirs else lost).update(set(moved) - back)
    return Change(_coming(gained, now), _coming(lost, now))


def may_be_told(change: Change, night_ends_at: datetime | None, by_call: bool) -> bool:
    """Tell whether somebody may hear of it now; `night_ends_at` is None by day.

    At night only what concerns this very night is told, and nobody is rung to hear that they may sleep.
    """
    if night_ends_at is None:
        return True
    concerned = Change(change.gained) if by_call else change
    return concerned.begins_before(night_ends_at)


def end_of_night(now: datetime, night: NightHours, zone: ZoneInfo) -> datetime | None:
    """Return when the night ends that runs at a moment, UTC; None by day.

    >>> night, rome = NightHours.parse("20:00-08:00"), ZoneInfo("Europe/Rome")
    >>> end_of_night(datetime.fromisoformat("2026-11-22T03:00+01:00"), night, rome).isoformat()
    '2026-11-22T07:00:00+00:00'
    """
    today = now.astimezone(zone).date()
    for day in (today - ONE_DAY, today):
        begins, ends = night.beginning_on(day, zone)
        if begins <= now < ends:
            return ends
    return None


def _coming(shifts: Iterable[Shift], now: datetime) -> frozenset[Shift]:
    return frozenset(shift for shift in shifts if shift.ends_at > now)
