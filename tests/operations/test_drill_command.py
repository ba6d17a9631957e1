"""Does `hotline drill` work from another process than the one that serves, and tell how it went?"""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from re import search
from urllib.parse import urlsplit

import pytest

from hotline.database import Database
from hotline.people.actions import import_people
from tests.operations.replica import Replica, SlowTwilio, command, serving

pytestmark = [pytest.mark.rough, pytest.mark.timeout(150)]
ANNA = "+393400000001"
LEG_SID = "CA" + "0" * 31 + "1"


@pytest.fixture
def twilio() -> Iterator[SlowTwilio]:
    slow = SlowTwilio()
    yield slow
    slow.close()


@pytest.fixture
def replica(database: Database, database_url: str, tmp_path: Path, twilio: SlowTwilio) -> Iterator[Replica]:
    with database.transaction() as tx:
        import_people(tx, f"name,phone,role,languages\nAnna Prova,{ANNA},volunteer,it\n")
    with serving(database_url, tmp_path, twilio.url, HOTLINE_RING_SECONDS="5") as replica:
        yield replica


def tail(replica: Replica, url: str) -> str:
    return url.partition("#")[0].removeprefix(replica.url)


def test_drill_is_rung_by_the_service_and_listed_afterwards(replica: Replica, twilio: SlowTwilio) -> None:
    said: list[str] = []
    terminal = threading.Thread(target=lambda: said.append(command(replica, "drill", "340 0000001")))
    terminal.start()
    ends = time.monotonic() + 15
    while not twilio.rung and time.monotonic() < ends:
        time.sleep(0.05)
    assert twilio.rung == [ANNA]

    ring = twilio.asked[0]
    assert "3400000001" not in ring["Url"]
    leg = (("CallSid", LEG_SID), ("From", "+39078133000"))
    announced = replica.webhook(tail(replica, ring["Url"]), *leg, ("CallStatus", "in-progress"))
    assert "questa è una prova" in announced.text
    found = search(r'action="([^"]+)"', announced.text)
    assert found
    action = tail(replica, found[1].replace("&amp;", "&"))
    confirmed = replica.webhook(action, *leg, ("CallStatus", "in-progress"), ("Digits", "1"))
    assert "Prova riuscita" in confirmed.text
    status = replica.webhook(tail(replica, ring["StatusCallback"]), *leg, ("CallStatus", "completed"))
    assert status.status_code == 204

    terminal.join(20)
    assert "Anna Prova (volunteer): pressed 1: the phone works" in said[0]
    listed = json.loads(command(replica, "drill", "--list", "--json"))
    assert [(row["name"], row["result"]) for row in listed] == [("Anna Prova", "confirmed")]
    assert "No call yet." in command(replica, "calls")
    assert urlsplit(ring["Url"]).path == "/twilio/drill"


def test_drill_that_no_replica_takes_says_so_and_is_taken_back(replica: Replica) -> None:
    replica.terminate()
    replica.process.wait(10)
    said = command(replica, "drill", ANNA, code=1)
    assert "is hotline serve running?" in said
    assert "could not be rung" in command(replica, "drill", "--list")


def test_only_our_own_people_are_rung(replica: Replica, twilio: SlowTwilio) -> None:
    assert "nobody of ours has this phone" in command(replica, "drill", "+393400000077", code=1)
    assert "nobody is on shift as volunteer" in command(replica, "drill", "--role", "volunteer", code=1)
    assert "say whom to ring" in command(replica, "drill", code=1)
    assert twilio.rung == []
