"""A coordinator puts somebody on instead of somebody else: do both hear of it, once, and of its reverse?"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.actions import import_shifts
from hotline.oncall.overrides import actions, store
from hotline.oncall.rota.ground import Ground
from hotline.people.person import Person
from hotline.people.store import everybody
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import Hire
from tests.stories.told.monday import NOON

TOMORROW = NOON.replace(hour=20) + timedelta(days=1)
TOMORROW_NIGHT = (TOMORROW, TOMORROW + timedelta(hours=12))
Replace = Callable[..., None]


@pytest.fixture
def anna(anna: Phone, database: Database) -> Phone:
    """A volunteer at home, whose shift is tomorrow night."""
    begins, ends = (at.isoformat() for at in TOMORROW_NIGHT)
    with database.transaction() as tx:
        import_shifts(tx, f"phone,role,starts_at,ends_at\n{anna.number},volunteer,{begins},{ends}\n")
    return anna


@pytest.fixture
def dora(hire: Hire) -> Phone:
    """A volunteer at home, without a shift."""
    return hire("Dora", 5, "volunteer", shift=None)


@pytest.fixture
def replaced(database: Database, rig: Rig, anna: Phone, dora: Phone, carla: Phone) -> Replace:
    """Let the coordinator put Dora on instead of Anna, tomorrow night or for a part of it."""

    def done(first: datetime = TOMORROW_NIGHT[0], last: datetime = TOMORROW_NIGHT[1]) -> None:
        with database.transaction() as tx:
            people: dict[str, Person] = {person.name.split()[0]: person for person in everybody(tx)}
            whom = people["Anna"], people["Dora"]
            wanted = actions.stand_in(tx, *whom, first, last, people["Carla"], "an exam")
            actions.decide(
                tx, actions.consider(tx, Ground(rig.service.board.profile), people["Carla"], [wanted])
            )

    return done


def called_off(database: Database) -> None:
    with database.transaction() as tx:
        actions.call_off(tx, [store.newest_override(tx)], "Carla", "no exam after all")


def test_who_is_off_and_who_is_on_each_read_one_text(
    replaced: Replace, anna: Phone, dora: Phone, carla: Phone, town: Town
) -> None:
    replaced()
    assert anna.reads("cambiati", within=90) == (
        "I tuoi turni sono cambiati: 1 tolto. Adesso non ne hai altri in programma. "
        "Per parlarne chiama lo 0781 33000."
    )
    assert dora.reads("cambiati", within=90) == (
        "I tuoi turni sono cambiati: 1 nuovo. Il prossimo: mar 24/11 20.00-8.00. "
        "Rispondi TURNO, o ascoltali tutti allo 0781 33000."
    )
    town.passes(20 * 60)
    assert len(anna.texts_read()) == len(dora.texts_read()) == 1
    carla.reads_nothing()
    for phone in (anna, dora, carla):
        phone.never_rang()


def test_called_off_each_reads_that_it_is_as_it_was(
    replaced: Replace, anna: Phone, dora: Phone, database: Database, town: Town
) -> None:
    replaced()
    anna.reads("1 tolto", within=90)
    dora.reads("1 nuovo", within=90)
    called_off(database)
    assert "1 nuovo. Il prossimo: mar 24/11 20.00-8.00." in anna.reads("nuovo", within=90)
    assert "1 tolto. Adesso non ne hai altri" in dora.reads("tolto", within=90)
    town.passes(20 * 60)
    assert len(anna.texts_read()) == len(dora.texts_read()) == 2


def test_called_off_before_anybody_was_told_nobody_is_told(
    replaced: Replace, anna: Phone, dora: Phone, database: Database, town: Town
) -> None:
    replaced(TOMORROW + timedelta(hours=2), TOMORROW + timedelta(hours=4))
    called_off(database)
    town.passes(20 * 60)
    anna.reads_nothing()
    dora.reads_nothing()


def test_who_is_off_for_two_hours_is_told_what_is_left_of_the_night(
    replaced: Replace, anna: Phone, dora: Phone
) -> None:
    replaced(TOMORROW + timedelta(hours=2), TOMORROW + timedelta(hours=4))
    assert "mar 24/11 20.00-22.00" in anna.reads("cambiati", within=90)
    assert "1 nuovo. Il prossimo: mar 24/11 22.00-0.00." in dora.reads("cambiati", within=90)
