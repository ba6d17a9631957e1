"""Of which calls is the form of first contact written? One row each; what the form says is on paper."""

from sqlalchemy import Column, ForeignKey, String, Table

from hotline.database import UtcMoment, metadata

forms = Table(
    "forms",
    metadata,
    Column("call_id", String(32), ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    Column("noted_at", UtcMoment, nullable=False),
    Column("noted_by", String(32), ForeignKey("people.id"), nullable=False),
)
