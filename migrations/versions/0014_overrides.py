"""Overrides: who is on instead of whom, for once."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_UNIQUE = "uq_shifts_person_id_role_starts_at_ends_at_version"
_WHO_AND_WHEN = ["person_id", "role", "starts_at", "ends_at", "version"]
_BY_HAND = sa.text("version = 0")
# SQLite builds a changed table anew and forgets its triggers (those of 0013).
_TRIGGER = """
    CREATE TRIGGER tr_shifts_lane_$EVENT BEFORE $EVENT ON shifts WHEN NEW.lane IS NOT NULL
    BEGIN
        SELECT RAISE(ABORT, 'ex_shifts_lane') WHERE EXISTS (
            SELECT 1 FROM shifts WHERE lane = NEW.lane AND id <> NEW.id
            AND +starts_at < NEW.ends_at AND ends_at > NEW.starts_at
        );
    END"""


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("off_id", sa.Text(), nullable=True),
        sa.Column("on_id", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(12), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("group", sa.String(32), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_overrides_forward")),
        sa.CheckConstraint("off_id IS NOT NULL OR on_id IS NOT NULL", name=op.f("ck_overrides_somebody")),
        sa.ForeignKeyConstraint(["off_id"], ["people.id"], name=op.f("fk_overrides_off_id_people")),
        sa.ForeignKeyConstraint(["on_id"], ["people.id"], name=op.f("fk_overrides_on_id_people")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_overrides")),
        sqlite_autoincrement=True,
    )
    for columns in (["off_id", "starts_at"], ["starts_at"], ["group"]):
        op.create_index(f"ix_overrides_{'_'.join(columns)}", "overrides", columns)
    with op.batch_alter_table("shifts") as batch:
        batch.add_column(sa.Column("after_override", sa.Integer(), server_default="0", nullable=False))
        batch.drop_constraint(_UNIQUE, type_="unique")
        batch.create_unique_constraint("uq_shifts_once", [*_WHO_AND_WHEN, "after_override"])
        batch.create_index("ix_shifts_source", ["source"], sqlite_where=_BY_HAND, postgresql_where=_BY_HAND)

    _keep_forbidding_overlaps()


def _keep_forbidding_overlaps() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("insert", "update"):
            op.execute(_TRIGGER.replace("$EVENT", event))


def downgrade() -> None:
    op.execute("DELETE FROM shifts WHERE after_override <> 0")
    with op.batch_alter_table("shifts") as batch:
        batch.drop_index("ix_shifts_source")
        batch.drop_constraint("uq_shifts_once", type_="unique")
        batch.create_unique_constraint(_UNIQUE, _WHO_AND_WHEN)
        batch.drop_column("after_override")
    _keep_forbidding_overlaps()
    op.drop_table("overrides")
