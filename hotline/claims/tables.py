"""How is it known that a piece of the clock's work has been done? One row for each job and slot."""

from sqlalchemy import Column, Index, String, Table

from hotline.database import UtcMoment, metadata

claims = Table(
    "claims",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("slot", String(80), primary_key=True),
    Column("claimed_at", UtcMoment, nullable=False),
    Index("ix_claims_claimed_at", "claimed_at"),
)
