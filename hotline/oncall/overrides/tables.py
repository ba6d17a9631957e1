"""How are overrides stored? What they take away as rows here, whom they put on as rows of `shifts`."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from hotline.database import Encrypted, UtcMoment, metadata

overrides = Table(
    "overrides",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("role", Text, nullable=False),
    Column("off_id", Text, ForeignKey("people.id")),
    Column("on_id", Text, ForeignKey("people.id")),
    Column("starts_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    Column("cause", String(12), nullable=False),
    Column("made_at", UtcMoment, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("reason", Encrypted("overrides.reason"), nullable=False),
    Column("group", String(32), nullable=False),
    Column("called_off_at", UtcMoment),
    CheckConstraint("ends_at > starts_at", name="forward"),
    CheckConstraint("off_id IS NOT NULL OR on_id IS NOT NULL", name="somebody"),
    Index(None, "off_id", "starts_at"),
    Index(None, "starts_at"),
    Index(None, "group"),
    sqlite_autoincrement=True,
)
