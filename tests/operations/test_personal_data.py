"""Would the guard of the stories notice a betrayal? Each kind is committed once, on purpose."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.errors import BadInput
from hotline.simulator.wire import WebRequest
from tests.personal_data import Watch, look_once_more, people_of, watching

NUMBER = "+393400000099"


def betray(watch: Watch) -> list[str]:
    return watch.betrayals({"Anna", "Prova"}, {NUMBER})


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "3400000099",
        "340 0000099",
        "340-000.00 99",
        "%2B393400000099",
        "0039 340 000 0099",
        "Anna",
        "PROVA",
    ],
)
def test_every_spelling_is_noticed_in_a_log(text: str) -> None:
    with watching() as watch:
        logging.getLogger("hotline.calls").info("ringing %s", text)
    assert betray(watch)


def test_what_a_line_carries_besides_its_words_is_noticed() -> None:
    with watching() as watch:
        logging.getLogger("hotline.calls").warning("ringing", extra={"count": NUMBER})
    assert betray(watch)


def test_words_of_an_exception_are_noticed_logged_or_raised() -> None:
    with watching() as watch:
        try:
            raise ValueError(f"cannot ring {NUMBER}")
        except ValueError:
            logging.getLogger("hotline.calls").exception("failed")
    assert betray(watch)
    with watching() as watch, pytest.raises(BadInput):
        raise BadInput("Anna Prova is busy")
    assert betray(watch)


def test_debug_lines_are_seen_though_nobody_asked_for_them() -> None:
    with watching() as watch:
        logging.getLogger("hotline.telephony").debug("dialling %s", NUMBER)
    assert betray(watch)


@pytest.mark.parametrize(
    "commit",
    [
        lambda rig: rig._delivery(
            WebRequest("POST", f"https://hotline.example.org/x?n={NUMBER}", (), (), b"", 1, 1)
        ),
        lambda rig: rig.service.line.text(
            "+393400000001", f"chiama {NUMBER}", "https://hotline.example.org/s"
        ),
        lambda rig: rig.service.line.ring(
            "+393400000001", f"https://hotline.example.org/{NUMBER}", "https://hotline.example.org/s", 5
        ),
    ],
    ids=["address received", "text", "address given out"],
)
def test_addresses_and_texts_are_noticed(
    database: Database, clock: ManualClock, tmp_path: Path, commit: Callable[[Rig], object]
) -> None:
    with (
        watching() as watch,
        Rig(database, clock, tmp_path, sms_number="+39 340 0000000") as rig,
    ):
        rig.town.phone("Caller", NUMBER)
        rig.town.phone("Anna", "+393400000001")
        commit(rig)
        look_once_more(watch, rig)
        assert watch.betrayals(*people_of(rig))


def test_sid_in_a_log_is_noticed() -> None:
    with watching() as watch:
        logging.getLogger("hotline.calls").info("call CA%s ended", "0" * 32)
    assert betray(watch)


def test_innocent_words_are_let_pass() -> None:
    with watching() as watch:
        logging.getLogger("hotline.calls").info("numbers of past callers erased", extra={"count": 12})
        watch.note("address received", "https://hotline.example.org/twilio/caller?call=6f0e&turn=4")
    assert not betray(watch)
