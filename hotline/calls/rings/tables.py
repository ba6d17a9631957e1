"""What is left of rings whose person is forgotten? How many there were, by role and by how they ended."""

from sqlalchemy import Column, Integer, String, Table

from hotline.database import metadata

past_rings = Table(
    "past_rings",
    metadata,
    Column("role", String(16), primary_key=True),
    Column("result", String(12), primary_key=True),
    Column("rings", Integer, nullable=False),
)
