"""What is still owed to a caller, and how often was it tried?"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

from hotline.database import UtcMoment, metadata

OPEN, RUNNING = text("done_at IS NULL"), text("ended_at IS NULL")

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("id", String(32), primary_key=True),
    # The call, or the thread of texts.
    Column("call_id", String(32), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("grade", String(12), nullable=False),
    Column("created_at", UtcMoment, nullable=False),
    Column("due_at", UtcMoment, nullable=False),
    Column("owner_id", String(32)),
    Column("owned_at", UtcMoment),
    Column("alarm_at", UtcMoment),
    Column("alarm_step", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("outcome", String(16)),
    Column("done_at", UtcMoment),
    Index("ix_follow_ups_open", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_follow_ups_alarm", "alarm_at", sqlite_where=OPEN, postgresql_where=OPEN),
)

call_backs = Table(
    "call_backs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("follow_up_id", String(32), ForeignKey("follow_ups.id", ondelete="CASCADE"), nullable=False),
    Column("notice_id", String(32), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("room", String(32), nullable=False, unique=True),
    Column("sid", String(64)),
    Column("result", String(12)),
    Column("began_at", UtcMoment, nullable=False),
    Column("met_at", UtcMoment),
    Column("ended_at", UtcMoment),
    Index("ix_call_backs_follow_up_id", "follow_up_id"),
    Index("ix_call_backs_running", "began_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
)
