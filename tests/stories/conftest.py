"""What does every story start from? A line, a rota of invented people, their phones, and the records."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.actions import import_shifts
from hotline.people.actions import import_people
from hotline.simulator.phones import Phone, Town
from tests.conftest import NIGHT_IN_NOVEMBER
from tests.personal_data import nobody_was_betrayed, watching
from tests.stories.records import Record, last_call

ROME = ZoneInfo("Europe/Rome")
Hire = Callable[..., Phone]


@pytest.fixture
def starts_at() -> datetime:
    """Begin at three o'clock of a November night, unless the story says otherwise."""
    return NIGHT_IN_NOVEMBER


@pytest.fixture
def clock(starts_at: datetime) -> ManualClock:
    """Stand where the story begins."""
    return ManualClock(starts_at)


@pytest.fixture
def settings() -> Mapping[str, object]:
    """Settings of the service in this story, by the names of `Settings`."""
    return {}


@pytest.fixture
def rig(
    database: Database,
    clock: ManualClock,
    tmp_path: Path,
    settings: Mapping[str, object],
    request: pytest.FixtureRequest,
) -> Iterator[Rig]:
    """One replica and one exchange; at the end nobody is on the line, no rule broken, nobody betrayed."""
    # Most stories are not about the rota: theirs has gaps, and nobody is to be alarmed about them.
    given = {"gap_alarms": False, **settings}
    with watching() as watch, Rig(database, clock, tmp_path, **given) as rig:
        yield rig
        if not getattr(request.node, "story_failed", False):
            nobody_was_betrayed(watch, rig)


@pytest.fixture
def town(rig: Rig, request: pytest.FixtureRequest) -> Iterator[Town]:
    """The town of the story."""
    town = rig.town
    yield town
    if not getattr(request.node, "story_failed", False):
        end_of_story(town)


def end_of_story(town: Town) -> None:
    """Let whoever called hang up; then no phone rings on, nobody is left, and no rule was broken."""
    for phone in town.phones.values():
        leg = phone.handset.leg
        if leg is not None and leg.direction == "inbound" and not leg.over:
            phone.hangs_up()
    town.everybody_hung_up(within=180)
    town.broke_no_rule()


@pytest.fixture
def hire(database: Database, town: Town, starts_at: datetime) -> Hire:
    """Take somebody into the rota: `hire("Dora", 5, "volunteer", "it;fr")`, on duty all story long."""

    def hired(
        name: str,
        number: int | str,
        role: str,
        languages: str = "it",
        shift: tuple[datetime, datetime] | None = (
            starts_at - timedelta(hours=12),
            starts_at + timedelta(hours=12),
        ),
        last_resort: str = "",
    ) -> Phone:
        phone = number if isinstance(number, str) else f"+39340000{number:04}"
        with database.transaction() as tx:
            import_people(
                tx,
                "name,phone,role,languages,last_resort\n"
                f"{name} Prova,{phone},{role},{languages},{last_resort}\n",
            )
            if shift is not None:
                start, end = (moment.isoformat() for moment in shift)
                import_shifts(tx, f"phone,role,starts_at,ends_at\n{phone},{role},{start},{end}\n")
        return town.phone(name, phone)

    return hired


@pytest.fixture
def anna(hire: Hire) -> Phone:
    """A volunteer who speaks Italian and English."""
    return hire("Anna", 1, "volunteer", "it;en")


@pytest.fixture
def bruno(hire: Hire) -> Phone:
    """A volunteer who speaks Italian."""
    return hire("Bruno", 2, "volunteer")


@pytest.fixture
def lucia(hire: Hire) -> Phone:
    """The social worker on duty."""
    return hire("Lucia", 3, "social_worker")


@pytest.fixture
def carla(hire: Hire) -> Phone:
    """A coordinator without a shift, who agreed to be the last resort."""
    return hire("Carla", 4, "coordinator", shift=None)


@pytest.fixture
def caller(town: Town) -> Phone:
    """Somebody who needs help."""
    return town.phone("Caller", "+393400000099")


@pytest.fixture
def at_the_terminal(
    monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path, database: Database
) -> None:
    """Sit at the terminal as Carla, at the moment to which the story has come."""
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    monkeypatch.setenv("HOTLINE_SECRET_KEYS", "a1" * 32)
    monkeypatch.setenv("SUDO_USER", "carla")
    monkeypatch.setattr("hotline.app.clock_of", lambda *_: database.clock)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def written(database: Database) -> Callable[[], Record]:
    """Read what the service wrote down about the latest call."""
    return lambda: last_call(database)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Print the played call under a story that failed."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        item.story_failed = True
        rig = item.funcargs.get("rig")
        if isinstance(rig, Rig):
            report.sections.append(("the played call", rig.town.play()))
    return report
