"""Which files of shifts are coming in? Their rows bear the negative number, and count once it is finished."""

from sqlalchemy import Column, Integer, Table

from hotline.database import UtcMoment, metadata

shift_files = Table(
    "shift_files",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("begun_at", UtcMoment, nullable=False),
    Column("finished_at", UtcMoment),
    sqlite_autoincrement=True,
)
