"""The conversations of a leg are found by an index: else each leg that is deleted reads them all."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_conversations_leg_id", "conversations", ["leg_id"])


def downgrade() -> None:
    op.drop_index("ix_conversations_leg_id", "conversations")
