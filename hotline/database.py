"""How is a transaction begun, kept within its time, committed, and announced?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    LargeBinary,
    MetaData,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.engine import URL, CursorResult, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from hotline.clock import Clock, Deadline
from hotline.errors import BadInput, HotlineError
from hotline.secrets import Keyring

if TYPE_CHECKING:
    from alembic.config import Config

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


_MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_KNOW_WHAT_HAPPENED = {"preserve_rowcount": True}
# Else psycopg's count is lost for an INSERT: one that met a conflict would look as if it had been stored.
_STANDSTILL_MS = 5000
"""A transaction that does nothing for so long is given up by PostgreSQL, and what it locked is free again.

A replica that is frozen in the middle of a turn would hold its call for as long; a turn is over after 1.2 s.
"""


class UtcMoment(TypeDecorator[datetime]):
    """Store an aware moment as UTC; SQLite would otherwise keep the wall clock and drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment, and write UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the moment aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(TypeDecorator[str]):
    """Keep a text sealed for one place, named `table.column`; the keyring belongs to the database."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal the text on its way in."""
        return None if value is None else _keyring_of(dialect).seal(value, self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open the text on its way out."""
        return None if value is None else _keyring_of(dialect).open(bytes(value), self.place)


class TooLate(HotlineError):
    """Roll back: the caller has already been given another reply."""


class Transaction:
    """One unit of work: a connection, the moment it began, and what to announce once committed."""

    def __init__(self, connection: Connection, now: datetime, keyring: Keyring) -> None:
        self.connection = connection
        self.now = now
        self.keyring = keyring
        self.signals: set[str] = set()

    def execute(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:
        """Run one statement, with `rows` (a dict or a list of dicts) as its values."""
        result = (
            self.connection.execute(statement, rows)
            if rows is not None
            else self.connection.execute(statement)
        )
        return cast("CursorResult[Any]", result)

    def signal(self, topic: str) -> None:
        """Wake the subscribers of `topic` right after the commit, and not at all on a rollback."""
        self.signals.add(topic)


class Database:
    """The one database of the service: SQLite with a single writer, or PostgreSQL."""

    def __init__(self, url: str, keyring: Keyring, clock: Clock, statement_seconds: float = 5.0) -> None:
        self.url = _parsed(url)
        self.keyring = keyring
        self.clock = clock
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.writer = _sqlite_engine(self.url, query_only=False)
            self.reader = _sqlite_engine(self.url, query_only=True)
        else:
            self.writer = self.reader = _postgresql_engine(self.url, statement_seconds)
        for engine in {self.writer, self.reader}:
            engine.dialect.hotline_keyring = keyring  # type: ignore[attr-defined]  # how Encrypted finds its keys
        self._subscribers: dict[str, list[Callable[[], None]]] = {}

    def subscribe(self, topic: str, wake: Callable[[], None]) -> None:
        """Call `wake` after every commit of a transaction that signalled `topic`."""
        self._subscribers.setdefault(topic, []).append(wake)

    @contextmanager
    def transaction(self, deadline: Deadline | None = None) -> Iterator[Transaction]:
        """Begin, and commit at the end; raise TooLate instead of committing past the `deadline`."""
        with self.writer.connect() as connection, connection.begin():
            tx = Transaction(connection, self.clock.now(), self.keyring)
            yield tx
            if deadline is not None and deadline.passed():
                raise TooLate("the reply came too late to be given; nothing was stored")
        for topic in tx.signals:
            for wake in self._subscribers.get(topic, ()):
                wake()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a view that writes nothing."""
        with self.reader.connect() as connection, connection.begin():
            yield Transaction(connection, self.clock.now(), self.keyring)

    def dispose(self) -> None:
        """Close every connection; one that a late turn still uses is closed when it comes back."""
        for engine in {self.writer, self.reader}:
            event.listen(engine.pool, "checkin", _close)
            engine.dispose()


def migrate(url: str) -> None:
    """Bring the schema to the newest version; two processes at once wait for each other."""
    from alembic import command

    command.upgrade(migration_config(url), "head")


def pending_migrations(database: Database) -> bool:
    """Tell whether the schema is older, or other, than this version needs."""
    with database.reading() as tx:
        made = inspect(tx.connection).has_table("alembic_version")
        current = tx.execute(text("SELECT version_num FROM alembic_version")).scalar() if made else None
    return current != newest_revision()


@cache
def newest_revision() -> str:
    """Return the revision to which this version brings a schema."""
    # By the names of the files: loading them, and Alembic, would take a sixth of the time of a start.
    return max(path.name for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py")).partition("_")[0]


def migration_config(url: str) -> "Config":
    """Return Alembic's configuration for the database at `url`."""
    return migration_config_of(_parsed(url))


def migration_config_of(url: URL) -> "Config":
    """Return Alembic's configuration for an already parsed address."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["url"] = url
    return config


def _close(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.close()


def _keyring_of(dialect: Dialect) -> Keyring:
    return cast("Keyring", dialect.hotline_keyring)  # type: ignore[attr-defined]  # set by Database


def _parsed(url: str) -> URL:
    try:
        parsed: URL | None = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadInput(
            "HOTLINE_DATABASE_URL must start with sqlite:/// or postgresql:// ; correct the setting"
        )
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def _sqlite_engine(url: URL, query_only: bool) -> Engine:
    # One writing connection: a queue in front of SQLite is fairer than its own back-off.
    engine = create_engine(
        url,
        pool_size=4 if query_only else 1,
        max_overflow=0,
        # Below the time within which a reply must be given: whoever waits longer comes back instead.
        pool_timeout=1,
        connect_args={"timeout": 1.0, "check_same_thread": False},
        hide_parameters=True,
        execution_options=_KNOW_WHAT_HAPPENED,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        if query_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that reads and then writes fails at once under load.
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(url: URL, statement_seconds: float) -> Engine:
    limits = (
        f"-c statement_timeout={int(statement_seconds * 1000)} -c lock_timeout=1000 "
        f"-c idle_in_transaction_session_timeout={_STANDSTILL_MS}"
    )
    return create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=1,
        connect_args={"connect_timeout": 2, "options": limits, "tcp_user_timeout": 5000},
        hide_parameters=True,
        execution_options=_KNOW_WHAT_HAPPENED,
    )
