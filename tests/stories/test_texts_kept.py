"""Is a text kept when the database is away, when two come at once, and read by nobody unseen?"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sqlalchemy import create_engine, select, text
from typer.testing import CliRunner

from hotline.audit.tables import access_log
from hotline.calls.texts.arrival import TextHeard, text_comes_in
from hotline.cli import app
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town
from tests.conftest import ON_POSTGRESQL
from tests.stories.test_texts import RECEIVED, SMS_NUMBER, kept, owed_now, reads_it


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": SMS_NUMBER}


@contextmanager
def nobody_can_write(url: str, rig: Rig) -> Iterator[None]:
    """Hold the database as a stuck maintenance job would."""
    rig.background_hangs = True
    # As in production; a busy machine may take longer for what is not stuck, so only here.
    usual, rig.service.door.reply_seconds = rig.service.door.reply_seconds, 1.2
    engine = create_engine(url)
    with engine.connect() as stuck:
        stuck.execute(text("LOCK TABLE turns, text_senders" if ON_POSTGRESQL else "BEGIN EXCLUSIVE"))
        yield
        stuck.rollback()
    engine.dispose()
    rig.service.door.reply_seconds = usual
    rig.background_hangs = False


def test_a_text_that_comes_while_the_database_is_stuck_is_read_afterwards(
    caller: Phone, lucia: Phone, rig: Rig, database: Database, database_url: str, tmp_path: Path
) -> None:
    with nobody_can_write(str(database.url.render_as_string(hide_password=False)), rig):
        caller.texts("Sono al buio")
    assert not kept(database)
    assert b"buio" not in (tmp_path / "backstop.journal").read_bytes()
    caller.text_arrives_again()
    reads_it(lucia, "Sono al buio")
    assert caller.reads("Ricevuto") == RECEIVED
    assert len(kept(database)) == 1
    assert lucia.times_rung() == 1


@pytest.mark.parametrize("known", [False, True], ids=["a new sender", "a known sender"])
def test_texts_that_come_at_the_same_moment_raise_one_alarm(
    known: bool, caller: Phone, lucia: Phone, rig: Rig, database: Database
) -> None:
    if known:
        caller.texts("Ieri")
        reads_it(lucia, "Ieri")
    ready = threading.Barrier(6)

    def come_in(number: int) -> None:
        ready.wait()
        with database.transaction() as tx:
            text_comes_in(
                rig.service.board, tx, TextHeard(f"SM{number:032}", caller.number, f"buio {number}")
            )

    threads = [threading.Thread(target=come_in, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept(database)) == 6 + known
    assert len(owed_now(database)) == 1 + known
    lucia.rings(within=20)
    assert caller.texts_read() == [RECEIVED]


_FIELDS = st.sampled_from(
    ["MessageSid", "From", "To", "Body", "NumMedia", "AccountSid", "SmsStatus", "X\x00"]
)
_VALUES = st.one_of(
    st.none(), st.text(max_size=60), st.sampled_from(["+393400000099", "-1", "9" * 400, "è" * 1600])
)


@limits(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(more=st.dictionaries(_FIELDS.filter(lambda name: name != "AccountSid"), _VALUES, max_size=5))
def test_no_form_however_odd_breaks_the_webhook(
    more: dict[str, str | None], caller: Phone, town: Town, rig: Rig
) -> None:
    town.exchange.troubles.clear()
    caller.texts("ciao", more=more)
    assert not town.exchange.troubles
    town.broke_no_rule()


def test_reading_them_is_written_down_and_shows_no_number(
    caller: Phone,
    anna: Phone,
    carla: Phone,
    lucia: Phone,
    town: Town,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller.texts("Sono al \x1b[31mbuio")
    anna.texts("Arrivo tardi")
    anna.texts("TURNO")
    reads_it(lucia, "buio")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("HOTLINE_SECRET_KEYS", "a1" * 32)
    shown = CliRunner().invoke(app, ["texts"])
    assert shown.exit_code == 0, shown.output
    newest, oldest = shown.output.splitlines()
    assert newest.endswith("Anna Prova  [open]  «Arrivo tardi»")
    assert oldest.endswith("•••099  [done, Lucia Prova]  «Sono al  [31mbuio»")
    listed = json.loads(CliRunner().invoke(app, ["texts", "--json", "--most", "1"]).output)
    assert [(one["sender"], one["text"], one["follow_up"]["state"]) for one in listed] == [
        ("Anna Prova", "Arrivo tardi", "open")
    ]
    with database.reading() as tx:
        reads = tx.execute(select(access_log.c.action, access_log.c.what)).all()
    assert [read.action for read in reads] == ["read texts"] * 3
    assert {read.what for read in reads} == {one.thread_id for one in kept(database)}
