"""Whose phone rang in vain: do they read, once, that a colleague has answered, and need not ring back?"""

from collections.abc import Mapping

import pytest

from hotline.simulator.phones import Phone, Town

TEXTS = "+393400000077"
SOUGHT = "0781 33000: ti abbiamo cercato alle 3.01. Ha risposto un collega, non serve richiamare."


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": TEXTS}


def answered_by(caller: Phone, who: Phone) -> None:
    who.answers()
    who.hears("Premi uno")
    who.presses("1")
    caller.talks_with(who)


def test_whose_phone_rang_until_a_colleague_took_the_call_need_not_ring_back(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    caller.dials()
    anna.rings(within=60)
    bruno.rings()
    answered_by(caller, anna)
    assert bruno.reads("ti abbiamo cercato") == SOUGHT.replace("3.01", "3.00")
    anna.reads_nothing()
    town.passes(200)
    caller.hangs_up()
    town.passes(60)
    assert len(bruno.texts_read()) == 1
    anna.reads_nothing()


def test_whose_phone_had_not_yet_rung_reads_nothing(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    caller.dials()
    anna.rings(within=60)
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(90)
    bruno.reads_nothing()


def test_who_slept_reads_in_the_morning_that_somebody_answered(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, town: Town
) -> None:
    caller.dials()
    lucia.rings(within=80)
    anna.stops_ringing(within=60)
    answered_by(caller, lucia)
    assert "Ha risposto un collega" in anna.reads("ti abbiamo cercato")
    lucia.reads_nothing()


def test_who_passed_the_call_on_knows_it(caller: Phone, anna: Phone, bruno: Phone, town: Town) -> None:
    caller.dials()
    anna.rings(within=60)
    anna.answers()
    anna.hears("Premi uno")
    anna.presses("2")
    bruno.rings()
    answered_by(caller, bruno)
    town.passes(90)
    anna.reads_nothing()


def test_nobody_is_told_of_a_colleague_while_nobody_has_met_the_caller(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    caller.dials()
    anna.rings(within=60)
    bruno.rings()
    caller.hangs_up()
    town.passes(90)
    assert not any("Ha risposto un collega" in text for one in (anna, bruno) for text in one.texts_read())
