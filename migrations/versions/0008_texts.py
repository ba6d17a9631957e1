"""Texts that come in, and who of the staff no longer wants any."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

READABLE = sa.text("sender IS NOT NULL OR body IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "incoming_texts",
        sa.Column("place", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("thread_id", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("pictures", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("came_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_incoming_texts")),
        sa.UniqueConstraint("id", name=op.f("uq_incoming_texts_id")),
        sa.UniqueConstraint("sid", name=op.f("uq_incoming_texts_sid")),
    )
    op.create_index("ix_incoming_texts_thread_id", "incoming_texts", ["thread_id"])
    op.create_index("ix_incoming_texts_came_in_at", "incoming_texts", ["came_in_at"])
    op.create_index(
        "ix_incoming_texts_readable",
        "incoming_texts",
        ["came_in_at"],
        sqlite_where=READABLE,
        postgresql_where=READABLE,
    )
    op.create_table(
        "text_senders",
        sa.Column("sender_hash", sa.String(length=40), nullable=False),
        sa.Column("thread_id", sa.String(length=32), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("neutral", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender_hash", name=op.f("pk_text_senders")),
    )
    op.add_column("people", sa.Column("no_texts_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "no_texts_since")
    op.drop_table("text_senders")
    op.drop_table("incoming_texts")
