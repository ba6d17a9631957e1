"""What is still owed to a caller?"""

from sqlalchemy import Column, Index, String, Table, text

from hotline.database import UtcMoment, metadata

OPEN = text("done_at IS NULL")

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("call_id", String(32), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("grade", String(12), nullable=False),
    Column("created_at", UtcMoment, nullable=False),
    Column("due_at", UtcMoment, nullable=False),
    Column("owner_id", String(32)),
    Column("done_at", UtcMoment),
    Index("ix_follow_ups_open", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
)
