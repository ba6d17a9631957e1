"""Does a call outlive a replica that is killed or frozen, when there are two of them behind HAProxy?"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.database import migrate
from hotline.simulator.phones import Phone
from tests.conftest import skip_or_fail
from tests.postgresql import SURVIVES_A_CRASH, PostgresServer, find_postgres
from tests.rough.crowd import staff
from tests.rough.play import play
from tests.rough.replicas import Replicas, Sleeper, find_haproxy, two_replicas
from tests.rough.tally import rung_twice

pytestmark = [pytest.mark.rough, pytest.mark.xdist_group("real seconds"), pytest.mark.timeout(300)]

SPEED = 4.0
TWO_PEOPLE = "Anna Prova,+393400000001,volunteer,it\nLucia Prova,+393400000003,social_worker,it\n"
FROZEN_FOR = 5.0
"""Real seconds: longer than the proxy's patience with a replica that says nothing."""


@pytest.fixture
def database_url() -> Iterator[str]:
    if (binaries := find_postgres()) is None:
        skip_or_fail("no PostgreSQL here (apt install postgresql)", "REQUIRE_POSTGRES")
        return
    with PostgresServer(binaries, SURVIVES_A_CRASH) as server:
        url = server.create("rough")
        migrate(url)
        yield url


@pytest.fixture
def proxy() -> Path:
    found = find_haproxy()
    if found is None:
        skip_or_fail("HAProxy is not installed (apt install haproxy)", "REQUIRE_HAPROXY")
    assert found is not None
    return found


@pytest.fixture
def rig(proxy: Path, database_url: str, tmp_path: Path) -> Iterator[Replicas]:
    with two_replicas(database_url, tmp_path, proxy, SPEED, TWO_PEOPLE) as running:
        yield running


@pytest.fixture
def anna(rig: Replicas) -> Phone:
    return rig.town.phone("Anna", "+393400000001")


@pytest.fixture
def lucia(rig: Replicas) -> Phone:
    return rig.town.phone("Lucia", "+393400000003")


@pytest.fixture
def caller(rig: Replicas) -> Phone:
    return rig.town.phone("Caller", "+393400000099")


def killed(sleeper: Sleeper) -> None:
    sleeper.kill()
    threading.Timer(1, sleeper.start_again).start()


def frozen(sleeper: Sleeper) -> None:
    sleeper.freeze()
    threading.Timer(FROZEN_FOR, sleeper.wake).start()


def test_replicas_in_trouble_while_phones_ring_lose_nobody_and_ring_nobody_twice(
    rig: Replicas, anna: Phone, lucia: Phone, caller: Phone
) -> None:
    for trouble, sleeper in zip((killed, frozen), rig.both, strict=True):
        rung_before = anna.times_rung()
        caller.dials()
        anna.rings(within=90)
        trouble(sleeper)
        rig.town.passes(6)
        anna.answers()
        anna.hears("Premi uno", within=60)
        anna.presses("1")
        caller.talks_with(anna, within=60)
        assert anna.times_rung() == rung_before + 1
        rig.town.passes(FROZEN_FOR * SPEED)
        caller.talks_with(anna)
        caller.hangs_up()
        anna.hears("La telefonata è finita", within=60)
        anna.hangs_up()
        rig.town.everybody_hung_up(within=120)
        sleeper.replica.wait_until_alive()
    assert not rung_twice(rig)
    rig.town.broke_no_rule()


def test_a_dozen_calls_with_a_kill_and_a_freeze_lose_nobody(
    proxy: Path, database_url: str, tmp_path: Path
) -> None:
    with two_replicas(database_url, tmp_path, proxy, SPEED, staff()) as rig:
        found = play(rig, many=12, at_once=6, every=6, seed=2)
        assert not found.failed, found.as_table("two replicas") + "\n\n" + rig.town.play()
    assert (found.calls, found.kills + found.stops) == (12, 2)
