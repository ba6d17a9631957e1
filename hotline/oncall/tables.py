"""How are shifts stored? As concrete rows, each with its role."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from hotline.database import UtcMoment, metadata

shifts = Table(
    "shifts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("starts_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    Column("source", Text, nullable=False),
    UniqueConstraint("person_id", "role", "starts_at", "ends_at"),
    CheckConstraint("ends_at > starts_at", name="forward"),
    CheckConstraint("role IN ('volunteer', 'social_worker', 'coordinator')", name="role"),
    Index(None, "starts_at", "ends_at"),
)
