"""What is kept of practice calls? Nothing of it is ever counted as a call."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, text

from hotline.database import Encrypted, UtcMoment, metadata

STILL_ON = text("ended_at IS NULL")

drills = Table(
    "drills",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", UtcMoment, nullable=False),
    Column("sid", String(64)),
    Column("answered_at", UtcMoment),
    Column("ended_at", UtcMoment),
    Column("result", String(12)),
    # Digits that are spoken and told to the coordinator; erased when the call ends.
    Column("code", Encrypted("drills.code")),
    Index("ix_drills_asked_at", "asked_at"),
    Index(
        "uq_drills_live_person", "person_id", unique=True, sqlite_where=STILL_ON, postgresql_where=STILL_ON
    ),
)
