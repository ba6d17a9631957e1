"""What do the stories about coming on duty start from? A Saturday noon, and who is on shift when."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import Hire
from tests.stories.presence.saturday import SATURDAY, TEXTS, Until, at, from_to


@pytest.fixture
def starts_at() -> datetime:
    return SATURDAY


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": TEXTS}


@pytest.fixture
def until(rig: Rig, town: Town) -> Until:
    """Let the clock jump to a moment, and everything that is due by then be done."""

    def jump(moment: datetime, and_for: float = 35) -> None:
        rig.clock.set(moment)
        town.passes(and_for)

    return jump


@pytest.fixture
def anna(hire: Hire) -> Phone:
    """A volunteer whose shift begins at ten in the evening."""
    return hire("Anna", 1, "volunteer", shift=from_to(22, 6))


@pytest.fixture
def bruno(hire: Hire) -> Phone:
    """Another one, who is on duty all the time."""
    return hire("Bruno", 2, "volunteer", shift=from_to(9, 9))


@pytest.fixture
def dora(hire: Hire) -> Phone:
    """A volunteer at home."""
    return hire("Dora", 5, "volunteer", shift=None)


@pytest.fixture
def elio(hire: Hire) -> Phone:
    """Another one at home, who was on duty yesterday for long."""
    return hire("Elio", 6, "volunteer", shift=(at(8, days=-2), at(8, days=-1)))


@pytest.fixture
def lucia(hire: Hire) -> Phone:
    """The social worker of the week."""
    return hire("Lucia", 3, "social_worker", shift=(at(8, days=-2), at(8, days=4)))
