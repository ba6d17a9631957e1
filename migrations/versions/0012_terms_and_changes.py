"""Terms, absences and wishes of people, and a record of every change."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terms",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("contract", sa.String(16), nullable=False),
        sa.Column("qualifications", sa.Text(), nullable=False),
        sa.Column("training_until", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("told_by", sa.String(8), nullable=False),
        sa.Column("phone_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_terms_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_terms")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_absences_forward")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint(
            "person_id", "starts_at", "ends_at", name=op.f("uq_absences_person_id_starts_at_ends_at")
        ),
    )
    op.create_index("ix_absences_ends_at", "absences", ["ends_at"])
    op.create_table(
        "wishes",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("days", sa.String(13), nullable=False),
        sa.Column("starts", sa.String(5), nullable=False),
        sa.Column("ends", sa.String(5), nullable=False),
        sa.Column("wish", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_wishes_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "days", "starts", "ends", name=op.f("pk_wishes")),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("after", sa.LargeBinary(), nullable=True),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_at", "changes", ["at"])
    op.create_index("ix_changes_what", "changes", ["what"])


def downgrade() -> None:
    for table in ("changes", "wishes", "absences", "terms"):
        op.drop_table(table)
