"""Is 1 1 2 honoured on a line that has no category for violence or danger?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.profile import SHIPPED
from hotline.simulator.phones import Phone, Town
from tests.stories.records import Record

IGLESIAS = (SHIPPED / "iglesias" / "profile.toml").read_text(encoding="utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, object]:
    """A line like that of Iglesias on which no category is careful."""
    own = tmp_path / "profile.toml"
    own.write_text(IGLESIAS.replace("careful = true\n", ""), encoding="utf-8")
    return {"profile": own}


@pytest.mark.parametrize("before", ["", "5"])
def test_whoever_keys_112_hears_how_to_reach_it_and_everybody_is_rung(
    caller: Phone,
    town: Town,
    anna: Phone,
    lucia: Phone,
    carla: Phone,
    written: Callable[[], Record],
    before: str,
) -> None:
    caller.dials()
    caller.presses(before)
    town.passes(5)
    caller.presses("112", every=1)
    caller.hears("Per l'uno uno due deve riagganciare e rifare il numero. Intanto la colleghiamo.")
    assert "keyed_112" in written().call.flags
    anna.answers()
    anna.hears("Ha fatto l'uno uno due sulla tastiera.")
    anna.presses("2")
    carla.rings(within=90)
    lucia.answers(within=90)
    lucia.presses("1")
    caller.talks_with(lucia)


def test_whoever_asked_for_information_and_cannot_speak_wakes_the_social_worker(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    caller.dials()
    caller.presses("5")
    anna.rings()
    town.passes(40)
    lucia.never_rang()
    caller.hears("tuu", within=30)
    caller.presses("6")
    lucia.answers(within=5)
    lucia.hears("Non può parlare")
    lucia.presses("1")
    caller.talks_with(lucia)
