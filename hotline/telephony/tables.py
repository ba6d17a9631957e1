"""What must survive a crash of the edge: acts to perform, replies already given."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, text

from hotline.database import Encrypted, UtcMoment, metadata

OPEN = text("settled_at IS NULL")

acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("lane", String(40), nullable=False),
    Column("priority", Integer, nullable=False),
    # Only duty calls to staff may go to a refused number; whatever forgets to say so may not.
    Column("duty", Boolean, nullable=False),
    Column("target", Encrypted("acts.target"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("created_at", UtcMoment, nullable=False),
    Column("due_at", UtcMoment, nullable=False),
    Column("lease_until", UtcMoment),
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("settled_at", UtcMoment),
    Column("error", String(80)),
    Index("ix_acts_open", "state", "lane", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_acts_subject", "subject"),
)

turns = Table(
    "turns",
    metadata,
    Column("call_sid", String(64), primary_key=True),
    Column("turn", String(40), primary_key=True),
    Column("at", UtcMoment, nullable=False),
    Column("reply", Encrypted("turns.reply")),
)

refused_numbers = Table(
    "refused_numbers",
    metadata,
    Column("number_hash", String(40), primary_key=True),
    Column("since", UtcMoment, nullable=False),
)

line_state = Table(
    "line_state",
    metadata,
    Column("what", String(16), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("successes", Integer, nullable=False),
    Column("changed_at", UtcMoment, nullable=False),
    Column("down_since", UtcMoment),
    Column("probe_at", UtcMoment),
)
