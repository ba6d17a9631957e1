"""Who read what, and who changed what: when, and why?"""

from sqlalchemy import Column, Index, Integer, String, Table

from hotline.database import Encrypted, UtcMoment, metadata

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

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcMoment, nullable=False),
    Column("who", String(80), nullable=False),
    Column("what", String(80), nullable=False),
    # Before, after and the reason may name people.
    Column("before", Encrypted("changes.before")),
    Column("after", Encrypted("changes.after")),
    Column("why", Encrypted("changes.why")),
    Index("ix_changes_at", "at"),
    Index("ix_changes_what", "what"),
)
