"""How are responders stored, and wrong PINs? Names and phones sealed, phones found by their fingerprint."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, Table, Text

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
