"""Does SQLite refuse what PostgreSQL would? A text that is too long for its column."""

from sqlalchemy import Connection, Engine, String, Table, create_engine

from hotline.schema import metadata


def enforce_lengths(sqlite_url: str) -> None:
    """Make a migrated SQLite database refuse a text that is longer than its column, as PostgreSQL does."""
    engine: Engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            _enforce(connection, table)
    engine.dispose()


def _enforce(connection: Connection, table: Table) -> None:
    lengths = {
        column.name: column.type.length
        for column in table.columns
        if isinstance(column.type, String) and column.type.length
    }
    if not lengths:
        return
    too_long = " OR ".join(f'length(NEW."{name}") > {length}' for name, length in lengths.items())
    columns = ", ".join(f'"{name}"' for name in lengths)
    for when in ("INSERT", f"UPDATE OF {columns}"):
        connection.exec_driver_sql(
            f'CREATE TRIGGER "{table.name} {when.split()[0]}" BEFORE {when} ON "{table.name}" '
            f"WHEN {too_long} BEGIN SELECT RAISE(ABORT, 'a text is too long for {table.name}'); END"
        )
