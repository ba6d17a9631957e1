"""What if the caller, or the one who accepted, hangs up before they were brought together?"""

from collections.abc import Callable

import pytest

from hotline.calls.call import CallOutcome
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town
from tests.stories.listening import wait_for_first_ring
from tests.stories.records import Written

# Accepting while the caller leaves


def test_accepting_in_the_instant_in_which_the_caller_hangs_up(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    caller.handset.hang_up()
    anna.handset.press("1")
    anna.hears("La persona ha riagganciato. Non devi fare nulla. Se richiama, ti chiamiamo di nuovo.")
    anna.hung_up()
    assert written().call.outcome == CallOutcome.ABANDONED


def test_the_caller_hangs_up_in_the_instant_after_somebody_accepted(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    anna.handset.press("1")
    caller.handset.hang_up()
    anna.hears("La persona ha riagganciato")
    anna.hung_up()
    record = written()
    assert record.call.outcome == CallOutcome.ABANDONED
    assert record.follow_up == "review"


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.0, 1.4, 1.6, 2.0])
def test_the_caller_hangs_up_while_being_connected(
    caller: Phone, town: Town, anna: Phone, seconds: float
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    anna.presses("1")
    town.passes(seconds)
    caller.hangs_up()
    anna.hung_up(within=60)
    assert "La persona ha riagganciato" in anna.heard() or "La telefonata è finita" in anna.heard()


def test_everybody_stops_when_the_caller_hangs_up_while_phones_ring(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    town.passes(5)
    anna.answers()
    town.passes(2)
    caller.hangs_up()
    bruno.stops_ringing(within=2)
    anna.hears("La persona ha riagganciato")
    lucia.never_rang()
    anna.hung_up()
    assert {attempt.result for attempt in written().attempts} == {"canceled"}
    assert anna.times_rung() == bruno.times_rung() == 1


def test_queued_phones_never_ring_after_the_caller_hung_up(
    caller: Phone, town: Town, hire: Callable[..., Phone], written: Written
) -> None:
    phones = [hire(f"Zita{number}", 10 + number, "volunteer") for number in range(6)]
    caller.dials()
    phones[0].rings()
    caller.hangs_up()
    town.passes(20)
    assert sum(phone.times_rung() for phone in phones) <= 2
    assert [attempt.result for attempt in written().attempts] == ["canceled"] * 6


# The winner goes before the caller came


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0, 1.5])
def test_the_winner_hangs_up_before_the_caller_was_joined(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, seconds: float, written: Written
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    anna.answers()
    town.passes(3)
    anna.handset.press("1")
    town.exchange.run_for(seconds)
    anna.handset.hang_up()
    lucia.rings(within=60)
    lucia.answers()
    lucia.presses("1")
    caller.talks_with(lucia)
    assert written().answered_by == "Lucia"


def test_the_winner_is_gone_and_the_redirect_was_never_sent(
    rig: Rig, caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    wait_for_first_ring(caller, anna)
    rig.exchange.faults.rest_refused(times=1, operation="update_call")
    anna.answers()
    town.passes(3)
    anna.handset.press("1")
    anna.handset.hang_up()
    town.passes(10)
    caller.talks_with_nobody()
    assert caller.is_on_the_line()
    lucia.rings(within=60)
    lucia.answers()
    lucia.presses("1")
    caller.talks_with(lucia)
