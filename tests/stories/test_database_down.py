"""The database is frozen, locked or gone: does the caller reach a person, and is it known afterwards?"""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from hotline.calls.call import CallOutcome
from hotline.calls.jobs import ROOM_LOOK
from hotline.clock import ManualClock
from hotline.database import Database, migrate
from hotline.demo.rig import InProcess, Rig
from hotline.secrets import Keyring
from hotline.simulator.phones import Phone, Town, asleep
from hotline.simulator.wire import WebRequest, WebResponse
from tests.conftest import skip_or_fail
from tests.postgresql import SURVIVES_A_CRASH, PostgresServer, find_postgres
from tests.stories.conftest import Hire
from tests.stories.listening import record_documents
from tests.stories.records import Record

Written = Callable[[], Record]
OWN_TIME = 2.0
"""Our own time in a reply stays below this, whatever the database does."""


@pytest.fixture
def settings() -> dict[str, object]:
    return {"reply_seconds": 1.2}


@pytest.fixture
def replies(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The real seconds that we took for each reply of a call."""
    taken: list[float] = []
    deliver = InProcess.__call__

    def timed(self: InProcess, request: WebRequest) -> WebResponse:
        began = time.perf_counter()
        answer = deliver(self, request)
        if request.purpose == "call":
            taken.append(time.perf_counter() - began)
        return answer

    monkeypatch.setattr(InProcess, "__call__", timed)
    return taken


@contextmanager
def background_hangs(rig: Rig) -> Iterator[None]:
    """Acts and jobs wait for the database in threads of their own; here they simply stand still."""
    rig.background_hangs = True
    yield
    rig.background_hangs = False


class TestPostgresql:
    """A real server, really stopped."""

    @pytest.fixture
    def server(self) -> Iterator[PostgresServer]:
        if (binaries := find_postgres()) is None:
            skip_or_fail(
                "no PostgreSQL here (apt install postgresql, or the extra pgtest)", "REQUIRE_POSTGRES"
            )
            return
        with PostgresServer(binaries, SURVIVES_A_CRASH) as server:
            yield server

    @pytest.fixture
    def database_url(self, server: PostgresServer) -> str:
        url = server.create("hotline")
        migrate(url)
        return url

    @pytest.fixture
    def frozen(self, server: PostgresServer) -> Callable[[float], threading.Thread]:
        def freeze(seconds: float) -> threading.Thread:
            pids = processes_of(server)
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)

            def thaw() -> None:
                time.sleep(seconds)
                for pid in pids:
                    os.kill(pid, signal.SIGCONT)

            thread = threading.Thread(target=thaw)
            thread.start()
            return thread

        return freeze

    @pytest.mark.parametrize("seconds", [1.0, 1.4, 1.6, 5.0])
    def test_frozen_while_a_caller_comes_in(
        self,
        seconds: float,
        rig: Rig,
        frozen: Callable[[float], threading.Thread],
        replies: list[float],
        caller: Phone,
        anna: Phone,
        town: Town,
        written: Written,
    ) -> None:
        town.passes(61)  # the backstop file is written
        thawed = frozen(seconds)
        with background_hangs(rig):
            caller.dials()
            town.passes(15)
            thawed.join()
        anna.answers(within=60)
        anna.presses("1")
        caller.talks_with(anna, within=30)
        assert max(replies) < OWN_TIME, replies
        town.passes(10)
        caller.hangs_up()
        anna.hung_up(within=30)
        town.passes(30)
        assert written().call.outcome == CallOutcome.ANSWERED

    @pytest.mark.parametrize("seconds", [1.0, 1.4, 1.6, 5.0])
    def test_frozen_while_the_caller_waits(
        self,
        seconds: float,
        rig: Rig,
        frozen: Callable[[float], threading.Thread],
        replies: list[float],
        caller: Phone,
        anna: Phone,
        bruno: Phone,
        town: Town,
        written: Written,
    ) -> None:
        anna.is_now(asleep)
        town.passes(61)
        caller.dials()
        anna.rings(within=40)
        bruno.rings(within=10)
        town.passes(1)  # no callback is on its way: the next request is the caller's pass
        thawed = frozen(seconds)
        with background_hangs(rig):
            town.passes(20)
            thawed.join()
        bruno.answers(within=120)
        bruno.presses("1")
        caller.talks_with(bruno, within=30)
        assert min(seconds, 1.2) - 0.3 < max(replies) < OWN_TIME, replies
        town.passes(10)
        caller.hangs_up()
        town.passes(30)
        assert written().call.outcome == CallOutcome.ANSWERED

    def test_frozen_while_somebody_presses_1(
        self,
        rig: Rig,
        frozen: Callable[[float], threading.Thread],
        replies: list[float],
        caller: Phone,
        anna: Phone,
        town: Town,
    ) -> None:
        town.passes(61)
        caller.dials()
        anna.answers(within=40)
        thawed = frozen(1.6)
        with background_hangs(rig):
            anna.presses("1")
            thawed.join()
        caller.talks_with(anna, within=60)
        assert max(replies) < OWN_TIME, replies

    def test_a_locked_table(
        self,
        rig: Rig,
        server: PostgresServer,
        replies: list[float],
        caller: Phone,
        anna: Phone,
        town: Town,
        written: Written,
    ) -> None:
        town.passes(61)
        with psycopg.connect(host=str(server.folder), user="postgres", dbname="hotline") as other:
            other.execute("LOCK TABLE calls IN ACCESS EXCLUSIVE MODE")
            with background_hangs(rig):
                caller.dials()
                anna.answers(within=60)
                anna.hears("una persona aspetta")
                anna.presses("1")
                caller.talks_with(anna)
                caller.hangs_up()
            other.rollback()
        town.passes(60)
        record = written()
        assert record.call.outcome == CallOutcome.ANSWERED
        assert record.follow_up is None
        assert max(replies) < OWN_TIME, replies

    def test_gone_and_come_back(
        self,
        rig: Rig,
        server: PostgresServer,
        replies: list[float],
        caller: Phone,
        anna: Phone,
        bruno: Phone,
        town: Town,
        written: Written,
    ) -> None:
        anna.is_now(asleep)
        town.passes(61)
        caller.dials()
        anna.rings(within=40)
        server.stop()
        with background_hangs(rig):
            town.passes(40)
            server.start()
        bruno.answers(within=120)
        bruno.presses("1")
        caller.talks_with(bruno, within=30)
        caller.hangs_up()
        town.passes(60)
        assert max(replies) < OWN_TIME, replies
        assert written().call.came_in_at is not None

    def test_gone_for_the_whole_call_and_nobody_answers(
        self,
        rig: Rig,
        server: PostgresServer,
        caller: Phone,
        anna: Phone,
        lucia: Phone,
        town: Town,
        written: Written,
    ) -> None:
        anna.is_now(asleep)
        lucia.is_now(asleep)
        town.passes(61)
        server.stop()
        with background_hangs(rig):
            caller.dials()
            anna.rings(within=60)
            lucia.rings(within=60)
            caller.hears("In pericolo: uno uno due", within=60)
            anna.rings(within=60)
            caller.hangs_up()
            town.passes(5)
            server.start()
        town.passes(60)
        record = written()
        assert record.call.outcome in (CallOutcome.ABANDONED, CallOutcome.UNREACHED)
        assert record.follow_up == "review"
        assert record.call.caller == caller.number


def processes_of(server: PostgresServer) -> list[int]:
    """Return every process of the server; the first is the one that starts the others."""
    first = int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    found = [first]
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == first:
            found.append(int(status.parent.name))
    return found


class TestSqlite:
    """A file that another process has locked."""

    @pytest.fixture
    def database_url(self, tmp_path: Path) -> str:
        url = f"sqlite:///{tmp_path / 'hotline.sqlite'}"
        migrate(url)
        return url

    def test_a_file_locked_by_another_process(
        self,
        rig: Rig,
        tmp_path: Path,
        replies: list[float],
        caller: Phone,
        anna: Phone,
        town: Town,
        written: Written,
    ) -> None:
        town.passes(61)
        other = sqlite3.connect(tmp_path / "hotline.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with background_hangs(rig):
            caller.dials()
            anna.answers(within=60)
            anna.hears("una persona aspetta")
            anna.presses("1")
            caller.talks_with(anna)
            town.passes(20)
            caller.hangs_up()
        other.rollback()
        other.close()
        town.passes(60)
        record = written()
        assert record.call.outcome == CallOutcome.ANSWERED
        assert record.call.caller == caller.number
        assert max(replies) < OWN_TIME, replies

    def test_the_caller_stays_after_the_conversation_and_goes_on_where_the_call_was(
        self, rig: Rig, tmp_path: Path, caller: Phone, anna: Phone, town: Town, written: Written
    ) -> None:
        town.passes(61)
        caller.dials()
        caller.waits(2)
        caller.presses("3")
        anna.rings(within=20)
        anna.is_now(asleep)
        other = sqlite3.connect(tmp_path / "hotline.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with background_hangs(rig):
            caller.hears("In pericolo: uno uno due", within=40)
            anna.stops_ringing(within=60)
            anna.answers(within=90)
            anna.presses("1", every=0)
            caller.talks_with(anna, within=30)
            anna.hangs_up()
            caller.hears("Se avete finito, può riagganciare")
        other.rollback()
        other.close()
        anna.answers(within=120)
        anna.presses("1")
        caller.talks_with(anna, within=30)
        assert written().call.category == "NAU"

    def test_the_journal_tells_nobody_anything(
        self, rig: Rig, tmp_path: Path, caller: Phone, anna: Phone, town: Town
    ) -> None:
        town.passes(61)
        other = sqlite3.connect(tmp_path / "hotline.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with background_hangs(rig):
            caller.dials()
            anna.rings(within=60)
            journal = tmp_path / "backstop.journal"
            assert journal.stat().st_mode & 0o777 == 0o600
            content = journal.read_text()
            assert caller.number[-7:] not in content
            assert "CA" + "0" not in content
            caller.hangs_up()
        other.rollback()
        other.close()
        town.passes(60)
        assert not journal.exists()
        assert not journal.with_suffix(".importing").exists()


def test_a_backstop_conversation_is_left_alone_when_the_database_is_back(
    rig: Rig, database: Database, caller: Phone, anna: Phone, town: Town, written: Written
) -> None:
    """Nobody is torn out of a Dial that the database knows nothing of."""
    anna.is_now(asleep)
    town.passes(61)
    caller.dials()
    anna.rings(within=40)
    whole, database.transaction = database.transaction, broken
    with background_hangs(rig):
        caller.hears("Ci scusi, un momento", within=40)
        anna.stops_ringing(within=60)
        anna.answers(within=90)
        anna.presses("1")
        caller.talks_with(anna)
    database.transaction = whole
    town.passes(ROOM_LOOK.total_seconds() * 3)
    caller.talks_with(anna, within=0)
    caller.hangs_up()
    town.passes(30)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_without_the_database_the_last_resort_is_rung_where_nobody_is_on_duty(
    rig: Rig, database: Database, caller: Phone, carla: Phone, hire: Hire, starts_at: datetime, town: Town
) -> None:
    dora = hire(
        "Dora", 5, "volunteer", shift=(starts_at + timedelta(hours=6), starts_at + timedelta(hours=9))
    )
    town.passes(61)
    whole, database.transaction = database.transaction, broken
    with background_hangs(rig):
        caller.dials()
        carla.answers(within=60)
        carla.presses("1")
        caller.talks_with(carla)
        caller.hangs_up()
    database.transaction = whole
    dora.never_rang()


def test_without_the_database_every_coordinator_is_rung_where_nobody_is_on_duty(
    rig: Rig, database: Database, caller: Phone, carla: Phone, hire: Hire, town: Town
) -> None:
    piero = hire("Piero", 6, "coordinator", shift=None, last_resort="no")
    town.passes(61)
    whole, database.transaction = database.transaction, broken
    with background_hangs(rig):
        caller.dials()
        carla.declines(within=60)
        piero.answers(within=60)
        piero.presses("1")
        caller.talks_with(piero)
        caller.hangs_up()
    database.transaction = whole


def test_without_the_database_nobody_is_rung_for_their_own_call(
    rig: Rig, database: Database, anna: Phone, bruno: Phone, town: Town
) -> None:
    town.passes(61)
    documents = record_documents(rig)
    whole, database.transaction = database.transaction, broken
    with background_hangs(rig):
        anna.dials()
        bruno.answers(within=60)
        bruno.presses("1")
        anna.talks_with(bruno)
        anna.hangs_up()
    database.transaction = whole
    assert not [document for document in documents if anna.number in document]


def test_a_number_keyed_in_while_the_database_is_away_is_asked_for_anew_and_is_no_no(
    rig: Rig, database: Database, caller: Phone, anna: Phone, town: Town
) -> None:
    caller.dials(anonymous=True)
    caller.hears("scriva un numero e poi cancelletto", within=200)
    caller.presses("3400000055")
    whole, database.transaction = database.transaction, broken
    with background_hangs(rig):
        caller.presses("#")
    database.transaction = whole
    caller.hears("scriva un numero e poi cancelletto")
    caller.presses("3400000055#")
    caller.hears("zero zero cinque cinque. Giusto?")
    caller.presses("8")
    caller.hears("La richiama una persona entro")
    caller.hears_nothing_like("non la chiameremo")
    assert not [request.url for _, request in rig.exchange.webhooks if "0000055" in request.url]


def test_1_1_2_keyed_in_place_of_a_number_while_the_database_is_away_is_understood(
    rig: Rig, database: Database, caller: Phone, lucia: Phone, town: Town, written: Written
) -> None:
    caller.dials(anonymous=True)
    caller.hears("scriva un numero e poi cancelletto", within=200)
    caller.presses("112")
    whole, database.transaction = database.transaction, broken
    with background_hangs(rig):
        caller.presses("#")
    database.transaction = whole
    caller.hears("riagganciare e rifare il numero")
    assert written().call.category == "VIO"


def broken(*_: object) -> object:
    raise psycopg.OperationalError("gone")


def test_keys_are_needed_to_read_the_backstop_file(
    rig: Rig, tmp_path: Path, anna: Phone, town: Town, clock: ManualClock
) -> None:
    from hotline.calls.backstop import BackstopFile

    town.passes(61)
    path = tmp_path / "backstop.sealed"
    assert BackstopFile(path, rig.service.database.keyring).numbers_at(clock.now()) == (anna.number,)
    assert BackstopFile(path, Keyring.from_text("b2" * 32)).numbers_at(clock.now()) == ()
