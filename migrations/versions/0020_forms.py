"""Of which calls the form of first contact is written."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forms",
        sa.Column("call_id", sa.String(32), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_forms_call_id_calls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["people.id"], name=op.f("fk_forms_noted_by_people")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_forms")),
    )


def downgrade() -> None:
    op.drop_table("forms")
