"""What does a line know after ten years? People, shifts, and a million past calls, written in bulk.

Past rows are made inside the database by `INSERT ... SELECT` in the order of their keys, with the secondary
indexes dropped and built again. Ids begin with the second, as the service's own do; the provider's SIDs are
spread over all SIDs, so that those of new calls fall anywhere in their index.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Index, Table, text

from hotline.calls.tables import calls, conversations, events, legs, planned
from hotline.database import Database
from hotline.oncall.shifts import Shift
from hotline.oncall.store import add_shifts
from hotline.people.person import Person
from hotline.people.store import add_people
from hotline.telephony.tables import acts

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""Three o'clock of a November night in Iglesias: where the service's clock starts."""

CALLS = 1_000_000
YEARS = 10
SPACING = YEARS * 365 * 86400 // CALLS
_FIRST = int((NOW - timedelta(days=1)).timestamp()) - CALLS * SPACING
"""The second at which the first call came in."""

RECENT = CALLS - 90 * 86400 // SPACING
"""The first call of the last 90 days; of those before, numbers and the rings that nobody took are erased."""

LEGS_A_CALL, EVENTS_A_CALL, ACTS_A_CALL = 3, 5, 3
ON_DUTY = {"volunteer": 3, "social_worker": 1}
FEW = {"volunteer": 3, "social_worker": 1, "coordinator": 4}
MANY = {"volunteer": 46, "social_worker": 10, "coordinator": 4}

_TABLES = (calls, legs, planned, events, conversations, acts)


def hire(database: Database, headcount: dict[str, int], days_back: int) -> None:
    """Store the people, and shifts of twelve hours that go `days_back` days back and a week ahead."""
    persons = [
        Person(
            id=f"{number:016x}",
            name=f"{role} {number}",
            phone=f"+39340{number:07}",
            role=role,
            languages=("it",),
            last_resort=role == "coordinator",
        )
        for number, role in enumerate((r for r, many in headcount.items() for _ in range(many)), start=1)
    ]
    with database.transaction() as tx:
        add_people(tx, persons)
    for month in range(-days_back, 7, 30):
        with database.transaction() as tx:
            add_shifts(tx, _shifts(persons, month, min(month + 30, 7)), "bench")


def _shifts(persons: list[Person], first_day: int, last_day: int) -> Iterator[Shift]:
    for half_day in range(first_day * 2, last_day * 2):
        start = NOW + timedelta(hours=half_day * 12 - 6)
        for role, needed in ON_DUTY.items():
            able = [person for person in persons if person.role == role]
            for place in range(needed):
                person = able[(half_day * needed + place) % len(able)]
                yield Shift(person.id, role, start, start + timedelta(hours=12))


def write_history(database: Database) -> None:
    """Insert the past: calls, legs, whom each call planned, timelines, conversations and outward acts."""
    with _unhindered(database) as connection:
        for table in _TABLES:
            with connection.begin(), _without_indexes(connection, table):
                connection.execute(text(_INSERT[table.name](database.is_sqlite)))
    _tidy(database)


@contextmanager
def _unhindered(database: Database) -> Iterator[Connection]:
    """Open a connection that checks no foreign keys and waits for no disk."""
    with database.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        if database.is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA synchronous=OFF")
            raw.execute("PRAGMA cache_size=-500000")
        else:
            raw.execute(
                "SET session_replication_role = replica; SET synchronous_commit = off;"
                "SET statement_timeout = 0; SET lock_timeout = 0; SET maintenance_work_mem = '512MB'"
            )
            raw.commit()
        yield connection
    database.dispose()


@contextmanager
def _without_indexes(connection: Connection, table: Table) -> Iterator[None]:
    indexes: list[Index] = sorted(table.indexes, key=lambda index: str(index.name))
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def _tidy(database: Database) -> None:
    """Leave the tables as a service that has run for years has them: vacuumed, analysed, on disk."""
    with database.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        if database.is_sqlite:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            raw.autocommit = True
            raw.execute("SET statement_timeout = 0; SET lock_timeout = 0")
            raw.execute("VACUUM (ANALYZE)")
            raw.execute("CHECKPOINT")
    database.dispose()


