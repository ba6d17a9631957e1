"""Who decided to call somebody who was never asked, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("decided_by", sa.String(length=32), nullable=True))
    op.add_column("contacts", sa.Column("reason", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("contacts", "reason")
    op.drop_column("contacts", "decided_by")
