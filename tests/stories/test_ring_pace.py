"""Twilio starts one call a second: who is rung first when many phones are waiting their turn?"""

from collections.abc import Callable

import pytest

from hotline.simulator.phones import Phone, Town

Hire = Callable[..., Phone]


@pytest.fixture
def volunteers(hire: Hire) -> list[Phone]:
    """Twelve volunteers on shift together."""
    return [hire(f"Volontaria {number}", number, "volunteer") for number in range(11, 23)]


@pytest.fixture
def lucia(volunteers: list[Phone], hire: Hire) -> Phone:
    """The social worker on call."""
    return hire("Lucia", 3, "social_worker")


def test_violence_at_night_rings_the_social_worker_before_the_volunteers_still_waiting_their_turn(
    caller: Phone, town: Town, volunteers: list[Phone], lucia: Phone
) -> None:
    caller.dials()
    volunteers[0].rings(within=20)
    caller.presses("1")
    lucia.rings(within=3)
    assert sum(phone.times_rung() for phone in volunteers) <= 4
    town.passes(14)
    assert all(phone.times_rung() == 1 for phone in volunteers)


def test_an_urgent_caller_does_not_stand_behind_the_phones_of_another(
    caller: Phone, town: Town, volunteers: list[Phone], lucia: Phone
) -> None:
    caller.dials()
    volunteers[0].rings(within=20)
    second = town.phone("Second", "+393400000098")
    second.dials()
    second.presses("2")
    lucia.rings(within=3)
    lucia.answers()
    lucia.presses("1")
    second.talks_with(lucia, within=30)


def test_whoever_accepts_early_saves_the_others_the_ring(
    caller: Phone, town: Town, volunteers: list[Phone], lucia: Phone
) -> None:
    caller.dials()
    volunteers[0].rings(within=20)
    volunteers[0].answers()
    volunteers[0].presses("1")
    caller.talks_with(volunteers[0], within=30)
    town.passes(20)
    assert sum(phone.times_rung() for phone in volunteers) < 12


@pytest.mark.parametrize("settings", [{"calls_per_second": 10}])
def test_an_account_that_may_start_more_calls_a_second_rings_them_as_fast(
    caller: Phone, town: Town, volunteers: list[Phone]
) -> None:
    caller.dials()
    volunteers[0].rings(within=20)
    town.passes(1.5)
    asked = [r for r in town.exchange.desk.log if r.operation == "create_call"]
    assert len(asked) == 12
