"""In the room: errands of further phones, what is keyed after a call, private words."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("side_room", sa.String(length=32), nullable=True))
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("errand", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("afterwards", sa.String(length=12), nullable=True))
        batch_op.create_index(
            "ix_legs_heavy",
            ["ended_at"],
            unique=False,
            sqlite_where=sa.text("afterwards = 'heavy'"),
            postgresql_where=sa.text("afterwards = 'heavy'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.drop_index("ix_legs_heavy")
        batch_op.drop_column("afterwards")
        batch_op.drop_column("errand")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_column("side_room")
