"""Who read what, when, and why?"""

from sqlalchemy import Column, Index, Integer, String, Table

from hotline.database import UtcMoment, metadata

access_log = Table(
    "access_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcMoment, nullable=False),
    Column("who", String(80), nullable=False),
    Column("action", String(24), nullable=False),
    Column("what", String(80), nullable=False),
    Index("ix_access_log_at", "at"),
)
