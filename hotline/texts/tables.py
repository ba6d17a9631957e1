"""What was texted to us, by whom, and what did we answer today? Numbers and words sealed."""

from sqlalchemy import Column, Index, Integer, String, Table, text

from hotline.database import Encrypted, UtcMoment, metadata

READABLE = text("sender IS NOT NULL OR body IS NOT NULL")

incoming_texts = Table(
    "incoming_texts",
    metadata,
    # The order in which they came, also of two at the same moment.
    Column("place", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("sid", String(64), nullable=False, unique=True),
    # Texts of one sender for which one thing is owed: the id of the first of them.
    Column("thread_id", String(32), nullable=False),
    Column("sender", Encrypted("incoming_texts.sender")),
    Column("body", Encrypted("incoming_texts.body")),
    Column("pictures", Integer, nullable=False),
    Column("person_id", String(32)),
    Column("came_in_at", UtcMoment, nullable=False),
    Index("ix_incoming_texts_thread_id", "thread_id"),
    Index("ix_incoming_texts_came_in_at", "came_in_at"),
    # The few that are still to be erased, among all that ever came in.
    Index("ix_incoming_texts_readable", "came_in_at", sqlite_where=READABLE, postgresql_where=READABLE),
)

text_senders = Table(
    "text_senders",
    metadata,
    Column("sender_hash", String(40), primary_key=True),
    Column("thread_id", String(32)),
    Column("day", String(10), nullable=False),
    Column("answers", Integer, nullable=False),
    Column("neutral", Integer, nullable=False),
    Column("seen_at", UtcMoment, nullable=False),
)
