"""Who said "I can't, now", for which shift, and who took the rest of it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("back_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.String(length=8), nullable=False),
        sa.Column("last_one", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_withdrawals_person_id_people")),
        sa.ForeignKeyConstraint(["taken_by"], ["people.id"], name=op.f("fk_withdrawals_taken_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
    )
    op.create_index(
        "uq_withdrawals_in_force",
        "withdrawals",
        ["person_id", "role", "until"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_index("ix_withdrawals_until", "withdrawals", ["until"])


def downgrade() -> None:
    op.drop_index("ix_withdrawals_until", "withdrawals")
    op.drop_index("uq_withdrawals_in_force", "withdrawals")
    op.drop_table("withdrawals")
