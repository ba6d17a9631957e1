"""Wrong PINs at the staff door, and until when it is closed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pin_tries",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_pin_tries_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_pin_tries")),
    )


def downgrade() -> None:
    op.drop_table("pin_tries")
