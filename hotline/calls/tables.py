"""What is kept of a call: who waits, who was rung, who talked with whom, and what happened when."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, false, text

from hotline.database import Encrypted, UtcMoment, metadata

STILL_ON = text("ended_at IS NULL")
NUMBERED = text("caller IS NOT NULL")
HEAVY = text("afterwards = 'heavy'")

calls = Table(
    "calls",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sid", String(64), nullable=False, unique=True),
    Column("caller", Encrypted("calls.caller")),
    Column("caller_hash", String(40)),
    Column("withheld", Boolean, nullable=False),
    Column("flow_version", Integer, nullable=False),
    Column("position", String(12), nullable=False),
    Column("node", String(24), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    Column("category", String(8)),
    Column("flags", String(200), nullable=False),
    Column("keys", String(120), nullable=False),
    Column("said", Integer, nullable=False),
    Column("came_in_at", UtcMoment, nullable=False),
    Column("rung_at", UtcMoment),
    Column("said_at", UtcMoment),
    Column("honest_at", UtcMoment),
    Column("ring_check_at", UtcMoment),
    Column("whisper_until", UtcMoment),
    Column("pass_due_at", UtcMoment),
    Column("winner", String(32)),
    Column("room", String(32)),
    Column("joined_at", UtcMoment),
    Column("between_at", UtcMoment),
    Column("caller_left_at", UtcMoment),
    Column("ended_at", UtcMoment),
    Column("outcome", String(12)),
    Column("follows", String(32)),
    Column("prefers", String(80)),
    Column("side_room", String(32)),
    Index("ix_calls_caller_hash", "caller_hash", "came_in_at"),
    Index("ix_calls_open", "ended_at", sqlite_where=STILL_ON, postgresql_where=STILL_ON),
    Index("ix_calls_came_in_at", "came_in_at"),
    # The few whose number is still to be erased, among all that ever came in.
    Index("ix_calls_with_number", "came_in_at", sqlite_where=NUMBERED, postgresql_where=NUMBERED),
)

legs = Table(
    "legs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("call_id", String(32), ForeignKey("calls.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("sid", String(64)),
    # Rung by the caller's own Dial, because REST was down: it has no room and no asterisk.
    Column("errand", String(16)),
    Column("afterwards", String(12)),
    Column("dialled", Boolean, nullable=False, server_default=false()),
    Column("state", String(12), nullable=False),
    Column("node", String(24), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("result", String(12)),
    Column("created_at", UtcMoment, nullable=False),
    Column("answered_at", UtcMoment),
    Column("ended_at", UtcMoment),
    Index("ix_legs_call_id", "call_id"),
    Index("ix_legs_sid", "sid"),
    Index("ix_legs_person_id_created_at", "person_id", "created_at"),
    Index("ix_legs_heavy", "ended_at", sqlite_where=HEAVY, postgresql_where=HEAVY),
    # One live leg per person, whatever two calls decide at the same moment.
    Index("uq_legs_live_person", "person_id", unique=True, sqlite_where=STILL_ON, postgresql_where=STILL_ON),
    Index("ix_legs_open", "ended_at", sqlite_where=STILL_ON, postgresql_where=STILL_ON),
)

planned = Table(
    "planned",
    metadata,
    Column("call_id", String(32), ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), primary_key=True),
    Column("role", String(16), primary_key=True),
)

events = Table(
    "call_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("call_id", String(32), ForeignKey("calls.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcMoment, nullable=False),
    Column("event", String(24), nullable=False),
    Column("detail", String(80), nullable=False),
    Column("person_id", String(32)),
    Index("ix_call_events_call_id", "call_id"),
    Index("ix_call_events_at", "at"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("room", String(32), primary_key=True),
    Column("leg_id", String(32), ForeignKey("legs.id"), primary_key=True),
    Column("call_id", String(32), ForeignKey("calls.id", ondelete="CASCADE"), nullable=False),
    Column("opened_at", UtcMoment, nullable=False),
    Column("met_at", UtcMoment),
    Column("ended_at", UtcMoment),
    Index("ix_conversations_call_id", "call_id"),
    # Whoever deletes a leg makes the database look whether somebody talked on it.
    Index("ix_conversations_leg_id", "leg_id"),
)
