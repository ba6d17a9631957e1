"""Does a replica that is told to stop finish what it owes, quickly, and leave with a clean conscience?"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from re import search

import pytest
from sqlalchemy import create_engine, select, text

from hotline.calls.tables import legs
from hotline.database import Database
from hotline.people.actions import import_people
from hotline.telephony.tables import acts
from tests.operations.replica import SlowTwilio, serving

pytestmark = [pytest.mark.rough, pytest.mark.timeout(150)]
GONE_WITHIN = 6.0


@pytest.fixture
def twilio() -> Iterator[SlowTwilio]:
    slow = SlowTwilio(seconds=1.5)
    yield slow
    slow.close()


def test_webhook_and_ring_in_flight_are_finished_before_it_leaves(
    database: Database, database_url: str, tmp_path: Path, twilio: SlowTwilio
) -> None:
    with database.transaction() as tx:
        people = "name,phone,role,languages,last_resort\nCarla Prova,+393400000004,coordinator,it,yes\n"
        import_people(tx, people)
    with serving(database_url, tmp_path, twilio.url) as replica:
        greeting = replica.webhook("/twilio/voice", ("CallStatus", "ringing"))
        found = search(r'action="([^"]+)"', greeting.text)
        assert found, greeting.text
        action = found[1].replace("&amp;", "&").partition("#")[0].removeprefix(replica.url)
        answers: list[tuple[int, str]] = []

        def press_zero() -> None:
            answer = replica.webhook(action, ("Digits", "0"), ("CallStatus", "in-progress"))
            answers.append((answer.status_code, answer.text))

        with nobody_else_writing(database):
            turn = threading.Thread(target=press_zero)
            turn.start()
            time.sleep(0.3)
            assert not answers, "the webhook was not in flight"
            began = time.monotonic()
            replica.terminate()
            time.sleep(0.3)
        turn.join(5)
        code = replica.process.wait(10)
        took = time.monotonic() - began

    assert answers
    assert answers[0][0] == 200
    assert "<Gather" in answers[0][1], "the caller got an apology instead of the next words"
    assert (code, took < GONE_WITHIN) == (0, True), f"exit code {code} after {took:.1f} s"
    assert twilio.rung == ["+393400000004"]
    with database.reading() as tx:
        assert tx.execute(select(acts.c.state)).scalars().all() == ["done"]
        assert tx.execute(select(legs.c.sid)).scalar() is not None


def test_idle_replica_leaves_at_once(database_url: str, tmp_path: Path, twilio: SlowTwilio) -> None:
    with serving(database_url, tmp_path, twilio.url) as replica:
        began = time.monotonic()
        replica.terminate()
        assert replica.process.wait(10) == 0
        assert time.monotonic() - began < GONE_WITHIN


@contextmanager
def nobody_else_writing(database: Database) -> Iterator[None]:
    """Hold what every turn needs first, so that a webhook waits."""
    engine = create_engine(database.url)
    with engine.connect() as connection:
        if database.is_sqlite:
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            connection.execute(text("LOCK TABLE turns IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()
    engine.dispose()
