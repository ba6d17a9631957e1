"""Versions of the rota, their shifts, single-person tiers, and what the clock has done."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# `+` keeps SQLite from looking in the index over `starts_at`, where all the past would be found.
_TRIGGER = """
    CREATE TRIGGER tr_shifts_lane_$EVENT BEFORE $EVENT ON shifts WHEN NEW.lane IS NOT NULL
    BEGIN
        SELECT RAISE(ABORT, 'ex_shifts_lane') WHERE EXISTS (
            SELECT 1 FROM shifts WHERE lane = NEW.lane AND id <> NEW.id
            AND +starts_at < NEW.ends_at AND ends_at > NEW.starts_at
        );
    END"""
_UNIQUE = "uq_shifts_person_id_role_starts_at_ends_at"


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("slot", sa.String(80), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_claims")),
    )
    op.create_index("ix_claims_claimed_at", "claims", ["claimed_at"])
    op.create_table(
        "rotas",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.String(80), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("accepted", sa.LargeBinary(), nullable=True),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filled_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["published_by"], ["people.id"], name=op.f("fk_rotas_published_by_people")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rotas")),
        sqlite_autoincrement=True,
    )
    pointer = op.create_table(
        "rota_pointer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_rota_pointer_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_pointer")),
    )
    op.bulk_insert(pointer, [{"id": 1, "version": 0}])
    with op.batch_alter_table("shifts") as batch:
        batch.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("lane", sa.Integer(), nullable=True))
        batch.drop_constraint(_UNIQUE, type_="unique")
        batch.create_unique_constraint(
            f"{_UNIQUE}_version", ["person_id", "role", "starts_at", "ends_at", "version"]
        )
        batch.create_index("ix_shifts_version_starts_at", ["version", "starts_at"])
        batch.create_index(
            "ix_shifts_lane_ends_at",
            ["lane", "ends_at"],
            sqlite_where=sa.text("lane IS NOT NULL"),
            postgresql_where=sa.text("lane IS NOT NULL"),
        )
    _forbid_overlaps()


def _forbid_overlaps() -> None:
    """In a lane no two shifts overlap, whoever writes them."""
    if op.get_bind().dialect.name == "postgresql":
        # A range of one whole number, because `=` on numbers would need the extension btree_gist.
        op.execute(
            "ALTER TABLE shifts ADD CONSTRAINT ex_shifts_lane EXCLUDE USING gist "
            "(int4range(lane, lane, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) "
            "WHERE (lane IS NOT NULL)"
        )
        return
    op.execute(_TRIGGER.replace("$EVENT", "insert"))
    op.execute(_TRIGGER.replace("$EVENT", "update"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE shifts DROP CONSTRAINT ex_shifts_lane")
    else:
        op.execute("DROP TRIGGER tr_shifts_lane_insert")
        op.execute("DROP TRIGGER tr_shifts_lane_update")
    op.execute("DELETE FROM shifts WHERE version <> 0")
    with op.batch_alter_table("shifts") as batch:
        batch.drop_index("ix_shifts_lane_ends_at")
        batch.drop_index("ix_shifts_version_starts_at")
        batch.drop_constraint(f"{_UNIQUE}_version", type_="unique")
        batch.create_unique_constraint(_UNIQUE, ["person_id", "role", "starts_at", "ends_at"])
        batch.drop_column("lane")
        batch.drop_column("version")
    for table in ("rota_pointer", "rotas", "claims"):
        op.drop_table(table)
