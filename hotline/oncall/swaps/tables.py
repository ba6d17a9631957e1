"""How are offered shifts stored, and who was asked for each?"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from hotline.database import Encrypted, UtcMoment, metadata

IS_OPEN = text("state = 'open'")

offers = Table(
    "offers",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("role", Text, nullable=False),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("starts_at", UtcMoment, nullable=False),
    Column("ends_at", UtcMoment, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("reason", Encrypted("offers.reason"), nullable=False),
    # Made, or left again by a taker.
    Column("opened_at", UtcMoment, nullable=False),
    Column("asked_id", Text, ForeignKey("people.id")),
    Column("return_starts_at", UtcMoment),
    Column("return_ends_at", UtcMoment),
    Column("state", String(12), nullable=False),
    # When it was last decided whom to ask: that takes too long for the moment of offering.
    Column("chosen_at", UtcMoment),
    Column("taken_by", Text, ForeignKey("people.id")),
    Column("taken_at", UtcMoment),
    # Of the overrides by which it was taken.
    Column("group", String(32)),
    CheckConstraint("ends_at > starts_at", name="forward"),
    CheckConstraint("asked_id IS NOT NULL OR return_starts_at IS NULL", name="trade"),
    # Offered twice, even at the same moment by phone and by text, it is one.
    Index(
        "uq_offers_open",
        "person_id",
        "role",
        "starts_at",
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    ),
    Index(None, "taken_by", "taken_at"),
    Index(None, "taken_at"),
    sqlite_autoincrement=True,
)

offer_asks = Table(
    "offer_asks",
    metadata,
    Column("offer", Integer, ForeignKey("offers.number"), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    # The best is asked first.
    Column("place", Integer, nullable=False),
    Column("asked_at", UtcMoment),
    Column("declined_at", UtcMoment),
    Index(None, "person_id", "asked_at"),
)
