"""When is somebody asked whether they keep a shift? Once, ahead of it, never in quiet hours. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.ambito import AskingHours
from hotline.oncall.shifts import Shift

BEFORE_QUIET = timedelta(minutes=30)
"""So long before the quiet hours those are asked whose hour lies in them: there is time for an answer."""


@dataclass(frozen=True)
class Block:
    """Shifts of one person in one role that touch: asked about once, however many pieces they are."""

    person_id: str
    role: str
    starts_at: datetime
    ends_at: datetime

    def runs(self, at: datetime) -> bool:
        """Tell whether it has begun and is not over."""
        return self.starts_at <= at < self.ends_at


def blocks(shifts: Iterable[Shift]) -> tuple[Block, ...]:
    """Return shifts joined to blocks, earliest first; who said that they cannot is left out.

    >>> midnight = datetime(2026, 11, 22, 23, tzinfo=UTC)
    >>> hours = [midnight + timedelta(hours=ahead) for ahead in (-4, 0, 8)]
    >>> pieces = [Shift("anna", "volunteer", *hours[:2]), Shift("anna", "volunteer", *hours[1:])]
    >>> [one.ends_at - one.starts_at for one in blocks(pieces)]
    [datetime.timedelta(seconds=43200)]
    """
    joined: list[Block] = []
    latest: dict[tuple[str, str], int] = {}
    for shift in sorted(shifts, key=lambda one: (one.starts_at, one.ends_at)):
        if shift.withdrawn:
            continue
        pair = (shift.person_id, shift.role)
        place = latest.get(pair)
        if place is not None and shift.starts_at <= joined[place].ends_at:
            before = joined[place]
            joined[place] = Block(*pair, before.starts_at, max(before.ends_at, shift.ends_at))
            continue
        latest[pair] = len(joined)
        joined.append(Block(*pair, shift.starts_at, shift.ends_at))
    return tuple(joined)


def ask_at(starts_at: datetime, hours: AskingHours, zone: ZoneInfo) -> datetime:
    """Return when somebody is asked about a shift that begins at `starts_at`, UTC.

    The evening before for an early shift, some time ahead for any other; what would fall into the quiet hours
    is asked before they begin.

    >>> rome, usual = ZoneInfo("Europe/Rome"), AskingHours()
    >>> def asked(hour, minute=0):
    ...     starts_at = datetime(2026, 11, 22, hour, minute, tzinfo=rome)
    ...     return f"{ask_at(starts_at, usual, rome).astimezone(rome):%d %H:%M}"
    >>> asked(0, 30), asked(8), asked(9, 59), asked(10), asked(20), asked(23)
    ('21 18:00', '21 18:00', '21 18:00', '22 09:00', '22 19:00', '22 21:00')
    """
    local = starts_at.astimezone(zone)
    if local.time() < hours.early_before:
        return _moment(local.date() - timedelta(days=1), hours.evening, zone)
    wanted = (starts_at - hours.ahead).astimezone(zone)
    if not hours.quiet.contains(wanted.time()):
        return wanted.astimezone(UTC)
    begins = wanted.date() if hours.quiet.starts <= wanted.time() else wanted.date() - timedelta(days=1)
    return _moment(begins, hours.quiet.starts, zone) - BEFORE_QUIET


def may_ask(now: datetime, hours: AskingHours, zone: ZoneInfo) -> bool:
    """Tell whether somebody may be asked now: not in the quiet hours."""
    return not hours.quiet.contains(now.astimezone(zone).time())


def _moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
