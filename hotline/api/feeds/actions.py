"""What can be done about calendars: open one, close one, read one."""

from datetime import timedelta
from secrets import token_hex

from hotline.api.feeds import store
from hotline.api.feeds.feed import Event, Feed, changed_events
from hotline.api.tokens.token import new_secret
from hotline.audit.actions import note_access, note_change
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.oncall.shifts import Shift
from hotline.oncall.store import on_duty_between
from hotline.people.actions import person_with
from hotline.people.store import people_by_ids

_BACK = timedelta(days=30)
_AHEAD = timedelta(weeks=26)
_AN_HOUR = timedelta(hours=1)
"""Calendars ask every few minutes; once an hour tells as much to whoever reads the access log."""


def make_feed(tx: Transaction, phone: str, by: str, country: str = "IT") -> str:
    """Open a calendar for the person with this phone; return its secret, which is not kept.

    One that they had is closed. Raise `BadInput` when nobody active has the phone.
    """
    person = person_with(tx, phone, country)
    if not person.active:
        raise BadInput("--for: this person is no longer active; give the phone of somebody who is")
    if (old := store.open_feed_of(tx, person.id)) is not None:
        _close(tx, old, by, "a new one was made")
    feed, secret = Feed(token_hex(4), person.id, tx.now, by), new_secret()
    store.add_feed(tx, feed, secret)
    note_change(tx, by, f"feed {feed.id}", None, f"open for {person.name}")
    return secret


def revoke_feed(tx: Transaction, phone: str, by: str, country: str = "IT") -> None:
    """Close the calendar of the person with this phone; raise `BadInput` when they have none."""
    feed = store.open_feed_of(tx, person_with(tx, phone, country).id)
    if feed is None:
        raise BadInput("--for: this person has no calendar; hotline feed list shows them")
    _close(tx, feed, by, "revoked")


def feed_and_shifts(tx: Transaction, secret: str) -> tuple[Feed, tuple[Shift, ...]] | None:
    """Return a calendar and its person's shifts, from 30 days back to what is planned; for a reading view.

    None when there is no such calendar, or it is closed, or its person has left: nothing tells which.
    """
    feed = store.open_feed(tx, secret)
    person = next(iter(people_by_ids(tx, {feed.person_id if feed else ""})), None)
    if feed is None or person is None or not person.active:
        return None
    shifts = on_duty_between(tx, tx.now - _BACK, tx.now + _AHEAD)
    return feed, tuple(one for one in shifts if one.person_id == person.id)


def serve(tx: Transaction, feed: Feed, shifts: tuple[Shift, ...]) -> tuple[Event, ...]:
    """Keep what a calendar serves now, and return it, earliest first.

    What it served before and is no longer is there as cancelled, for calendars forget nothing by themselves.
    """
    first = tx.now - _BACK
    store.lock(tx, feed.id)
    served = store.events_after(tx, feed.id, first)
    store.keep_events(tx, feed.id, tuple(changed_events(served, shifts, tx.now)))
    store.forget_events(tx, feed.id, first)
    store.note_access(tx, feed.id)
    if feed.last_access_at is None or feed.last_access_at < tx.now - _AN_HOUR:
        note_access(tx, feed.person_id, "read calendar", f"feed {feed.id}")
    return store.events_after(tx, feed.id, first)


def _close(tx: Transaction, feed: Feed, by: str, why: str) -> None:
    store.revoke(tx, feed.id)
    note_change(tx, by, f"feed {feed.id}", "open", None, why)
