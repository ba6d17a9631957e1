"""What is asked of past calls stays quick however many there are."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBERED = sa.text("caller IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_calls_with_number", "calls", ["came_in_at"], sqlite_where=NUMBERED, postgresql_where=NUMBERED
    )
    op.create_index("ix_call_events_at", "call_events", ["at"])
    op.create_index("ix_notices_call_id", "notices", ["call_id"])


def downgrade() -> None:
    op.drop_index("ix_notices_call_id", "notices")
    op.drop_index("ix_call_events_at", "call_events")
    op.drop_index("ix_calls_with_number", "calls")
