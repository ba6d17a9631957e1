"""Offers: shifts that somebody offers to others, and who was asked for them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_id", sa.Text(), nullable=True),
        sa.Column("return_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("group", sa.String(32), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_offers_forward")),
        sa.CheckConstraint("asked_id IS NOT NULL OR return_starts_at IS NULL", name=op.f("ck_offers_trade")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_offers_person_id_people")),
        sa.ForeignKeyConstraint(["asked_id"], ["people.id"], name=op.f("fk_offers_asked_id_people")),
        sa.ForeignKeyConstraint(["taken_by"], ["people.id"], name=op.f("fk_offers_taken_by_people")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_offers")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_offers_open",
        "offers",
        ["person_id", "role", "starts_at"],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_index("ix_offers_taken_by_taken_at", "offers", ["taken_by", "taken_at"])
    op.create_index("ix_offers_taken_at", "offers", ["taken_at"])
    op.create_table(
        "offer_asks",
        sa.Column("offer", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["offer"], ["offers.number"], name=op.f("fk_offer_asks_offer_offers")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_offer_asks_person_id_people")),
        sa.PrimaryKeyConstraint("offer", "person_id", name=op.f("pk_offer_asks")),
    )
    op.create_index("ix_offer_asks_person_id_asked_at", "offer_asks", ["person_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("offer_asks")
    op.drop_table("offers")
