"""The database is gone, and the file that says whom to ring then is old, or gone as well: who is rung?"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from hotline.clock import ManualClock
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town, answers_and_presses
from tests.stories.breakdowns import no_database, the_file_is_written
from tests.stories.conftest import Hire

FILE = "backstop.sealed"


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"last_resort": "340 0000004, +39 340 0000005"}


@pytest.fixture
def carla(hire: Hire) -> Phone:
    """A coordinator who is on no rota and has agreed to nothing: only the setting names her."""
    return hire("Carla", 4, "coordinator", shift=None)


@pytest.fixture
def dario(hire: Hire) -> Phone:
    """Another one."""
    return hire("Dario", 5, "coordinator", shift=None)


def is_answered_by(one: Phone, caller: Phone, town: Town) -> None:
    """Let somebody take the call as it comes without a database: with the key."""
    one.answers(within=60)
    one.hears("Premi uno per rispondere")
    caller.talks_with_nobody()
    one.presses("1")
    caller.talks_with(one)
    town.passes(10)
    caller.hangs_up()
    one.hung_up()


def test_a_running_replica_remembers_whom_to_ring_though_its_disk_is_gone(
    rig: Rig, tmp_path: Path, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_file_is_written(rig)
    (tmp_path / FILE).unlink()
    with no_database(rig, monkeypatch):
        caller.dials()
        is_answered_by(anna, caller, town)


def test_where_the_disk_is_full_what_is_newer_than_the_file_is_remembered(
    rig: Rig,
    hire: Hire,
    tmp_path: Path,
    caller: Phone,
    town: Town,
    dario: Phone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    the_file_is_written(rig)
    anna = hire("Anna", 1, "volunteer")

    def full(*_anything: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space"):
            the_file_is_written(rig)
    with no_database(rig, monkeypatch):
        caller.dials()
        is_answered_by(anna, caller, town)
    assert dario.times_rung() == 0


def test_a_replica_that_starts_with_neither_rings_the_coordinators_of_the_setting_in_order(
    rig: Rig,
    tmp_path: Path,
    caller: Phone,
    town: Town,
    anna: Phone,
    carla: Phone,
    dario: Phone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    the_file_is_written(rig)
    rig.switch_off()
    (tmp_path / FILE).unlink()
    rig.switch_on()
    with no_database(rig, monkeypatch):
        caller.dials()
        caller.hears("Ci scusi, un momento. La stiamo collegando con una persona.")
        carla.rings(within=20)
        assert dario.times_rung() == 0
        is_answered_by(dario, caller, town)
    assert carla.times_rung() == 1
    assert anna.times_rung() == 0, "nothing was left that knows her"


def test_a_file_that_knows_nobody_leaves_the_coordinators_of_the_setting(
    rig: Rig, clock: ManualClock, caller: Phone, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_file_is_written(rig)  # before anybody was hired
    dario = town.phone("Dario", "+393400000005")
    dario.is_now(answers_and_presses("1"))
    with no_database(rig, monkeypatch):
        caller.dials()
        caller.talks_with(dario, within=60)
        caller.hangs_up()


def test_who_has_just_said_that_they_cannot_is_not_rung_when_the_database_goes_seconds_later(
    rig: Rig, caller: Phone, town: Town, anna: Phone, bruno: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.passes(67)  # the file, written for the second time, names her
    anna.texts("NON POSSO")
    town.passes(10)
    with no_database(rig, monkeypatch):
        caller.dials()
        is_answered_by(bruno, caller, town)
    assert anna.times_rung() == 0


class TestWithoutTheSetting:
    """Then nothing is left that knows a number: the caller hears 112, and is not let go."""

    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {}

    def test_the_caller_hears_112_and_reaches_a_person_once_the_database_is_back(
        self,
        rig: Rig,
        tmp_path: Path,
        caller: Phone,
        town: Town,
        anna: Phone,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        the_file_is_written(rig)
        (tmp_path / FILE).unlink()
        rig.switch_off()
        rig.switch_on()
        with no_database(rig, monkeypatch):
            caller.dials()
            caller.hears("uno uno due", within=60)
            assert caller.is_on_the_line()
            assert anna.times_rung() == 0
        anna.answers(within=90)
        anna.presses("1")
        caller.talks_with(anna)
        caller.hangs_up()
