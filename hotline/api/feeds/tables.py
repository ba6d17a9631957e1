"""How are calendar feeds kept, and what each has served? By the keyed hash of their secret address."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from hotline.database import UtcMoment, metadata

OPEN = text("revoked_at IS NULL")

feeds = Table(
    "feeds",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("hash", String(40), nullable=False, unique=True),
    Column("made_at", UtcMoment, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("last_access_at", UtcMoment),
    Column("revoked_at", UtcMoment),
    # Nobody has two: a new one closes the old.
    Index("uq_feeds_open", "person_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
)

# A calendar forgets a shift only when it is told that the shift is cancelled: so what was served is kept.
feed_events = Table(
    "feed_events",
    metadata,
    Column("feed_id", String(16), ForeignKey("feeds.id"), primary_key=True),
    Column("uid", String(40), primary_key=True),
    Column("role", Text, nullable=False),
    Column("starts_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", UtcMoment, nullable=False),
    Column("cancelled", Boolean, nullable=False),
)
