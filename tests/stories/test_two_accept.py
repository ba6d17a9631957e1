"""Who gets the call when several want it, and what do the others hear?"""

from collections.abc import Callable
from datetime import datetime

import pytest

from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME
from tests.stories.listening import wait_for_first_ring
from tests.stories.records import Written

VIOLENCE, MINOR = "1", "2"


# Two at once


def test_of_two_who_accept_in_the_same_instant_one_wins_and_the_other_hears_it(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    anna.answers()
    bruno.answers()
    town.passes(3)
    anna.handset.press("1")
    bruno.handset.press("1")
    caller.talks_with(anna)
    bruno.hears("L'ha presa un collega. Grazie, puoi riagganciare.")
    bruno.hears("Buonanotte")
    bruno.hung_up()
    record = written()
    assert record.answered_by == "Anna"
    assert record.events.count("accepted") == 1


@pytest.mark.parametrize("starts_at", [datetime(2026, 11, 24, 11, 0, tzinfo=ROME)])
def test_by_day_the_loser_is_not_wished_a_good_night(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    anna.answers()
    bruno.answers()
    anna.presses("1")
    bruno.hears("L'ha presa un collega", within=10)
    bruno.hung_up()
    bruno.hears_nothing_like("Buonanotte")


def test_who_listens_to_the_whisper_is_told_at_once_that_a_colleague_has_it(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    bruno.answers()
    town.passes(2)
    anna.answers()
    anna.presses("1")
    accepted = town.exchange.now()
    heard = bruno.hears("L'ha presa un collega")
    assert (heard - accepted).total_seconds() <= 4
    bruno.hung_up()


def test_who_passed_on_and_changes_their_mind_too_late_hears_who_has_it(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    bruno.answers()
    town.passes(1)
    bruno.presses("2")
    anna.answers()
    anna.handset.press("1")
    bruno.handset.press("1")
    caller.talks_with(anna)
    bruno.hears("L'ha presa un collega")
    bruno.hung_up()


def test_the_other_phones_stop_ringing_when_one_accepts(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    anna.answers()
    anna.presses("1")
    bruno.stops_ringing(within=2)
    caller.talks_with(anna)
    assert {attempt.name: attempt.result for attempt in written().attempts} == {
        "Anna": "accepted",
        "Bruno": "canceled",
    }


def test_a_phone_still_queued_at_twilio_is_ended_and_closed_without_a_callback(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, hire: Callable[..., Phone], written: Written
) -> None:
    others = [hire(f"Zita{number}", 10 + number, "volunteer") for number in range(6)]
    caller.dials()
    anna.rings()
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    for phone in others[2:]:
        phone.never_rang()
    assert len(written().attempts) == 8
    assert {attempt.result for attempt in written().attempts} == {"accepted", "canceled"}
    caller.hangs_up()
    town.everybody_hung_up()
    assert all(phone.times_rung() == 0 for phone in others[2:])


def test_phones_ended_in_the_queue_ring_for_the_next_caller_at_once(
    caller: Phone, town: Town, anna: Phone, hire: Callable[..., Phone]
) -> None:
    others = [hire(f"Zita{number}", 10 + number, "volunteer") for number in range(6)]
    wait_for_first_ring(caller, anna)
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    second = town.phone("Second", "+393400000098")
    second.dials()
    town.passes(1)
    second.presses("3")
    town.passes(10)
    assert [phone.name for phone in others if not phone.times_rung()] == []


# The social worker who loses the gravest calls


def lucia_loses_to_anna(caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str) -> None:
    """Let both listen to their whisper, and Anna be quicker."""
    caller.dials()
    town.passes(2)
    caller.presses(key)
    lucia.rings()
    anna.rings()
    lucia.answers()
    anna.answers()
    town.passes(2)
    anna.presses("1")


@pytest.mark.parametrize("key", [VIOLENCE, MINOR])
def test_the_social_worker_who_loses_hears_who_has_it_and_may_join(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str, written: Written
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, key)
    lucia.hears("Ha risposto Anna. Premi uno per entrare anche tu")
    lucia.presses("1")
    caller.talks_with(anna, lucia)
    assert written().answered_by == "Anna"
    assert "joined_too" in written().events


def test_the_social_worker_who_presses_one_while_losing_is_asked_before_joining(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    caller.dials()
    town.passes(2)
    caller.presses(VIOLENCE)
    lucia.rings()
    anna.rings()
    lucia.answers()
    anna.answers()
    town.passes(2)
    anna.handset.press("1")
    lucia.handset.press("1")
    lucia.hears("Ha risposto Anna")
    caller.talks_with(anna)
    lucia.presses("1")
    caller.talks_with(anna, lucia)


def test_the_social_worker_may_join_while_the_responder_is_in_the_menu(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, VIOLENCE)
    caller.talks_with(anna)
    lucia.hears("Ha risposto Anna")
    anna.presses("*")
    anna.hears("uno assistente sociale", within=5)
    caller.talks_with_nobody()
    lucia.presses("1")
    lucia.hears("Ti colleghiamo")
    anna.presses("3")
    caller.talks_with(anna, lucia)


def test_the_social_worker_may_join_while_the_responder_has_a_private_word(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, VIOLENCE)
    caller.talks_with(anna)
    lucia.hears("Ha risposto Anna")
    anna.presses("*")
    town.passes(1.5)
    anna.presses("6")
    carla.answers(within=10)
    caller.talks_with(anna)
    carla.presses("1")
    anna.talks_with(carla)
    town.passes(1)
    lucia.presses("1")
    caller.talks_with(lucia)
    anna.presses("*")
    caller.talks_with(anna, lucia, carla)


def test_the_social_worker_joins_also_before_the_caller_has_left_the_last_room(
    rig: Rig, caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, VIOLENCE)
    caller.talks_with(anna)
    lucia.hears("Ha risposto Anna")
    rig.exchange.faults.reorder_webhooks("twilio/caller", seconds=3)
    anna.presses("*")
    town.passes(0.5)
    lucia.presses("1")
    caller.talks_with(lucia, within=12)
    lucia.hears_nothing_like("uno assistente sociale")
    lucia.hears_nothing_like("uno assistente sociale")
    caller.talks_with(anna, lucia, within=25)


def test_the_social_worker_does_not_join_a_call_that_the_responder_has_just_ended(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, VIOLENCE)
    caller.talks_with(anna)
    lucia.hears("Ha risposto Anna")
    anna.presses("*")
    town.passes(1.5)
    anna.presses("99")
    lucia.presses("1")
    lucia.hung_up(within=5)
    caller.hears("La telefonata finisce qui", within=15)


def test_the_social_worker_who_does_not_join_is_let_go(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, VIOLENCE)
    lucia.hears("riaggancia e resta a disposizione")
    lucia.hung_up(within=10)
    caller.talks_with(anna)


def test_for_other_reasons_the_social_worker_who_loses_is_thanked(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    wait_for_first_ring(caller, anna)
    lucia.rings(within=40)
    lucia.answers()
    town.passes(2)
    anna.answers()
    anna.presses("1")
    lucia.hears("L'ha presa un collega")
    lucia.hung_up()
    caller.talks_with(anna)


def test_the_social_worker_may_still_join_when_the_caller_has_just_left(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, VIOLENCE)
    lucia.hears("Ha risposto Anna")
    caller.talks_with(anna)
    town.passes(4)
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    lucia.hung_up(within=20)
