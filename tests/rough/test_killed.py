"""Does a call outlive the process that carries it? Played over real sockets, with a real kill."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.clock import WallClock
from hotline.database import Database
from hotline.oncall.actions import import_shifts
from hotline.people.actions import import_people
from hotline.secrets import Keyring
from hotline.simulator.phones import Phone
from tests.operations.replica import KEYS
from tests.rough.rig import RoughRig, rough

pytestmark = [pytest.mark.rough, pytest.mark.xdist_group("real seconds"), pytest.mark.timeout(150)]

PEOPLE = (
    "name,phone,role,languages\n"
    "Anna Prova,+393400000001,volunteer,it\n"
    "Lucia Prova,+393400000003,social_worker,it\n"
    "Carla Prova,+393400000004,coordinator,it\n"
)


@pytest.fixture
def rig(database_url: str, tmp_path: Path) -> Iterator[RoughRig]:
    clock = WallClock()
    database = Database(database_url, Keyring.from_text(KEYS), clock)
    begins, ends = (clock.now() + timedelta(hours=hours) for hours in (-1, 6))
    rows = [
        f"+39340000000{number},{role},{begins.isoformat()},{ends.isoformat()}"
        for number, role in ((1, "volunteer"), (3, "social_worker"))
    ]
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        import_shifts(tx, "\n".join(["phone,role,starts_at,ends_at", *rows]))
    database.dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with rough(database_url, tmp_path, port) as running:
        yield running


@pytest.fixture
def anna(rig: RoughRig) -> Phone:
    return rig.town.phone("Anna", "+393400000001")


@pytest.fixture
def caller(rig: RoughRig) -> Phone:
    return rig.town.phone("Caller", "+393400000099")


def answers(rig: RoughRig, anna: Phone, caller: Phone) -> None:
    """Let Anna answer, accept, and talk with the caller."""
    anna.answers(within=90)
    anna.hears("Premi uno", within=40)
    anna.presses("1")
    caller.talks_with(anna, within=60)


def killed_while_greeting(rig: RoughRig, anna: Phone, caller: Phone) -> None:
    caller.hears("uno uno due", within=60)
    rig.kill_and_start_again()
    answers(rig, anna, caller)


def killed_while_ringing(rig: RoughRig, anna: Phone, caller: Phone) -> None:
    anna.rings(within=90)
    rig.kill_and_start_again()
    answers(rig, anna, caller)


def killed_while_talking(rig: RoughRig, anna: Phone, caller: Phone) -> None:
    answers(rig, anna, caller)
    rig.kill_and_start_again()
    rig.town.passes(20)
    caller.talks_with(anna)


@pytest.mark.parametrize("story", [killed_while_greeting, killed_while_ringing, killed_while_talking])
def test_a_killed_process_loses_nobody(
    rig: RoughRig, anna: Phone, caller: Phone, story: Callable[[RoughRig, Phone, Phone], None]
) -> None:
    caller.dials()
    story(rig, anna, caller)
    rig.town.passes(20)
    caller.hangs_up()
    anna.hears("La telefonata è finita", within=60)
    anna.hangs_up()
    rig.town.everybody_hung_up(within=120)
    rig.town.broke_no_rule()
