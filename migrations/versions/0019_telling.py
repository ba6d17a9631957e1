"""What people are still to be told, alarms about gaps, spoken codes, and rings that name nobody any more."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_news",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("gained", sa.Text(), nullable=False),
        sa.Column("lost", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.String(8), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_shift_news_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_news")),
    )
    untold = sa.text("told_at IS NULL")
    op.create_index(
        "ix_shift_news_untold", "shift_news", ["person_id"], sqlite_where=untold, postgresql_where=untold
    )
    op.create_index("ix_shift_news_noted_at", "shift_news", ["noted_at"])
    op.create_table(
        "gap_alarms",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_alarms")),
    )
    op.create_index("ix_gap_alarms_about", "gap_alarms", ["about"])
    standing = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_gap_alarms_standing",
        "gap_alarms",
        ["starts_at"],
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "past_rings",
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("result", sa.String(12), nullable=False),
        sa.Column("rings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("role", "result", name=op.f("pk_past_rings")),
    )
    op.add_column("drills", sa.Column("code", sa.LargeBinary(), nullable=True))
    op.create_table(
        "shift_files",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_shift_files")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.execute("DELETE FROM shifts WHERE version < 0")
    op.drop_column("drills", "code")
    for table in ("past_rings", "shift_files", "gap_alarms", "shift_news"):
        op.drop_table(table)
