"""Which changes of people's shifts are still to be told? A row for each person and change."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, text

from hotline.database import UtcMoment, metadata

UNTOLD = text("told_at IS NULL")

shift_news = Table(
    "shift_news",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    # Lists of (role, start, end), as JSON: what is told is counted when it is told.
    Column("gained", Text, nullable=False),
    Column("lost", Text, nullable=False),
    Column("noted_at", UtcMoment, nullable=False),
    Column("told_at", UtcMoment),
    Column("told_by", String(8)),
    Index("ix_shift_news_untold", "person_id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    Index("ix_shift_news_noted_at", "noted_at"),
)
