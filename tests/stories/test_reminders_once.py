"""A thousand reminders at once, two replicas, one of them killed: is everybody asked, and nobody twice?"""

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from hotline.calls.presence import jobs
from hotline.calls.presence.words import ASK
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.notifications.tables import notices
from hotline.oncall import store as oncall
from hotline.oncall.presence import actions
from hotline.oncall.presence.tables import checks
from hotline.oncall.shifts import Shift
from hotline.people.actions import import_people
from hotline.people.store import everybody
from hotline.secrets import Keyring
from hotline.telephony.acts import claim_next
from hotline.telephony.tables import acts
from tests.conftest import ON_POSTGRESQL
from tests.guards.files import ROOT
from tests.operations.replica import KEYS

ROME = ZoneInfo("Europe/Rome")
EVENING = datetime(2026, 11, 21, 18, 0, tzinfo=ROME)
MANY = 1000


@pytest.fixture
def starts_at() -> datetime:
    return EVENING


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": "+393400000077"}


@pytest.fixture
def many(database: Database) -> int:
    """So many people begin a shift tomorrow at eight."""
    rows = [f"Prova {n},+3934000{n:05},volunteer,it" for n in range(MANY)]
    begins, ends = (EVENING.replace(day=22, hour=hour) for hour in (8, 14))
    with database.transaction() as tx:
        import_people(tx, "\n".join(["name,phone,role,languages", *rows]))
        oncall.add_shifts(tx, [Shift(one.id, one.role, begins, ends) for one in everybody(tx)], "test")
    return MANY


@pytest.fixture
def other(database_url: str, keyring: Keyring, clock: ManualClock) -> Iterator[Database]:
    """The same database, as another replica has it open."""
    opened = Database(database_url, keyring, clock)
    yield opened
    opened.dispose()


def asked(database: Database) -> Counter[str]:
    """Return how often each person was asked, with one act for each question."""
    with database.reading() as tx:
        found = Counter(tx.execute(select(notices.c.person_id).where(notices.c.kind == ASK)).scalars())
        assert tx.execute(select(func.count()).select_from(checks)).scalar() == len(found)
        assert tx.execute(select(func.count()).select_from(acts)).scalar() == sum(found.values())
    return found


def test_two_replicas_that_have_read_the_same_list_ask_everybody_once(
    rig: Rig, database: Database, other: Database, many: int
) -> None:
    board = rig.service.board
    hours, zone = board.profile.asking, board.profile.service.timezone
    with database.reading() as tx:
        due = actions.due_to_ask(tx, hours, zone)
    for first in range(0, many, 50):
        for replica in (database, other):
            with replica.transaction() as tx:
                jobs._ask(board, tx, due[first : first + 50])
    jobs.remind(board, other)
    found = asked(database)
    assert (len(found), set(found.values())) == (many, {1})


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite serves one replica only")
def test_two_replicas_at_the_same_moment_ask_everybody_once(
    rig: Rig, database: Database, other: Database, many: int
) -> None:
    ready = threading.Barrier(2)

    def replica(own: Database) -> None:
        ready.wait()
        jobs.remind(rig.service.board, own)

    both = [threading.Thread(target=replica, args=(own,)) for own in (database, other)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    found = asked(database)
    assert (len(found), set(found.values())) == (many, {1})


REPLICA = """
import sys
from datetime import datetime
from pathlib import Path
from hotline.app import load_switchboard, load_service_profile
from hotline.calls.presence import jobs
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.secrets import Keyring
from hotline.settings import Settings

url, keys, at = sys.argv[1:]
settings = Settings(sms_number="+393400000077", public_url="https://hotline.example.org")
database = Database(url, Keyring.from_text(keys), ManualClock(datetime.fromisoformat(at)))
print("begins", flush=True)
jobs.remind(load_switchboard(settings, load_service_profile(settings)), database)
"""


@pytest.mark.rough
@pytest.mark.xdist_group("real seconds")
def test_what_a_killed_replica_leaves_is_done_by_the_other(
    rig: Rig, database: Database, database_url: str, many: int, tmp_path: Path
) -> None:
    killed = subprocess.Popen(
        [sys.executable, "-c", REPLICA, database_url, KEYS, EVENING.isoformat()],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        ends = time.monotonic() + 40
        while not (so_far := len(asked(database))) > 0 and time.monotonic() < ends:
            time.sleep(0.005)
        killed.send_signal(signal.SIGKILL)
    finally:
        killed.kill()
        killed.communicate(timeout=10)
    assert 0 < so_far < many, "it was killed in the middle"
    jobs.remind(rig.service.board, database)
    found = asked(database)
    assert (len(found), set(found.values())) == (many, {1})


def test_a_text_whose_answer_was_lost_is_sent_once_more_and_both_can_be_told_apart(
    rig: Rig, database: Database
) -> None:
    with database.transaction() as tx:
        import_people(tx, "name,phone,role,languages\nAnna Prova,+393400000001,volunteer,it\n")
        begins, ends = (EVENING.replace(day=22, hour=hour) for hour in (8, 14))
        oncall.add_shifts(tx, [Shift(one.id, one.role, begins, ends) for one in everybody(tx)], "test")
    anna = rig.town.phone("Anna", "+393400000001")
    jobs.remind(rig.service.board, database)
    with database.transaction() as tx:
        # A worker takes the text and dies, nobody knows whether before or after Twilio heard of it.
        assert claim_next(tx, lease_seconds=10) is not None
    anna.reads("Domani sei di turno", within=5 * 60)
    rig.town.passes(3 * 60)
    assert len(anna.texts_read()) == 1
    with database.reading() as tx:
        states = tx.execute(select(notices.c.state).order_by(notices.c.created_at)).scalars().all()
        errors = tx.execute(select(acts.c.error).order_by(acts.c.id)).scalars().all()
    assert (states, errors) == (["unheard", "sent"], ["answer lost", None])
