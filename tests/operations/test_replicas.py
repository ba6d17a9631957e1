"""Real processes: is a second replica on SQLite refused, and do two on one PostgreSQL share the work?"""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, insert, text, update
from sqlalchemy.exc import OperationalError

from hotline.clock import ManualClock
from hotline.database import Database, migrate
from hotline.secrets import Keyring
from hotline.telephony.tables import line_state
from tests.conftest import skip_or_fail
from tests.operations.replica import CALL_SID, SlowTwilio, command, serving
from tests.postgresql import PostgresServer, find_postgres

pytestmark = [pytest.mark.rough, pytest.mark.xdist_group("real seconds")]

PEOPLE = "name,phone,role,languages\n" + "".join(
    f"Prova {n},+39340000{n:04},volunteer,it\n" for n in range(1, 7)
)
SHIFTS = "phone,role,starts_at,ends_at\n" + "".join(
    f"+39340000{n:04},volunteer,2022-01-01T00:00:00+01:00,2031-12-31T00:00:00+01:00\n" for n in range(1, 7)
)

IN_THE_MIDDLE_OF_A_TURN = """
import sys, time
from sqlalchemy import update
from hotline.clock import WallClock
from hotline.database import Database
from hotline.secrets import Keyring
from hotline.telephony.tables import line_state
with Database(sys.argv[1], Keyring.from_text("a1" * 32), WallClock()).transaction() as tx:
    tx.execute(update(line_state).values(failures=1))
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def twilio() -> Iterator[SlowTwilio]:
    found = SlowTwilio()
    yield found
    found.close()


def test_sqlite_refuses_a_second_replica_with_a_clear_line(tmp_path: Path, twilio: SlowTwilio) -> None:
    url = f"sqlite:///{tmp_path / 'hotline.sqlite'}"
    migrate(url)
    with serving(url, tmp_path, twilio.url) as first:
        second = subprocess.run(
            [sys.executable, "-m", "hotline", "serve", "--port", str(first.port + 1)],
            cwd=tmp_path,
            env=first.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert second.returncode == 1
    assert "another replica already serves from this SQLite file" in second.stderr
    assert "Traceback" not in second.stderr


def test_sqlite_refuses_a_second_replica_with_a_data_folder_of_its_own(
    tmp_path: Path, twilio: SlowTwilio
) -> None:
    url = f"sqlite:///{tmp_path / 'hotline.sqlite'}"
    migrate(url)
    with serving(url, tmp_path, twilio.url) as first:
        second = subprocess.run(
            [sys.executable, "-m", "hotline", "serve", "--port", str(first.port + 1)],
            cwd=tmp_path,
            env={**first.environment, "HOTLINE_DATA_DIR": str(tmp_path / "elsewhere")},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert second.returncode == 1
    assert "another replica already serves from this SQLite file" in second.stderr


def test_two_replicas_on_one_postgresql_ring_each_phone_once_at_one_pace_and_tick_both(
    tmp_path: Path, twilio: SlowTwilio
) -> None:
    if (binaries := find_postgres()) is None:
        skip_or_fail("no PostgreSQL here (apt install postgresql)", "REQUIRE_POSTGRES")
        return
    with PostgresServer(binaries) as server:
        url = server.create("shared")
        migrate(url)
        folders = [tmp_path / "one", tmp_path / "two"]
        for folder in folders:
            folder.mkdir()
        public = "https://hotline.example.org"
        with (
            serving(url, folders[0], twilio.url) as one,
            serving(url, folders[1], twilio.url, HOTLINE_PUBLIC_URL=public) as two,
        ):
            (folders[0] / "people.csv").write_text(PEOPLE)
            (folders[0] / "shifts.csv").write_text(SHIFTS)
            command(one, "people", "import", "people.csv")
            command(one, "shifts", "import", "shifts.csv")
            one.webhook("/twilio/voice")
            engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
            with engine.connect() as connection:
                call_id = connection.execute(
                    text("SELECT id FROM calls WHERE sid = :sid"), {"sid": CALL_SID}
                ).scalar()
            one.webhook(f"/twilio/caller?call={call_id}&at=greeting&turn=1")
            ends = time.monotonic() + 10
            while len(twilio.rung) < 6 and time.monotonic() < ends:
                time.sleep(0.1)
            time.sleep(3)
            assert sorted(twilio.rung) == [f"+39340000{n:04}" for n in range(1, 7)], "each phone once"
            assert min(later - earlier for earlier, later in pairwise(twilio.rung_at)) > 0.8, "one a second"
            for replica in (one, two):
                ready = httpx.get(f"{replica.url}/health/ready", timeout=5)
                assert ready.status_code == 200, ready.text
            engine.dispose()
        shutil.rmtree(folders[1])


def test_what_a_replica_held_that_was_frozen_in_the_middle_of_a_turn_is_free_within_seconds(
    keyring: Keyring, clock: ManualClock
) -> None:
    if (binaries := find_postgres()) is None:
        skip_or_fail("no PostgreSQL here (apt install postgresql)", "REQUIRE_POSTGRES")
        return
    with PostgresServer(binaries) as server:
        url = server.create("shared")
        migrate(url)
        database = Database(url, keyring, clock)
        with database.transaction() as tx:
            row = {"what": "a call", "failures": 0, "successes": 0, "changed_at": tx.now}
            tx.execute(insert(line_state).values(row))
        command = [sys.executable, "-c", IN_THE_MIDDLE_OF_A_TURN, url]
        try:
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
                _freeze_once_it_has_locked(other)
                began = time.monotonic()
                while not (free := _goes_on(database)) and time.monotonic() - began < 9:
                    time.sleep(0.1)
                other.kill()
            assert free, "the other replica still holds it"
        finally:
            database.dispose()


def _freeze_once_it_has_locked(other: "subprocess.Popen[str]") -> None:
    assert other.stdout is not None
    assert other.stdout.readline() == "locked\n"
    other.send_signal(signal.SIGSTOP)


def _goes_on(database: Database) -> bool:
    try:
        with database.transaction() as tx:
            tx.execute(update(line_state).values(failures=2))
    except OperationalError:
        return False
    return True
