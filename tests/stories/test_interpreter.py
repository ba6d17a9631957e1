"""Does an interpreter help a caller and a responder to talk, and never stand alone for a responder?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.profile import SHIPPED
from hotline.simulator.phones import Phone, Town, asleep
from tests.stories.records import Record
from tests.stories.test_room import meet

Written = Callable[[], Record]
IGLESIAS = (SHIPPED / "iglesias" / "profile.toml").read_text(encoding="utf-8")
INES = '\n[[interpreter]]\nname = "Ines Prova"\nnumber = "{number}"\nlanguages = ["ro"]\n'
IN_ITALY, ABROAD = "+393400000050", "+40213300000"


@pytest.fixture
def number_of_ines() -> str:
    """An Italian number, unless the story says otherwise."""
    return IN_ITALY


@pytest.fixture
def settings(tmp_path: Path, number_of_ines: str) -> dict[str, object]:
    """Iglesias, where Ines has agreed to interpret from and into Romanian."""
    own = tmp_path / "profile.toml"
    own.write_text(IGLESIAS + INES.format(number=number_of_ines), encoding="utf-8")
    return {"profile": own}


@pytest.fixture
def ines(town: Town) -> Phone:
    """The interpreter, who has no shift."""
    return town.phone("Ines", IN_ITALY)


def meet_in_romanian(caller: Phone, anna: Phone) -> None:
    """Let somebody who speaks Romanian choose their language, and talk with Anna."""
    caller.dials()
    caller.waits(3)
    caller.presses("9")
    caller.waits(2)
    caller.presses("3")
    anna.answers(within=40)
    anna.presses("1")
    caller.talks_with(anna)


def open_menu(responder: Phone) -> None:
    """Let a responder press the star and hear the menu."""
    responder.presses("*")
    responder.hears("uno assistente sociale", within=8)


def ask_for_an_interpreter(caller: Phone, anna: Phone) -> None:
    """Let Anna press star and five; she is straight back with the caller."""
    open_menu(anna)
    anna.presses("5")
    anna.hears("Intanto chiamiamo")
    caller.talks_with(anna, within=5)


def talk_with_an_interpreter(caller: Phone, anna: Phone, ines: Phone) -> None:
    """Let Ines come into the conversation of Anna with a caller who speaks Romanian."""
    meet_in_romanian(caller, anna)
    ask_for_an_interpreter(caller, anna)
    ines.answers(within=10)
    ines.presses("1")
    caller.talks_with(anna, ines)


def test_an_interpreter_of_the_callers_language_comes_in(
    caller: Phone, anna: Phone, bruno: Phone, ines: Phone, town: Town, written: Written
) -> None:
    meet_in_romanian(caller, anna)
    rung = bruno.times_rung()
    ask_for_an_interpreter(caller, anna)
    ines.answers(within=10)
    ines.hears("Anna è al telefono con una persona")
    ines.hears("Premi uno per entrare, due se non puoi")
    caller.talks_with(anna)
    ines.presses("1")
    caller.talks_with(anna, ines)
    town.passes(60)
    assert bruno.times_rung() == rung
    caller.hangs_up()
    anna.hears("La telefonata è finita", within=20)
    assert written().answered_by == "Anna"


def test_an_interpreter_who_cannot_come_changes_nothing_for_the_caller(
    caller: Phone, anna: Phone, ines: Phone, town: Town
) -> None:
    meet_in_romanian(caller, anna)
    ask_for_an_interpreter(caller, anna)
    ines.answers(within=10)
    ines.presses("2")
    ines.hung_up(within=20)
    town.passes(60)
    caller.talks_with(anna)
    assert ines.times_rung() == 1


def test_nobody_interprets_from_a_language_that_the_list_does_not_name(
    caller: Phone, anna: Phone, ines: Phone
) -> None:
    meet(caller, anna)
    open_menu(anna)
    anna.presses("5")
    anna.hears("Nessuno può entrare adesso")
    caller.talks_with(anna)
    ines.never_rang()


class TestWithANumberAbroad:
    @pytest.fixture
    def number_of_ines(self) -> str:
        return ABROAD

    def test_the_responder_hears_at_once_that_nobody_comes(self, caller: Phone, anna: Phone) -> None:
        meet_in_romanian(caller, anna)
        open_menu(anna)
        anna.presses("5")
        anna.hears("Nessuno può entrare adesso", within=5)
        caller.talks_with(anna)


def test_the_interpreter_leaves_and_the_two_go_on(
    caller: Phone, anna: Phone, ines: Phone, town: Town
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(30)
    ines.hangs_up()
    caller.talks_with(anna, within=12)
    town.passes(30)
    anna.hangs_up()
    caller.hears("rămâneți la telefon: refacem legătura", within=15)
    anna.answers(within=20)
    anna.presses("1")
    caller.talks_with(anna)


def test_the_responders_line_drops_and_they_come_back_to_the_caller_and_the_interpreter(
    caller: Phone, anna: Phone, bruno: Phone, ines: Phone, town: Town, written: Written
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(100)
    rung = bruno.times_rung()
    anna.hangs_up()
    caller.talks_with(ines, within=12)
    anna.answers(within=10)
    anna.hears("La persona è ancora in linea")
    caller.talks_with(ines)
    anna.presses("1")
    caller.talks_with(anna, ines)
    town.passes(90)
    assert bruno.times_rung() == rung
    ines.hangs_up()
    caller.talks_with(anna, within=12)
    caller.hangs_up()
    anna.hears("La telefonata è finita", within=20)
    assert written().answered_by == "Anna"


def test_a_responder_who_does_not_come_back_is_replaced_by_another(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, ines: Phone, town: Town, written: Written
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(100)
    anna.hangs_up()
    anna.answers(within=10)
    anna.hears("La persona è ancora in linea")
    anna.presses("2")
    anna.hung_up()
    rung = anna.times_rung()
    lucia.rings(within=10)
    bruno.answers(within=10)
    bruno.presses("1")
    caller.talks_with(bruno, ines)
    lucia.stops_ringing()
    town.passes(90)
    caller.talks_with(bruno, ines)
    assert anna.times_rung() == rung
    assert written().answered_by == "Bruno"


def test_while_nobody_comes_to_the_caller_and_the_interpreter_phones_ring_again(
    caller: Phone, anna: Phone, bruno: Phone, ines: Phone, town: Town
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(100)
    anna.hangs_up()
    caller.talks_with(ines, within=12)
    anna.declines(within=10)
    bruno.declines(within=10)
    bruno.rings(within=150)
    caller.talks_with(ines)
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno, ines)


def test_where_the_responder_had_finished_everybody_else_is_asked_once(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, ines: Phone, town: Town
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(100)
    for phone in (bruno, lucia):
        phone.is_now(asleep)
    rung = bruno.times_rung(), lucia.times_rung()
    anna.hangs_up()
    anna.answers(within=10)
    anna.hears("La persona è ancora in linea")
    anna.presses("2")
    anna.hung_up()
    town.passes(600)
    assert (bruno.times_rung(), lucia.times_rung()) == (rung[0] + 1, rung[1] + 1)
    caller.talks_with(ines)


def test_whoever_does_not_come_is_asked_twice_and_then_left_in_peace(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, ines: Phone, town: Town
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(100)
    for phone in (anna, bruno, lucia):
        phone.is_now(asleep)
    rung = anna.times_rung(), bruno.times_rung(), lucia.times_rung()
    anna.hangs_up()
    town.passes(1200)
    assert (anna.times_rung(), bruno.times_rung(), lucia.times_rung()) == tuple(many + 2 for many in rung)
    caller.talks_with(ines)


def test_whoever_had_been_called_in_before_silences_the_phones_that_seek_a_responder(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, ines: Phone, town: Town
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(100)
    open_menu(anna)
    anna.presses("1")
    anna.hears("Intanto chiamiamo")
    caller.talks_with(anna, within=8)
    lucia.rings(within=10)
    anna.hangs_up()
    anna.answers(within=15)
    anna.presses("2")
    bruno.rings(within=15)
    lucia.answers()
    lucia.presses("1")
    bruno.stops_ringing()
    caller.talks_with(ines, lucia, within=15)


def test_a_phone_that_cannot_be_rung_keeps_nobody_waiting(
    caller: Phone, anna: Phone, bruno: Phone, ines: Phone, town: Town
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(100)
    town.exchange.faults.rest_fails(1, 400)
    anna.hangs_up()
    caller.talks_with(ines, within=12)
    bruno.answers(within=20)
    bruno.presses("1")
    caller.talks_with(bruno, ines)


def test_an_interpreter_who_comes_when_the_responder_has_gone_does_not_stand_for_them(
    caller: Phone, anna: Phone, ines: Phone, town: Town
) -> None:
    meet_in_romanian(caller, anna)
    town.passes(100)
    ask_for_an_interpreter(caller, anna)
    ines.answers(within=10)
    anna.hangs_up()
    ines.presses("1")
    caller.talks_with(ines, within=20)
    anna.answers(within=60)
    anna.presses("1")
    caller.talks_with(anna, ines)


def test_the_social_worker_goes_on_when_the_responder_goes_whoever_came_first(
    caller: Phone, anna: Phone, lucia: Phone, ines: Phone, town: Town
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    open_menu(anna)
    anna.presses("1")
    lucia.answers(within=15)
    lucia.presses("1")
    caller.talks_with(anna, ines, lucia, within=20)
    town.passes(60)
    rung = anna.times_rung()
    anna.hangs_up()
    caller.talks_with(lucia, within=6)
    caller.talks_with(lucia, ines, within=20)
    town.passes(60)
    assert anna.times_rung() == rung


def test_the_caller_leaves_while_the_responder_is_rung_back(
    caller: Phone, anna: Phone, ines: Phone, town: Town, written: Written
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(30)
    anna.hangs_up()
    anna.rings(within=10)
    caller.talks_with(ines, within=12)
    caller.hangs_up()
    anna.stops_ringing()
    rung = anna.times_rung()
    ines.hung_up(within=60)
    town.passes(120)
    assert anna.times_rung() == rung
    assert written().call.outcome == "answered"


def test_the_interpreter_leaves_too_and_the_plan_resumes(
    caller: Phone, anna: Phone, bruno: Phone, ines: Phone, town: Town
) -> None:
    talk_with_an_interpreter(caller, anna, ines)
    town.passes(100)
    anna.hangs_up()
    caller.talks_with(ines, within=12)
    ines.hangs_up()
    caller.hears("rămâneți la telefon: refacem legătura", within=15)
    bruno.answers(within=20)
    bruno.presses("1")
    caller.talks_with(bruno)
