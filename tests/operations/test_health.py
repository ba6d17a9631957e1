"""Does a monitor learn within half a minute that a replica is no longer fit, and what is wrong with it?"""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import text

from hotline.app import Service
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.timetable import Job
from tests.operations.conftest import Ticking

NOTICED_WITHIN = 30


def eventually(holds: Callable[[], bool], within: float = 5.0) -> bool:
    """Wait, in real seconds, until something holds."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


def test_healthy_replica_says_so_and_names_what_was_looked_at(replica: Ticking) -> None:
    _, client = replica()
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": "ok", "schema": "ok", "ticks": "ok"}


def test_every_job_of_the_service_is_really_done_by_the_clock(replica: Ticking, clock: ManualClock) -> None:
    service, _ = replica()
    clock.advance(5)
    by_now = {job.name for job in service.timetable.jobs if job.every_seconds <= 2}
    assert by_now
    assert eventually(lambda: all(service.timetable.seconds_since_success()[name] < 5 for name in by_now)), (
        service.timetable.seconds_since_success()
    )


def test_killed_scheduler_is_noticed(replica: Ticking, clock: ManualClock) -> None:
    service, client = replica(Job("sweep acts", 2, lambda: None), Job("forget", 3600, lambda: None))
    time.sleep(0.2)
    kill_scheduler(service)
    clock.advance(NOTICED_WITHIN)
    time.sleep(2.5)  # long enough for the shortest job to be done again, were anybody alive to do it
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["ticks"] == "sweep acts: not done for 30 s"
    assert answer.json()["database"] == "ok"
    assert client.get("/health/live").status_code == 200, "a balancer would send callers away for nothing"


@pytest.mark.parametrize("how", ["its heart stops", "it is shut down"])
def test_killed_scheduler_is_started_anew_logged_and_counted(
    replica: Ticking, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    done: list[float] = []

    def tick() -> None:
        done.append(time.monotonic())

    service, client = replica(Job("steady", 0.1, tick), dead_after=0.5)
    assert eventually(lambda: len(done) > 2)
    if how == "its heart stops":
        kill_scheduler(service)
    else:
        shut_down(service)
    time.sleep(0.3)
    known = len(done)
    time.sleep(0.1)
    assert len(done) == known, "it is not dead"
    assert eventually(lambda: len(done) > known + 3, within=3)
    assert service.timetable.restarts == 1
    assert "the scheduler was dead and is started anew" in caplog.text
    assert "hotline_scheduler_restarts_total 1.0" in client.get("/metrics").text
    assert client.get("/health/ready").json()["ticks"] == "ok"


def test_neither_a_hanging_nor_a_raising_job_is_taken_for_a_dead_scheduler(replica: Ticking) -> None:
    going = [True]

    def hanging() -> None:
        while going:
            time.sleep(0.01)

    def raising() -> None:
        raise RuntimeError

    service, _ = replica(
        Job("steady", 0.1, lambda: None),
        Job("hanging", 0.1, hanging),
        Job("raising", 0.1, raising),
        dead_after=0.4,
    )
    time.sleep(1.2)
    assert service.timetable.restarts == 0
    going.clear()


def test_living_scheduler_recovers_from_a_jump_of_the_clock(replica: Ticking, clock: ManualClock) -> None:
    _, client = replica(Job("a", 1, lambda: None), Job("b", 2, lambda: None))
    clock.advance(NOTICED_WITHIN)
    assert eventually(lambda: client.get("/health/ready").status_code == 200)


def test_raising_job_is_noticed_and_named(replica: Ticking, clock: ManualClock) -> None:
    broken = [True]

    def fragile() -> None:
        if broken:
            raise RuntimeError("+39 340 0000001 cannot be reached")

    _, client = replica(Job("steady", 1, lambda: None), Job("fragile", 1, fragile))
    assert eventually(lambda: client.get("/health/ready").status_code == 503)
    assert client.get("/health/ready").json()["ticks"] == "fragile: failed with RuntimeError"
    broken.clear()
    assert eventually(lambda: client.get("/health/ready").status_code == 200)


def test_hanging_job_is_noticed_though_the_others_go_on(replica: Ticking, clock: ManualClock) -> None:
    going = [True]

    def hanging() -> None:
        while going:
            time.sleep(0.01)

    _, client = replica(Job("steady", 1, lambda: None), Job("hanging", 5, hanging))
    clock.advance(NOTICED_WITHIN)
    assert eventually(lambda: client.get("/health/ready").json()["ticks"] == "hanging: not done for 30 s"), (
        client.get("/health/ready").json()
    )
    going.clear()


def test_missing_table_and_missing_migration_are_told_apart(replica: Ticking, database: Database) -> None:
    _, client = replica()
    with database.transaction() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = client.get("/health/ready").json()
    assert answer == {
        "status": "not ready",
        "database": "ok",
        "schema": "not the newest; run: hotline migrate",
        "ticks": "ok",
    }


def test_whoever_asks_often_lets_nobody_read_the_migrations_again(
    replica: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, client = replica()
    first = client.get("/health/ready").json()
    monkeypatch.setattr("hotline.database._MIGRATIONS", None)
    assert client.get("/health/ready").json() == first


def test_database_that_is_gone_is_named_and_nothing_else(replica: Ticking, database: Database) -> None:
    _, client = replica(Job("steady", 1, lambda: None))
    with database.transaction() as tx:
        tx.execute(text("ALTER TABLE calls RENAME TO lost"))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["database"].startswith("does not answer (")
    assert answer.json()["ticks"] == "ok"
    assert "hotline_database_up 0.0" in client.get("/metrics").text


def shut_down(service: Service) -> None:
    """Shut the scheduler down under the timetable's feet."""
    scheduler = service.timetable._scheduler
    assert scheduler is not None
    scheduler._eventloop.call_soon_threadsafe(scheduler.shutdown, False)


def kill_scheduler(service: Service) -> None:
    """Let the scheduler stand there, its heart stopped: it still calls itself running."""
    scheduler = service.timetable._scheduler
    assert scheduler is not None
    scheduler._eventloop.call_soon_threadsafe(scheduler._stop_timer)
    assert scheduler.running
