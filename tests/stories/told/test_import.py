"""A file of shifts comes in: does everybody hear, once, of the coming shifts that it gives them?"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.database import Database
from hotline.oncall.files.actions import import_file
from hotline.oncall.news import store as news
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME
from tests.stories.told.monday import NOON

TONIGHT = NOON.replace(hour=20)
TWELVE_HOURS = timedelta(hours=12)
A_DAY = timedelta(days=1)
Import = Callable[..., str]


@pytest.fixture
def imported(database: Database) -> Import:
    """Import shifts of twelve hours: who, and when each begins."""

    def done(*rows: tuple[Phone, datetime]) -> str:
        lines = [
            f"{phone.number},volunteer,{begins.isoformat()},{(begins + TWELVE_HOURS).isoformat()}\n"
            for phone, begins in rows
        ]
        text = "phone,role,starts_at,ends_at\n" + "".join(lines)
        return str(import_file(database, text, ROME, "IT", "shifts.csv", "Carla"))

    return done


def test_each_reads_once_how_many_and_which_is_the_next_and_nobody_is_named(
    anna: Phone, bruno: Phone, carla: Phone, imported: Import, town: Town
) -> None:
    weeks = [(anna, TONIGHT + day * A_DAY) for day in range(0, 200, 2)]
    assert imported(*weeks, (bruno, TONIGHT + A_DAY)).startswith("101 added")
    assert anna.reads("cambiati", within=90) == (
        "I tuoi turni sono cambiati: 100 nuovi. Il prossimo: lun 23/11 20.00-8.00. "
        "Rispondi TURNO, o ascoltali tutti allo 0781 33000."
    )
    assert "1 nuovo. Il prossimo: mar 24/11 20.00-8.00." in bruno.reads("cambiati", within=90)
    town.passes(20 * 60)
    assert len(anna.texts_read()) == len(bruno.texts_read()) == 1
    carla.reads_nothing()
    for phone in (anna, bruno, carla):
        phone.never_rang()


def test_years_of_past_shifts_tell_nobody(
    anna: Phone, imported: Import, database: Database, town: Town
) -> None:
    past = [(anna, TONIGHT - day * A_DAY) for day in range(1, 800)]
    assert imported(*past).startswith("799 added")
    town.passes(10 * 60)
    anna.reads_nothing()
    with database.reading() as tx:
        assert not news.newest(tx, 9)


def test_of_a_file_that_begins_in_the_past_only_what_is_to_come_is_told(
    anna: Phone, imported: Import
) -> None:
    imported(*[(anna, TONIGHT + day * A_DAY) for day in range(-30, 3)])
    assert "3 nuovi. Il prossimo: lun 23/11" in anna.reads("cambiati", within=90)


def test_the_same_file_again_tells_nobody_and_a_longer_one_only_what_is_new(
    anna: Phone, imported: Import, town: Town
) -> None:
    first = [(anna, TONIGHT), (anna, TONIGHT + A_DAY)]
    imported(*first)
    assert "2 nuovi" in anna.reads("cambiati", within=90)
    assert imported(*first) == "0 added, 0 changed, 2 unchanged"
    town.passes(10 * 60)
    assert len(anna.texts_read()) == 1
    imported(*first, (anna, TONIGHT + 400 * A_DAY))
    assert "1 nuovo" in anna.reads("1 nuovo", within=90)


def test_two_files_within_a_minute_are_one_text(anna: Phone, imported: Import, town: Town) -> None:
    town.passes(61)
    imported((anna, TONIGHT))
    imported((anna, TONIGHT + A_DAY))
    assert "2 nuovi" in anna.reads("cambiati", within=90)
    town.passes(10 * 60)
    assert len(anna.texts_read()) == 1


def test_a_refused_file_and_one_that_was_cut_short_tell_nobody(
    anna: Phone, imported: Import, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr("hotline.oncall.files.store.finish", _dies)
        with pytest.raises(KeyboardInterrupt):
            imported((anna, TONIGHT))
    with database.reading() as tx:
        assert not news.untold(tx)


def _dies(*_: object) -> None:
    raise KeyboardInterrupt
