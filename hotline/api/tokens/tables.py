"""How are tokens kept? By their keyed hash; a stolen database opens nothing."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from hotline.database import Encrypted, UtcMoment, metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("role", String(12), nullable=False),
    # Whoever names a token may name a person.
    Column("name", Encrypted("api_tokens.name"), nullable=False),
    Column("hash", String(40), nullable=False, unique=True),
    Column("made_at", UtcMoment, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("expires_at", UtcMoment, nullable=False),
    Column("last_used_at", UtcMoment),
    Column("revoked_at", UtcMoment),
    CheckConstraint("role IN ('coordinator', 'reader', 'self')", name="role"),
)

# An address is kept as its keyed hash, for a day.
wrong_tokens = Table(
    "wrong_tokens",
    metadata,
    Column("address", String(40), primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("since", UtcMoment, nullable=False),
)
