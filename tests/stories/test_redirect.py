"""How does the redirect bring the caller to whoever accepted, and what if it is slow, refused or lost?"""

from collections.abc import Callable
from datetime import datetime

import pytest

from hotline.calls.call import CallOutcome
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town
from tests.stories.listening import wait_for_first_ring, when_heard
from tests.stories.records import Written


def accept(caller: Phone, anna: Phone, town: Town) -> None:
    """Let Anna answer and press 1 in the middle of a hold pass."""
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    anna.presses("1")


def test_the_caller_is_moved_at_once_and_hears_it(caller: Phone, town: Town, anna: Phone) -> None:
    accept(caller, anna, town)
    accepted = town.exchange.now()
    met = caller.talks_with(anna)
    assert (met - accepted).total_seconds() <= 3
    assert "Le rispondono adesso" in caller.heard()


@pytest.mark.parametrize("status", [500, 503, 429])
def test_the_pass_brings_the_caller_when_the_redirect_is_refused(
    rig: Rig, caller: Phone, town: Town, anna: Phone, status: int
) -> None:
    wait_for_first_ring(caller, anna)
    rig.exchange.faults.rest_fails(times=1, status=status, operation="update_call")
    anna.answers()
    town.passes(3)
    anna.presses("1")
    caller.talks_with(anna, within=20)
    town.passes(5)
    caller.talks_with(anna)


def test_the_answer_to_the_redirect_is_lost_but_it_happened(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    rig.exchange.faults.lose_rest_answer("update_call")
    anna.answers()
    town.passes(3)
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(30)
    caller.talks_with(anna)
    caller.hangs_up()
    assert len(written().seconds_together) == 1


def test_the_redirect_cannot_leave_and_the_pass_brings_the_caller(
    rig: Rig, caller: Phone, town: Town, anna: Phone
) -> None:
    wait_for_first_ring(caller, anna)
    rig.exchange.faults.rest_refused(times=1, operation="update_call")
    anna.answers()
    town.passes(3)
    anna.presses("1")
    caller.talks_with(anna, within=20)


def accept_between_two_passes(
    caller: Phone, anna: Phone, seconds: float = 8.0, then: Callable[[], None] = lambda: None
) -> datetime:
    """Let Anna press 1, after some seconds of whisper, when the caller hears the tone; return the moment."""
    caller.dials()
    caller.waits(2)
    caller.presses("3")
    anna.rings()
    caller.hears("tuu", within=30)
    anna.answers()
    anna.waits(seconds)
    then()
    anna.presses("1")
    return anna.exchange.now()


def test_the_redirect_takes_three_seconds_and_the_passes_wait_for_it(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    rig.exchange.faults.rest_slow(times=1, seconds=2.5, operation="update_call")
    accept_between_two_passes(caller, anna)
    caller.talks_with(anna, within=12)
    town.passes(20)
    caller.talks_with(anna)
    assert len(when_heard(caller, "Le rispondono adesso")) == 1, "the pass and the redirect have moved them"
    caller.hangs_up()
    assert len(written().seconds_together) == 1


@pytest.mark.parametrize("seconds", [4.0, 5.0, 6.0, 7.0])
def test_while_somebody_hears_the_whisper_the_next_pass_is_never_far(
    rig: Rig, caller: Phone, town: Town, anna: Phone, seconds: float
) -> None:
    rig.exchange.faults.rest_fails(times=1, status=500, operation="update_call")
    accepted = accept_between_two_passes(caller, anna, seconds)
    caller.hears("Le rispondono adesso", within=3)
    assert (when_heard(caller, "Le rispondono adesso")[0] - accepted).total_seconds() <= 2
    caller.talks_with(anna)


def test_a_redirect_not_yet_sent_when_the_pass_joins_is_never_sent(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    accept_between_two_passes(caller, anna, then=lambda: setattr(rig, "background_hangs", True))
    caller.talks_with(anna, within=8)
    rig.background_hangs = False
    town.passes(30)
    caller.talks_with(anna)
    assert "update_call" not in [record.operation for record in rig.exchange.desk.log]
    assert len(when_heard(caller, "Le rispondono adesso")) == 1


def test_twilio_says_that_the_caller_is_gone_before_we_were_told(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    rig.exchange.faults.drop_webhooks("voice/status", times=10)
    caller.hangs_up()
    anna.presses("1")
    anna.hears("La persona ha riagganciato", within=10)
    anna.hung_up()
    assert written().call.caller_left_at is not None


def test_the_caller_is_gone_without_a_word_and_the_redirect_that_would_have_told_us_fails(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    rig.exchange.faults.drop_webhooks("voice/status", times=10)
    rig.exchange.faults.rest_fails(times=1, status=500, operation="update_call")
    caller.hangs_up()
    anna.presses("1")
    anna.hears("Ti colleghiamo")
    anna.hears("La persona ha riagganciato", within=12)
    anna.hung_up()
    assert written().call.outcome == CallOutcome.ABANDONED
    assert written().follow_up == "review"
