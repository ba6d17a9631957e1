"""Is whatever refers to a row that may be deleted found by an index, so that a deletion holds up no call?"""

from sqlalchemy import Column, Table, UniqueConstraint

from hotline import schema
from hotline.database import metadata

NEVER_DELETED = {"people", "feeds"}
"""Who leaves is kept, and no longer active."""


def found_by(table: Table) -> set[Column[object]]:
    """Return the columns with which an index over all rows begins."""
    unique = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    whole = [one.columns for one in table.indexes if one.dialect_options["sqlite"]["where"] is None]
    return {next(iter(columns)) for columns in (table.primary_key.columns, *unique, *whole) if len(columns)}


def test_each_reference_to_a_row_that_may_go_is_found_by_an_index() -> None:
    assert schema.__doc__  # it has imported every table
    slow = [
        f"{table.name}.{key.parent.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name not in NEVER_DELETED and key.parent not in found_by(table)
    ]
    assert not slow, "the database would read the whole table for each row that is deleted"
