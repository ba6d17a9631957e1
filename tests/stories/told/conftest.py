"""What do the stories start from in which somebody's shifts change? A Monday noon, and two at home."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone
from tests.stories import by_the_clock
from tests.stories.conftest import Hire
from tests.stories.told.monday import NOON


@pytest.fixture
def starts_at() -> datetime:
    return NOON


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": "+393400000077"}


@pytest.fixture(autouse=True)
def only_this_is_done_by_the_clock(rig: Rig) -> None:
    """Tell of what changed, and let whoever was not reached be told again."""
    by_the_clock.only(rig, "tell of changed shifts", "reconcile alarms")


@pytest.fixture
def anna(hire: Hire) -> Phone:
    """A volunteer at home."""
    return hire("Anna", 1, "volunteer", shift=None)


@pytest.fixture
def bruno(hire: Hire) -> Phone:
    """Another volunteer at home."""
    return hire("Bruno", 2, "volunteer", shift=None)
