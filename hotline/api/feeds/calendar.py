"""How is somebody's calendar written, so that every program shows the right hours? Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Entry

from hotline.api.feeds.feed import Event

SUMMARIES = {
    "volunteer": "Turno volontari",
    "social_worker": "Reperibilità assistente sociale",
    "coordinator": "Turno coordinamento",
}
"""Nothing more is said: whoever sees the calendar learns no name and no number."""

_REFRESH = timedelta(hours=1)


def calendar_text(events: Iterable[Event], zone: ZoneInfo, host: str, title: str) -> bytes:
    """Return the calendar (RFC 5545); the same shifts are the same bytes, whenever it is asked for."""
    calendar = Calendar()
    calendar.add("prodid", "-//Pronto Intervento Sociale//hotline//IT")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(_entry(event, zone, host))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry(event: Event, zone: ZoneInfo, host: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{event.uid}@{host}")
    # Not the moment of the reading: an entry that did not change is the same to the letter.
    entry.add("dtstamp", event.changed_at.replace(microsecond=0))
    entry.add("last-modified", event.changed_at.replace(microsecond=0))
    entry.add("sequence", event.sequence)
    entry.add("summary", SUMMARIES[event.role])
    entry.add("dtstart", _written(event.starts_at, zone))
    entry.add("dtend", _written(event.ends_at, zone))
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    entry.add("class", "PRIVATE")
    return entry


def _written(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment in local time; in UTC where the wall shows the time for the second time.

    A calendar takes a local time that happens twice for the first of the two (RFC 5545, 3.3.5).
    """
    local = moment.astimezone(zone).replace(microsecond=0)
    return moment.astimezone(UTC).replace(microsecond=0) if local.fold else local
