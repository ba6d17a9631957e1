"""What is kept of hand-overs? Notes, sealed; who has heard which; who spoke with whom, and for how long."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, text

from hotline.database import Encrypted, UtcMoment, metadata

STILL_ON = text("ended_at IS NULL")

notes = Table(
    "handover_notes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("words", Encrypted("handover_notes.words"), nullable=False),
    Column("written_at", UtcMoment, nullable=False),
    Column("written_by", String(8), nullable=False),
    Index("ix_handover_notes_written_at", "written_at"),
)

readings = Table(
    "handover_readings",
    metadata,
    Column("note_id", String(32), ForeignKey("handover_notes.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), primary_key=True),
    Column("heard_at", UtcMoment, nullable=False),
)

talks = Table(
    "handover_talks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("asker_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("other_id", String(32), ForeignKey("people.id"), nullable=False),
    # The asker's own call, on whose leg they talk.
    Column("call_id", String(32), nullable=False),
    Column("room", String(32), nullable=False),
    Column("began_at", UtcMoment, nullable=False),
    Column("met_at", UtcMoment),
    Column("ended_at", UtcMoment),
    Column("result", String(12)),
    Index("ix_handover_talks_began_at", "began_at"),
    Index("ix_handover_talks_open", "ended_at", sqlite_where=STILL_ON, postgresql_where=STILL_ON),
)
