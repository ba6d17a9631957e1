"""What has a caller said about being contacted?"""

from sqlalchemy import Column, Index, String, Table

from hotline.database import Encrypted, UtcMoment, metadata

contacts = Table(
    "contacts",
    metadata,
    Column("call_id", String(32), primary_key=True),
    Column("safety", String(12), nullable=False),
    Column("number", Encrypted("contacts.number")),
    Column("number_hash", String(40)),
    Column("keyed", Encrypted("contacts.keyed")),
    Column("until", UtcMoment),
    Column("decided_by", String(32)),
    Column("reason", Encrypted("contacts.reason")),
    Column("changed_at", UtcMoment, nullable=False),
    Index("ix_contacts_number_hash", "number_hash"),
)
