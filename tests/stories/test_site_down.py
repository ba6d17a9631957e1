"""Our whole site is down: do static documents on another host bring a caller to a person?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from hotline.calls.fallback import read_valid_until, secret_folder, start_address
from hotline.calls.standby import write_fallback
from hotline.database import Database
from hotline.demo.rig import PUBLIC_URL, Rig
from hotline.simulator.phones import Phone, Town, asleep, voicemail
from hotline.simulator.wire import WebRequest, WebResponse
from tests.stories.conftest import Hire
from tests.stories.records import Record

Written = Callable[[], Record]
ELSEWHERE = "static.example.org"
FALLBACK_URL = f"https://{ELSEWHERE}/hotline"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that somebody else's web server serves."""
    return tmp_path / "fallback"


@pytest.fixture
def static_host(rig: Rig, database: Database, folder: Path) -> list[WebRequest]:
    """A web server that knows nothing but files; the line's fallback in Twilio points to it."""
    asked: list[WebRequest] = []

    def answer(request: WebRequest) -> WebResponse:
        asked.append(request)
        path = folder / urlsplit(request.url).path.removeprefix("/hotline/")
        if request.method != "GET" or not path.is_file():
            return WebResponse(405 if request.method != "GET" else 404)
        return WebResponse(200, path.read_bytes(), {"Content-Type": "text/xml"})

    rig.serve_elsewhere(ELSEWHERE, answer)
    rig.exchange.add_line(
        rig.line,
        f"{PUBLIC_URL}/twilio/voice",
        fallback_url=start_address(FALLBACK_URL, database.keyring),
        fallback_method="GET",
        status_url=f"{PUBLIC_URL}/twilio/voice/status",
    )
    return asked


def write(rig: Rig, database: Database, folder: Path) -> None:
    write_fallback(rig.service.board, database, folder, FALLBACK_URL)


def test_a_caller_reaches_a_person_although_our_whole_site_is_down(
    rig: Rig, database: Database, folder: Path, static_host: list[WebRequest], caller: Phone, anna: Phone
) -> None:
    write(rig, database, folder)
    assert (folder / secret_folder(database.keyring) / "start.xml").is_file()
    rig.switch_off()
    caller.dials()
    caller.hears("uno uno due")
    caller.hears("La stiamo collegando")
    anna.answers(within=30)
    anna.hears("Premi un tasto per rispondere, altrimenti riaggancia")
    anna.presses("5")
    caller.talks_with(anna)
    caller.hangs_up()
    anna.hung_up()
    assert {request.method for request in static_host} == {"GET"}


def test_everybody_is_rung_twice_in_order_and_the_last_words_say_where_to_turn(
    rig: Rig,
    database: Database,
    folder: Path,
    static_host: list[WebRequest],
    caller: Phone,
    anna: Phone,
    lucia: Phone,
    carla: Phone,
) -> None:
    write(rig, database, folder)
    rig.switch_off()
    for phone in (anna, lucia, carla):
        phone.is_now(asleep)
    caller.dials()
    for place in range(6):
        phone = (anna, lucia, carla)[place % 3]
        phone.rings(within=60)
        phone.stops_ringing(within=30)
        if place < 5:
            caller.hears("Se ha già parlato con noi, può riagganciare")
    caller.hears("uno uno due")
    caller.hears("uno cinque due due")
    assert [phone.times_rung() for phone in (anna, lucia, carla)] == [2, 2, 2]
    caller.hung_up(within=30)


def test_a_voicemail_box_presses_nothing_and_the_next_person_is_rung(
    rig: Rig,
    database: Database,
    folder: Path,
    static_host: list[WebRequest],
    caller: Phone,
    anna: Phone,
    lucia: Phone,
) -> None:
    write(rig, database, folder)
    rig.switch_off()
    anna.is_now(voicemail(after=3))
    caller.dials()
    lucia.answers(within=60)
    lucia.presses("1")
    caller.talks_with(lucia)


def test_our_site_comes_back_and_the_conversation_is_left_alone(
    rig: Rig,
    database: Database,
    folder: Path,
    static_host: list[WebRequest],
    caller: Phone,
    anna: Phone,
    lucia: Phone,
    town: Town,
    written: Written,
) -> None:
    write(rig, database, folder)
    anna.is_now(asleep)
    caller.dials()
    anna.rings(within=40)
    rig.switch_off()
    caller.hears("La stiamo collegando", within=60)
    anna.stops_ringing(within=40)
    anna.is_now(voicemail(after=3))
    lucia.answers(within=90)
    lucia.presses("1")
    caller.talks_with(lucia)
    rig.switch_on()
    town.passes(180)
    caller.talks_with(lucia, within=0)
    record = written()
    assert "fallback" in record.call.flags
    caller.hangs_up()
    lucia.hung_up()
    record = written()
    assert record.follow_up == "review", "nobody of ours knows whether they were helped"


def test_our_site_comes_back_and_takes_the_caller_who_talks_with_nobody(
    rig: Rig,
    database: Database,
    folder: Path,
    static_host: list[WebRequest],
    caller: Phone,
    anna: Phone,
    town: Town,
    written: Written,
) -> None:
    write(rig, database, folder)
    anna.is_now(asleep)
    caller.dials()
    anna.rings(within=40)
    rig.switch_off()
    caller.hears("La stiamo collegando", within=60)
    rig.switch_on()
    anna.answers(within=240)
    anna.presses("1")
    caller.talks_with(anna, within=60)


def test_documents_name_who_is_on_duty_and_when_that_ends(
    rig: Rig, database: Database, folder: Path, hire: Hire, starts_at: datetime
) -> None:
    soon = starts_at + timedelta(hours=1)
    hire("Anna", 1, "volunteer", shift=(starts_at - timedelta(hours=3), soon))
    hire("Bruno", 2, "volunteer", shift=(soon, soon + timedelta(hours=4)))
    write(rig, database, folder)
    place = folder / secret_folder(database.keyring)
    assert "+393400000001" in (place / "call-1.xml").read_text()
    assert "+393400000002" not in "".join(path.read_text() for path in place.glob("*.xml"))
    until = read_valid_until((place / "start.xml").read_text())
    assert until == (soon + timedelta(minutes=15)).astimezone(ZoneInfo("UTC"))
    rig.clock.advance(3600)
    write(rig, database, folder)
    assert "+393400000002" in (place / "call-1.xml").read_text()


def test_the_ticker_writes_them_at_the_hand_over(
    database: Database, folder: Path, hire: Hire, town: Town, starts_at: datetime
) -> None:
    soon = starts_at + timedelta(minutes=30)
    hire("Anna", 1, "volunteer", shift=(starts_at - timedelta(hours=3), soon))
    hire("Bruno", 2, "volunteer", shift=(soon, soon + timedelta(hours=4)))
    town.passes(60)
    first = folder / secret_folder(database.keyring) / "call-1.xml"
    assert "+393400000001" in first.read_text()
    town.passes(30 * 60)
    assert "+393400000002" in first.read_text()


@pytest.fixture
def settings(folder: Path, request: pytest.FixtureRequest) -> dict[str, object]:
    if "ticker" in request.node.name:
        return {"fallback_dir": folder, "fallback_url": FALLBACK_URL}
    return {}
