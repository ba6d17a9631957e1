"""Every question and change put to the tables of feeds and of what they served."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.api.feeds.feed import Event, Feed
from hotline.api.feeds.tables import feed_events, feeds
from hotline.database import Transaction

_SHOWN = (feeds.c.id, feeds.c.person_id, feeds.c.made_at, feeds.c.made_by, feeds.c.last_access_at)
_EVENT = [column for column in feed_events.c if column.name != "feed_id"]


def add_feed(tx: Transaction, feed: Feed, secret: str) -> None:
    """Store a feed under the keyed hash of its secret."""
    row = {"id": feed.id, "person_id": feed.person_id, "made_at": feed.made_at, "made_by": feed.made_by}
    tx.execute(insert(feeds), {**row, "hash": tx.keyring.fingerprint(secret)})


def open_feed(tx: Transaction, secret: str) -> Feed | None:
    """Return the feed with this secret, if it is open."""
    hashes = tx.keyring.fingerprints(secret)
    return _first(tx.execute(select(*_SHOWN).where(feeds.c.hash.in_(hashes), feeds.c.revoked_at.is_(None))))


def lock(tx: Transaction, feed_id: str) -> None:
    """Keep whoever else reads a feed waiting until the commit."""
    tx.execute(select(feeds.c.id).where(feeds.c.id == feed_id).with_for_update()).all()


def open_feed_of(tx: Transaction, person_id: str) -> Feed | None:
    """Return the open feed of a person."""
    wanted = select(*_SHOWN).where(feeds.c.person_id == person_id, feeds.c.revoked_at.is_(None))
    return _first(tx.execute(wanted))


def open_feeds(tx: Transaction) -> tuple[Feed, ...]:
    """Return the feeds that can be read, the newest first."""
    found = select(*_SHOWN).where(feeds.c.revoked_at.is_(None))
    return tuple(_feed(row) for row in tx.execute(found.order_by(feeds.c.made_at.desc(), feeds.c.id)))


def revoke(tx: Transaction, feed_id: str) -> None:
    """Close a feed, and forget what it served."""
    tx.execute(update(feeds).where(feeds.c.id == feed_id).values(revoked_at=tx.now))
    tx.execute(delete(feed_events).where(feed_events.c.feed_id == feed_id))


def note_access(tx: Transaction, feed_id: str) -> None:
    """Store that a feed was read."""
    tx.execute(update(feeds).where(feeds.c.id == feed_id).values(last_access_at=tx.now))


def events_after(tx: Transaction, feed_id: str, moment: datetime) -> tuple[Event, ...]:
    """Return what a feed served of shifts that end after a moment, earliest first."""
    mine = select(*_EVENT).where(feed_events.c.feed_id == feed_id, feed_events.c.ends_at > moment)
    found = tx.execute(mine.order_by(feed_events.c.starts_at, feed_events.c.uid))
    return tuple(Event(**row._asdict()) for row in found)


def keep_events(tx: Transaction, feed_id: str, kept: Sequence[Event]) -> None:
    """Store events, new or changed."""
    if not kept:
        return
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    written = dialect.insert(feed_events)
    changed = {name: written.excluded[name] for name in ("ends_at", "sequence", "changed_at", "cancelled")}
    again = written.on_conflict_do_update(index_elements=["feed_id", "uid"], set_=changed)
    names = [column.name for column in _EVENT]
    tx.execute(again, [{"feed_id": feed_id, **{name: getattr(one, name) for name in names}} for one in kept])


def forget_events(tx: Transaction, feed_id: str, before: datetime) -> None:
    """Forget shifts that are too old for any calendar."""
    tx.execute(delete(feed_events).where(feed_events.c.feed_id == feed_id, feed_events.c.ends_at <= before))


def _first(rows: Iterable[Row[Any]]) -> Feed | None:
    return next(map(_feed, rows), None)


def _feed(row: Row[Any]) -> Feed:
    return Feed(**row._asdict())
