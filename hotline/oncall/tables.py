"""How are shifts stored, and what people said about them? As concrete rows, each with its role."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hotline.database import UtcMoment, metadata

IN_FORCE = text("back_at IS NULL")
IN_A_LANE = text("lane IS NOT NULL")
BY_HAND = text("version = 0")

shifts = Table(
    "shifts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("starts_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    Column("source", Text, nullable=False),
    # The version of the rota that it is part of; 0 is none: imported, or added by hand.
    Column("version", Integer, nullable=False, server_default="0"),
    # One number for each version and single-person tier: there no two shifts may overlap. The database sees
    # to it: EXCLUDE on PostgreSQL, a trigger on SQLite (migration 0013).
    Column("lane", Integer),
    # The newest override that was known when it was added by hand: only later ones cut it. 0: all do.
    Column("after_override", Integer, nullable=False, server_default="0"),
    UniqueConstraint(
        "person_id", "role", "starts_at", "ends_at", "version", "after_override", name="uq_shifts_once"
    ),
    CheckConstraint("ends_at > starts_at", name="forward"),
    CheckConstraint("role IN ('volunteer', 'social_worker', 'coordinator')", name="role"),
    Index(None, "starts_at", "ends_at"),
    Index(None, "version", "starts_at"),
    Index(None, "source", sqlite_where=BY_HAND, postgresql_where=BY_HAND),
    Index(None, "lane", "ends_at", sqlite_where=IN_A_LANE, postgresql_where=IN_A_LANE),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("starts_at", UtcMoment, primary_key=True),
    Column("said_at", UtcMoment, nullable=False),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("starts_at", UtcMoment, nullable=False),
    Column("said_at", UtcMoment, nullable=False),
    Column("until", UtcMoment, nullable=False),
    Column("said_by", String(8), nullable=False),
    Column("last_one", Boolean, nullable=False),
    Column("taken_by", Text, ForeignKey("people.id")),
    Column("taken_at", UtcMoment),
    Column("back_at", UtcMoment),
    # Said twice, even at the same moment by phone and by text, it is one.
    Index(
        "uq_withdrawals_in_force",
        "person_id",
        "role",
        "until",
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    ),
    Index("ix_withdrawals_until", "until"),
)
