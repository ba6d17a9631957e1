"""How are responders stored, their terms and wrong PINs? Names and phones sealed, found by fingerprint."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hotline.database import Encrypted, UtcMoment, metadata

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Encrypted("people.name"), nullable=False),
    Column("phone", Encrypted("people.phone"), nullable=False),
    Column("phone_hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("last_resort", Boolean, nullable=False),
    Column("pin_hash", Text),
    Column("active", Boolean, nullable=False),
    Column("no_texts_since", UtcMoment),
    Column("created_at", UtcMoment, nullable=False),
    CheckConstraint("role IN ('volunteer', 'social_worker', 'coordinator', 'interpreter')", name="role"),
)

pin_tries = Table(
    "pin_tries",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("last_at", UtcMoment, nullable=False),
    Column("locked_until", UtcMoment),
)

terms = Table(
    "terms",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("contract", String(16), nullable=False),
    Column("qualifications", Text, nullable=False),
    Column("training_until", Date),
    Column("started_on", Date),
    Column("told_by", String(8), nullable=False),
    Column("phone_verified_at", UtcMoment),
)

absences = Table(
    "absences",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("starts_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    # Sickness is nobody's business but the planner's.
    Column("kind", Encrypted("absences.kind"), nullable=False),
    UniqueConstraint("person_id", "starts_at", "ends_at"),
    CheckConstraint("ends_at > starts_at", name="forward"),
    Index("ix_absences_ends_at", "ends_at"),
)

wishes = Table(
    "wishes",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("days", String(13), primary_key=True),
    Column("starts", String(5), primary_key=True),
    Column("ends", String(5), primary_key=True),
    Column("wish", String(16), nullable=False),
)
