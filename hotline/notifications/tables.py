"""Which notices were sent to staff, and which were taken?"""

from sqlalchemy import Column, ForeignKey, Index, String, Table, text

from hotline.database import UtcMoment, metadata

OPEN = text("closed_at IS NULL")

notices = Table(
    "notices",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("call_id", String(32)),
    Column("kind", String(24), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("about", UtcMoment, nullable=False),
    Column("created_at", UtcMoment, nullable=False),
    Column("sid", String(64)),
    Column("state", String(12), nullable=False),
    Column("answered_at", UtcMoment),
    Column("closed_at", UtcMoment),
    Index("ix_notices_call_id", "call_id"),
    Index("ix_notices_open", "created_at", sqlite_where=OPEN, postgresql_where=OPEN),
)
