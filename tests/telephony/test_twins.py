"""What does the twin of a webhook get while the first is still being answered?"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from hotline.calls.tables import calls
from hotline.clock import Deadline, ManualClock
from hotline.database import Database
from hotline.demo.rig import PUBLIC_URL, InProcess, Rig
from hotline.simulator.exchange import ACCOUNT_SID, AUTH_TOKEN
from hotline.simulator.signing import sign
from hotline.simulator.wire import WebRequest
from hotline.telephony import replies

SID = "CA" + "2" * 32
FORM = (("CallSid", SID), ("AccountSid", ACCOUNT_SID), ("From", "+393400000099"), ("CallStatus", "ringing"))
FIRST_REPLY = "<Response><Pause length='7'/></Response>"
Ask = Callable[[], str]


@pytest.fixture
def rig(database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[Rig]:
    """One replica with the time limit of real life."""
    with Rig(database, clock, tmp_path, reply_seconds=1.2) as rig:
        yield rig


@pytest.fixture
def ask(rig: Rig) -> Iterator[Ask]:
    """Let a call come in, always the same one, and return the reply."""
    door = InProcess()
    door.app = rig.service.app
    headers = (("X-Twilio-Signature", sign(AUTH_TOKEN, f"{PUBLIC_URL}/twilio/voice", FORM)),)
    body = urlencode(FORM).encode()
    request = WebRequest("POST", f"{PUBLIC_URL}/twilio/voice", headers, FORM, body, 5.0, 15.0)

    def asked() -> str:
        answer = door(request)
        assert answer.status == 200
        return answer.body.decode()

    yield asked
    door.close()


@contextmanager
def first_is_being_answered(database: Database, seconds: float) -> Iterator[None]:
    """Hold the turn in another transaction for some real seconds, then commit its reply."""
    began, done = threading.Event(), threading.Event()

    def answer() -> None:
        with database.transaction() as tx:
            replies.claim_turn(tx, SID, "in")
            began.set()
            threading.Event().wait(seconds)
            replies.store_reply(tx, SID, "in", FIRST_REPLY)
        done.set()

    thread = threading.Thread(target=answer)
    thread.start()
    assert began.wait(5)
    yield
    thread.join(10)
    assert done.is_set()


def calls_stored(database: Database) -> int:
    """Count the calls."""
    with database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(calls)).scalar() or 0)


def test_a_turn_can_be_taken_once(database: Database) -> None:
    for expected in (True, False, False):
        with database.transaction() as tx:
            assert replies.claim_turn(tx, SID, "in") is expected


def test_a_twin_waits_a_little_and_gets_the_stored_reply(ask: Ask, database: Database) -> None:
    with first_is_being_answered(database, 0.4):
        assert ask() == FIRST_REPLY
    assert ask() == FIRST_REPLY


def test_a_twin_that_would_wait_too_long_comes_back_in_two_seconds_and_hears_no_error(
    ask: Ask, database: Database
) -> None:
    with first_is_being_answered(database, 2.5):
        limit = Deadline(1.5)
        reply = ask()
        assert not limit.passed(), "Twilio must not wait for a lock"
        assert '<Pause length="2"' in reply
        assert "/twilio/voice" in reply
        assert "Ci scusi" not in reply
    assert ask() == FIRST_REPLY


def test_several_at_the_same_moment_store_one_call_and_say_the_same(ask: Ask, database: Database) -> None:
    said: list[str] = []
    threads = [threading.Thread(target=lambda: said.append(ask())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    assert calls_stored(database) == 1
    greetings = [reply for reply in said if "Pronto Intervento Sociale" in reply]
    assert greetings
    assert len(set(greetings)) == 1


def test_what_came_too_late_is_rolled_back_and_can_be_asked_again(
    ask: Ask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_reply, slow, over = replies.store_reply, threading.Event(), threading.Event()

    def slowly(*what: object) -> None:
        slow.wait(2.0)
        store_reply(*what)  # type: ignore[arg-type]  # as it was called
        over.set()

    with monkeypatch.context() as patch:
        patch.setattr(replies, "store_reply", slowly)
        reply = ask()
        assert "Ci scusi, un momento" in reply
        slow.set()
        assert over.wait(5)
    threading.Event().wait(0.3)
    assert calls_stored(database) == 0
    assert "Pronto Intervento Sociale" in ask()
