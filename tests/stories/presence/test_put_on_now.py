"""Somebody is put on from now on: are they told, given time to answer, and then rung, as anybody else?"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.calls.cover import offers
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.files.actions import import_file
from hotline.oncall.overrides import actions, store
from hotline.oncall.rota.ground import Ground
from hotline.oncall.store import on_duty
from hotline.oncall.swaps import actions as swaps
from hotline.oncall.swaps.taking import Wanted
from hotline.people.store import everybody
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import Hire
from tests.stories.presence.saturday import (
    ROME,
    SATURDAY,
    at,
    confirmed,
    from_to,
    trained,
    unheard,
    wants_calls,
)

Do = Callable[[], None]


@pytest.fixture
def starts_at() -> datetime:
    return SATURDAY + timedelta(seconds=7)


@pytest.fixture(autouse=True)
def anna(hire: Hire, carla: Phone) -> Phone:
    """A volunteer who is on from nine to six, and is there."""
    return hire("Anna", 1, "volunteer", shift=from_to(9, 18))


@pytest.fixture
def dora(hire: Hire, database: Database) -> Phone:
    """A volunteer at home."""
    dora = hire("Dora", 5, "volunteer", shift=None)
    trained(database, dora)
    return dora


@pytest.fixture
def put_on(database: Database, rig: Rig, dora: Phone) -> Do:
    """Let the coordinator put Dora on instead of Anna, from now on."""

    def done() -> None:
        with database.transaction() as tx:
            people = {person.name.split()[0]: person for person in everybody(tx)}
            by, ground = people["Carla"], Ground(rig.service.board.profile)
            wanted = actions.stand_in(tx, people["Anna"], people["Dora"], None, None, by, "fever")
            actions.decide(tx, actions.consider(tx, ground, by, [wanted]))

    return done


def test_she_reads_one_text_has_five_minutes_from_then_on_and_is_rung(
    put_on: Do, dora: Phone, town: Town
) -> None:
    put_on()
    dora.reads("di turno", within=90)
    told = (
        "I tuoi turni sono cambiati: 1 nuovo. Sei di turno adesso, fino alle 18.00. "
        "Rispondi OK o ti chiamiamo tra 5 minuti."
    )
    assert list(dora.texts_read()) == [told]
    town.passes(5 * 60 - 20)
    assert len(dora.texts_read()) == 1
    dora.never_rang()
    dora.answers(within=60)
    dora.hears("il tuo turno è iniziato alle ore dodici")
    dora.presses("1")
    dora.hears("Grazie, segnato.")
    dora.hung_up(within=20)


def test_her_ok_is_the_check_in_and_nothing_follows(
    put_on: Do, dora: Phone, town: Town, database: Database
) -> None:
    put_on()
    dora.reads("di turno", within=90)
    dora.texts("ok")
    assert dora.reads("Confermato") == "Confermato: sab 21/11 12.00-18.00. Grazie."
    town.passes(15 * 60)
    assert len(dora.texts_read()) == 2
    assert (confirmed(database), unheard(database)) == (1, 0)
    dora.never_rang()


def test_an_ok_before_the_text_is_the_check_in_too(put_on: Do, dora: Phone, town: Town) -> None:
    put_on()
    dora.texts("OK")
    dora.reads("Confermato")
    assert "ti chiamiamo" not in dora.reads("cambiati", within=90)
    town.passes(15 * 60)
    assert not [text for text in dora.texts_read() if "non ti abbiamo sentito" in text]
    dora.never_rang()


def test_who_is_told_by_a_call_checks_in_by_its_key(
    put_on: Do, dora: Phone, database: Database, town: Town
) -> None:
    wants_calls(database, dora)
    put_on()
    dora.answers(within=90)
    dora.hears("I tuoi turni sono cambiati: 1 nuovo. Sei di turno adesso, fino alle ore diciotto.")
    dora.presses("1")
    dora.hung_up(within=30)
    assert confirmed(database) == 1
    town.passes(15 * 60)
    assert dora.times_rung() == 1
    dora.reads_nothing()


def test_who_does_not_take_the_call_is_rung_again_after_five_minutes(
    put_on: Do, dora: Phone, database: Database, town: Town
) -> None:
    wants_calls(database, dora)
    put_on()
    town.passes(4 * 60 + 30)
    assert dora.times_rung() == 1
    dora.reads_nothing()
    town.passes(2 * 60)
    assert dora.times_rung() == 2


def test_called_off_at_once_whoever_gets_the_shift_back_is_told_first_too(
    put_on: Do, anna: Phone, database: Database, town: Town
) -> None:
    put_on()
    anna.reads("1 tolto", within=90)
    town.passes(60)
    with database.transaction() as tx:
        actions.call_off(tx, [store.newest_override(tx)], "Carla", "no fever after all")
    anna.reads("Sei di turno adesso, fino alle 18.00", within=90)
    town.passes(4 * 60)
    assert not [text for text in anna.texts_read() if "non ti abbiamo sentito" in text]
    anna.never_rang()
    town.passes(2 * 60)
    assert anna.times_rung() == 1


def test_who_is_put_on_by_a_file_for_a_shift_that_began_a_little_ago_is_told_first_too(
    dora: Phone, database: Database, town: Town
) -> None:
    row = f"{dora.number},volunteer,{at(11, 50).isoformat()},{at(18).isoformat()}\n"
    import_file(database, f"phone,role,starts_at,ends_at\n{row}", ROME, "IT", "shifts.csv", "Carla")
    dora.reads("Sei di turno adesso, fino alle 18.00", within=90)
    town.passes(4 * 60)
    assert len(dora.texts_read()) == 1
    dora.never_rang()
    town.passes(2 * 60)
    assert dora.times_rung() == 1


def test_who_is_given_an_offered_shift_that_runs_is_not_missed_at_once(
    rig: Rig, dora: Phone, database: Database, town: Town
) -> None:
    board = rig.service.board
    with database.transaction() as tx:
        people = {person.name.split()[0]: person for person in everybody(tx)}
        (running,) = (one for one in on_duty(tx, tx.now) if one.role == "volunteer")
        offer = swaps.offer(tx, Wanted(running, people["Anna"].id, "fever")).offer
        assert offer is not None
        wanted = offer.number, people["Dora"], people["Carla"], "nobody else"
        given = swaps.decide(tx, swaps.consider(tx, offers.ground(board), *wanted), *wanted)
        offers.changed_hands(board, tx, given)
        offers.tell_taker(board, tx, given)
    dora.reads("assegnato a te", within=30)
    told = len(dora.texts_read())
    town.passes(4 * 60)
    assert len(dora.texts_read()) == told
    dora.never_rang()
    town.passes(2 * 60)
    assert dora.times_rung() == 1


def test_whoever_takes_it_herself_is_asked_nothing(
    anna: Phone, dora: Phone, town: Town, database: Database
) -> None:
    anna.texts("NON POSSO")
    dora.reads("Cerchiamo chi copre")
    dora.texts("PRENDO")
    dora.reads("assegnato a te", within=30)
    told = len(dora.texts_read())
    town.passes(15 * 60)
    assert len(dora.texts_read()) == told
    dora.never_rang()
