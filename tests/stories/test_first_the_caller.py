"""Somebody waits, and a gap in the rota is due to be told: for which of the two does a phone ring first?"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from hotline.simulator.behaviours import Voicemail
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME


@pytest.fixture
def starts_at() -> datetime:
    return datetime(2026, 11, 24, 11, 0, tzinfo=ROME)


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"gap_alarms": True}


def test_no_gap_is_told_to_the_last_resort_while_somebody_waits_for_them(
    caller: Phone, anna: Phone, lucia: Phone, carla: Phone, town: Town
) -> None:
    anna.is_now(Voicemail())
    lucia.is_now(Voicemail())
    caller.dials()
    anna.rings(within=60)
    began = town.exchange.now()
    carla.rings(within=76)
    assert town.exchange.now() - began <= timedelta(seconds=75)
    carla.answers()
    carla.hears("una persona aspetta")
    carla.presses("1")
    caller.talks_with(carla)
    caller.hangs_up()
    carla.hangs_up()
    carla.rings(within=200)
    carla.answers()
    carla.hears("Turno scoperto", within=60)
