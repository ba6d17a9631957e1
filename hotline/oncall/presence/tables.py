"""Who was asked whether they are there, how far did it come, and were they heard?"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, text

from hotline.database import UtcMoment, metadata

OPEN = text("heard_at IS NULL")

checks = Table(
    "checks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("starts_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    Column("step", String(12), nullable=False),
    Column("step_at", UtcMoment, nullable=False),
    Column("asked_at", UtcMoment),
    Column("heard_at", UtcMoment),
    Column("cannot_at", UtcMoment),
    Column("left_at", UtcMoment),
    # Two replicas look at the same moment: the first row is the one that is asked for.
    UniqueConstraint("person_id", "role", "kind", "starts_at"),
    CheckConstraint("ends_at > starts_at", name="forward"),
    Index("ix_checks_open", "ends_at", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_checks_starts_at", "starts_at"),
)
