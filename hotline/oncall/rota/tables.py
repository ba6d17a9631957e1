"""How are the versions of the rota stored, and which one is in force?

The rules name people by their ids. Shifts of a version are rows of `shifts`; they count where they begin
within the time for which the version is in force, so one small transaction puts a prepared version in force.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, String, Table, Text

from hotline.database import Encrypted, UtcMoment, metadata

rotas = Table(
    "rotas",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("rules", Text, nullable=False),
    Column("drafted_at", UtcMoment, nullable=False),
    Column("drafted_by", String(80), nullable=False),
    Column("published_at", UtcMoment),
    Column("published_by", Text, ForeignKey("people.id")),
    Column("reason", Encrypted("rotas.reason")),
    # What was broken, or uncovered, and published all the same: a line each.
    Column("accepted", Encrypted("rotas.accepted")),
    Column("in_force_from", UtcMoment),
    Column("in_force_until", UtcMoment),
    Column("filled_until", Date),
    sqlite_autoincrement=True,
)

rota_pointer = Table(
    "rota_pointer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("id = 1", name="one"),
)