class _Words:
    """The few expressions that the two databases spell differently."""

    def __init__(self, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self.i = "n.i" if is_sqlite else "n.i::bigint"
        self.no = "0" if is_sqlite else "false"

    def numbers(self, name: str, most: int) -> str:
        """Return rows `name.i` from 0 to `most` - 1."""
        if not self._is_sqlite:
            return f"generate_series(0, {most - 1}) AS {name}(i)"
        return (
            f"(WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i < {most - 1}) "
            f"SELECT i FROM s) AS {name}"
        )

    def hex(self, number: str, digits: int) -> str:
        """Return a number in hexadecimal digits."""
        if self._is_sqlite:
            return f"printf('%0{digits}x', {number})"
        return f"lpad(to_hex({number}), {digits}, '0')"

    @property
    def call_id(self) -> str:
        """Return the id of the n-th call, which begins with the second as every id does."""
        return f"({self.hex(f'{_FIRST} + {self.i} * {SPACING}', 8)} || '0000000000000000')"

    @property
    def leg_id(self) -> str:
        """Return the id of the n-th call's j-th leg."""
        return f"({self.hex(f'{_FIRST} + {self.i} * {SPACING}', 8)} || {self.hex('j.i * 1000000', 16)})"

    @property
    def caller_hash(self) -> str:
        """Return the hash of the n-th caller's number."""
        return f"({self.hex(f'{self.i} * {2**32 // CALLS}', 8)} || '{32 * '0'}')"

    def leg_sid(self, leg: str) -> str:
        """Return the SID of a leg of the n-th call."""
        return f"('CA' || {self.hex(f'{self.i} * {2**32 // CALLS}', 8)} || {self.hex(leg, 24)})"

    def person_id(self, offset: str) -> str:
        """Return one of the volunteers and social workers."""
        return self.hex(f"1 + ({self.i} * 3 + {offset}) % 56", 16)

    def moment(self, seconds: str) -> str:
        """Return a moment so many seconds after the n-th call came in."""
        epoch = f"{_FIRST} + {self.i} * {SPACING} + {seconds}"
        if self._is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {epoch}, 'unixepoch')"
        return f"to_timestamp({epoch})"

    def sealed(self, size: int) -> str:
        """Return bytes as long as sealed ones."""
        return f"zeroblob({size})" if self._is_sqlite else f"decode(repeat('00', {size}), 'hex')"


def _calls(is_sqlite: bool) -> str:
    w = _Words(is_sqlite)
    kept = f"CASE WHEN {w.i} >= {RECENT} THEN {w.sealed(44)} END"
    return f"""
        INSERT INTO calls (id, sid, caller, caller_hash, withheld, flow_version, position, node, turn,
            language, category, flags, keys, said, came_in_at, rung_at, winner, joined_at, caller_left_at,
            ended_at, outcome)
        SELECT {w.call_id}, {w.leg_sid("9")}, {kept}, {w.caller_hash}, {w.no}, 1, 'over', 'room', 7, 'it',
            'ALL', '', '4@1700000000.000', 1, {w.moment("0")}, {w.moment("15")},
            {w.call_id}, {w.moment("30")}, {w.moment("600")}, {w.moment("600")}, 'answered'
        FROM {w.numbers("n", CALLS)}"""


def _legs(is_sqlite: bool) -> str:
    w = _Words(is_sqlite)
    result = "CASE j.i WHEN 0 THEN 'accepted' WHEN 1 THEN 'canceled' ELSE 'no_answer' END"
    return f"""
        INSERT INTO legs (id, call_id, person_id, role, sid, state, node, turn, result, created_at,
            answered_at, ended_at)
        SELECT {w.leg_id}, {w.call_id}, {w.person_id("j.i")}, 'volunteer', {w.leg_sid("j.i")}, 'ended',
            'room', 3, {result}, {w.moment("15")}, {w.moment("20")}, {w.moment("600")}
        FROM {w.numbers("n", CALLS)} CROSS JOIN {w.numbers("j", LEGS_A_CALL)}
        WHERE j.i = 0 OR {w.i} >= {RECENT}"""


def _planned(is_sqlite: bool) -> str:
    w = _Words(is_sqlite)
    return f"""
        INSERT INTO planned (call_id, person_id, role)
        SELECT {w.call_id}, {w.person_id("j.i")}, 'volunteer'
        FROM {w.numbers("n", CALLS)} CROSS JOIN {w.numbers("j", LEGS_A_CALL)}"""


def _events(is_sqlite: bool) -> str:
    w = _Words(is_sqlite)
    return f"""
        INSERT INTO call_events (call_id, at, event, detail, person_id)
        SELECT {w.call_id}, {w.moment("j.i * 20")}, 'leg_ended', 'no_answer',
            CASE WHEN j.i = 0 OR {w.i} >= {RECENT} THEN {w.person_id("j.i")} END
        FROM {w.numbers("n", CALLS)} CROSS JOIN {w.numbers("j", EVENTS_A_CALL)}"""


def _conversations(is_sqlite: bool) -> str:
    w = _Words(is_sqlite)
    return f"""
        INSERT INTO conversations (room, leg_id, call_id, opened_at, met_at, ended_at)
        SELECT 'r' || {w.hex(f"{w.i} * {2**32 // CALLS}", 8)} || '0000000000000000',
            {w.call_id}, {w.call_id},
            {w.moment("30")}, {w.moment("31")}, {w.moment("600")}
        FROM {w.numbers("n", CALLS)}"""


def _acts(is_sqlite: bool) -> str:
    w = _Words(is_sqlite)
    return f"""
        INSERT INTO acts (kind, purpose, subject, lane, priority, target, state, created_at, due_at, fence,
            attempts, settled_at)
        SELECT 'ring', 'ring', {w.leg_id}, {w.call_id}, 3, {w.sealed(320)}, 'done', {w.moment("15")},
            {w.moment("15")}, 1, 1, {w.moment("16")}
        FROM {w.numbers("n", CALLS)} CROSS JOIN {w.numbers("j", ACTS_A_CALL)}"""


_INSERT = {
    "calls": _calls,
    "legs": _legs,
    "planned": _planned,
    "call_events": _events,
    "conversations": _conversations,
    "acts": _acts,
}
