"""Which moment does a written time mean, where a clock on the wall may skip it or show it twice? Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.errors import BadInput

_EXAMPLE = "write it as 2026-11-22 20:00, or a whole day as 2026-11-22"


def read_moment(text: str, zone: ZoneInfo, is_end: bool = False) -> datetime:
    """Return the moment in UTC of a local time, of one with its offset, or of a whole day.

    A day alone begins at its midnight; as an end (`is_end`) it is included. Raise `BadInput` with the reason:
    a time that the clocks skip, or show twice, is no moment before somebody says which one.

    >>> rome = ZoneInfo("Europe/Rome")
    >>> read_moment("2026-11-22 20:00", rome).isoformat(), read_moment("2026-11-22", rome, True).isoformat()
    ('2026-11-22T19:00:00+00:00', '2026-11-22T23:00:00+00:00')
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            day = date.fromisoformat(text) + timedelta(days=int(is_end))
            return _moment(datetime.combine(day, time()), zone)
        written = datetime.fromisoformat(text)
        return written.astimezone(UTC) if written.tzinfo is not None else _moment(written, zone)
    except (ValueError, OverflowError):
        raise BadInput(f"{text!r} is not a moment; {_EXAMPLE}") from None


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise BadInput(f"{wall:%Y-%m-%d %H:%M} does not exist: that night the clocks skip it; write another")
    if first.utcoffset() != second.utcoffset():
        either = f"{first.isoformat(timespec='minutes')} or {second.isoformat(timespec='minutes')}"
        raise BadInput(f"{wall:%Y-%m-%d %H:%M} happens twice that night; write {either}")
    return first.astimezone(UTC)
