"""Which alarms about gaps have been given? A row for each role, stretch of time and stage."""

from sqlalchemy import Column, Index, Integer, String, Table, text

from hotline.database import UtcMoment, metadata

STANDING = text("closed_at IS NULL")

gap_alarms = Table(
    "gap_alarms",
    metadata,
    Column("id", String(32), primary_key=True),
    # One key for everything that one message speaks of.
    Column("about", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("stage", Integer, nullable=False),
    Column("starts_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    # How many gaps a message of the day speaks of; the first of them is this row.
    Column("gaps", Integer, nullable=False),
    Column("alarmed_at", UtcMoment, nullable=False),
    Column("closed_at", UtcMoment),
    Index("ix_gap_alarms_about", "about"),
    Index("ix_gap_alarms_standing", "starts_at", sqlite_where=STANDING, postgresql_where=STANDING),
)
