"""What happens when the same number calls again: what is heard, who rings first, what do they know?"""

from collections.abc import Callable

import pytest

from hotline.calls import store
from hotline.database import Database
from hotline.simulator.phones import Phone, Town
from tests.stories.listening import first_rings
from tests.stories.records import Record

Written = Callable[[], Record]


def talked_with(caller: Phone, responder: Phone, town: Town) -> None:
    """Let the caller talk with somebody, and hang up."""
    caller.dials()
    responder.answers(within=60)
    responder.presses("1")
    caller.talks_with(responder)
    town.passes(20)
    caller.hangs_up()
    town.everybody_hung_up(within=60)


def test_the_same_first_sentence_and_then_connected_without_the_menu(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, written: Written
) -> None:
    talked_with(caller, bruno, town)
    town.passes(300)
    caller.dials()
    began = town.exchange.now()
    caller.hears("Se qualcuno è in pericolo adesso, riagganci e chiami l'uno uno due. La colleghiamo.")
    bruno.rings(within=5)
    town.passes(2)
    assert list(first_rings(town, began))[:2] == ["Bruno", "Anna"]
    town.passes(20)
    for word in ("prema", "nine", "di nuovo", "già chiamato"):
        assert word not in caller.heard()
    bruno.answers()
    bruno.hears("Da questo numero hanno già chiamato: può essere un'altra persona")
    bruno.presses("1")
    caller.talks_with(bruno)
    assert "redial" in written().call.flags


@pytest.mark.parametrize("keyed", ["", "5"])
def test_at_night_the_social_worker_is_rung_at_once_when_who_could_not_speak_rings_again(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written, keyed: str
) -> None:
    caller.dials()
    caller.presses(keyed)
    caller.hears("tuu", within=45)
    caller.presses("6")
    caller.hears("È in pericolo adesso?")
    caller.hangs_up()
    town.everybody_hung_up(within=60)
    town.passes(60)
    rung_before = lucia.times_rung()
    caller.dials()
    anna.rings(within=15)
    lucia.rings(within=2)
    assert lucia.times_rung() == rung_before + 1
    assert "redial" in written().call.flags


def test_after_a_quarter_of_an_hour_it_is_a_call_like_any_other(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    talked_with(caller, anna, town)
    town.passes(16 * 60)
    caller.dials()
    caller.hears("Resti in linea: risponde una persona")
    caller.hears("cinque per informazioni", within=40)
    assert "redial" not in written().call.flags


def test_a_hidden_number_is_never_recognised(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials(anonymous=True)
    anna.rings()
    caller.hangs_up()
    town.passes(20)
    caller.dials(anonymous=True)
    caller.hears("Resti in linea: risponde una persona")
    assert "redial" not in written().call.flags


def test_from_the_third_time_on_nobody_is_rung_first(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, database: Database, written: Written
) -> None:
    for _ in range(3):
        talked_with(caller, bruno, town)
        town.passes(30)
    caller.dials()
    town.passes(1)
    assert written().call.prefers is None
    assert "redial" in written().call.flags


def test_who_was_quiet_before_is_quiet_again_and_nobody_hears_why(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    caller.dials()
    caller.presses("1")
    anna.rings()
    caller.hangs_up()
    town.passes(60)
    since = town.exchange.now()
    caller.dials()
    caller.hears("La colleghiamo.")
    town.passes(30)
    assert "tuu" not in caller.heard()
    assert "telefonata più tardi" not in caller.heard()
    assert "prema" not in caller.heard()
    rings = first_rings(town, since)
    assert rings["Lucia"] - rings["Anna"] < 3, "the social worker at once, as for violence at night"


def test_whoever_understood_a_review_rings_first_and_hears_of_what_is_owed(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, database: Database
) -> None:
    caller.dials()
    caller.presses("3")
    anna.rings()
    caller.hangs_up()
    lucia.answers(within=30)
    lucia.hears("se richiama, suona prima a te")
    lucia.presses("1")
    lucia.hung_up(within=20)
    town.passes(3600)
    since = town.exchange.now()
    caller.dials()
    lucia.rings(within=30)
    town.passes(3)
    assert list(first_rings(town, since))[:2] == ["Lucia", "Anna"]
    lucia.answers()
    lucia.hears("C'è una richiamata in sospeso")


@pytest.mark.parametrize("flag", ["offensive", "prank"])
def test_after_an_offence_or_a_prank_nobody_is_rung_first(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, flag: str, database: Database, written: Written
) -> None:
    talked_with(caller, bruno, town)
    with database.transaction() as tx:
        call = store.recent_calls(tx, 1)[0]
        store.change_call(tx, call.id, {"flags": call.flags | {flag}})
    caller.dials()
    town.passes(1)
    assert written().call.prefers is None
