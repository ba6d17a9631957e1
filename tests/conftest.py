"""What does every test start from? A migrated database, a clock that stands still, keys."""

import gc
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from fastapi.dependencies import models as dependencies
from sqlalchemy import event

from hotline import app
from hotline.clock import ManualClock
from hotline.database import Database, migrate
from hotline.secrets import Keyring
from tests.once import CompiledSql, load_profile, load_wording
from tests.postgresql import PostgresServer, find_postgres

NIGHT_IN_NOVEMBER = datetime(2026, 11, 22, 3, 0, tzinfo=ZoneInfo("Europe/Rome"))
FreshDatabase = Callable[[Path], AbstractContextManager[str]]
ON_POSTGRESQL = os.environ.get("HOTLINE_TEST_DATABASE", "sqlite") == "postgresql"

# A busy machine proves nothing: no time limit. The same examples every time: no landing is luck.
hypothesis.settings.register_profile("hotline", deadline=None, derandomize=True)
hypothesis.settings.load_profile("hotline")


# FastAPI remembers what kind of function each route is; with it, thousands of applications would stay alive.
_ROUTES_REMEMBERED = [one for one in vars(dependencies).values() if hasattr(one, "cache_clear")]


@pytest.fixture(autouse=True)
def forgets_its_application() -> Iterator[None]:
    """Let the application of a test go with the test: a suite of thousands stays small, and quick."""
    yield
    for remembered in _ROUTES_REMEMBERED:
        remembered.cache_clear()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that leaves out what is the same on every database."""
    what = "only the tests that open the database of HOTLINE_TEST_DATABASE"
    parser.addoption("--database-only", action="store_true", help=what)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that never open the database, or ask it nothing, where asked to."""
    if config.getoption("--database-only"):
        opens = [
            item
            for item in items
            if "database_url" in getattr(item, "fixturenames", ())
            and not item.get_closest_marker("asks_nothing")
        ]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(opens)])
        items[:] = opens


def pytest_collection_finish() -> None:
    """Leave what was imported, and every collected test, out of each later search for garbage."""
    gc.freeze()


def skip_or_fail(missing: str, required_by: str) -> None:
    """Skip a test that needs what is not installed; fail instead where the variable `required_by` is set."""
    if os.environ.get(required_by):
        pytest.fail(f"{missing}, and {required_by} is set")
    pytest.skip(missing)


@pytest.fixture
def clock() -> ManualClock:
    """Stand at three o'clock of a November night in Iglesias."""
    return ManualClock(NIGHT_IN_NOVEMBER)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """One key that is no secret."""
    return Keyring.from_text("a1" * 32)


@pytest.fixture
def database_url(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[str]:
    """Name a migrated, empty database of this test's own; other processes may open it too."""
    with fresh_database(tmp_path) as url:
        yield url


@pytest.fixture
def database(
    database_url: str,
    keyring: Keyring,
    clock: ManualClock,
    compiled_sql: CompiledSql,
    request: pytest.FixtureRequest,
) -> Iterator[Database]:
    """Open that database with this test's clock."""
    opened = Database(database_url, keyring, clock)
    compiled_sql.lend(opened)
    asked: list[str] = []
    if request.node.get_closest_marker("asks_nothing"):
        for engine in {opened.writer, opened.reader}:
            event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    yield opened
    opened.dispose()
    assert not asked, "it asks the database: take its mark away, so that it is played on PostgreSQL too"


@pytest.fixture(scope="session")
def compiled_sql() -> CompiledSql:
    """Compile a statement once per worker."""
    return CompiledSql()


@pytest.fixture(scope="session", autouse=True)
def shipped_texts_are_read_once() -> Iterator[None]:
    """Read the shipped profile and wordings once per worker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "load_wording", load_wording)
        patch.setattr(app, "load_profile", load_profile)
        yield


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreshDatabase]:
    """Migrate once per worker, and lend copies."""
    if not ON_POSTGRESQL:
        template = tmp_path_factory.mktemp("template") / "migrated.sqlite"
        migrate(f"sqlite:///{template}")
        yield lambda folder: nullcontext(f"sqlite:///{shutil.copy(template, folder / 'hotline.sqlite')}")
        return
    if (binaries := find_postgres()) is None:
        skip_or_fail("no PostgreSQL here (apt install postgresql, or the extra pgtest)", "REQUIRE_POSTGRES")
        return
    with PostgresServer(binaries) as server:
        migrate(server.create("migrated"))
        yield lambda _folder: server.copy_of("migrated")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many odd requests each webhook was sent, and how they were answered."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    fuzzed = [
        value
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "fuzzed"
    ]
    if not fuzzed:
        return
    terminalreporter.section("odd requests sent to every webhook, by route and status")
    whole: Counter[str] = Counter()
    for each in sorted(fuzzed, key=lambda each: each["route"]):
        answers = {str(status): count for status, count in each["answers"].items()}
        whole.update(answers)
        terminalreporter.write_line(_row(each["route"], answers))
    terminalreporter.write_line(_row("all", whole))


def _row(name: str, answers: dict[str, int]) -> str:
    by_status = "  ".join(f"{status}: {answers[status]}" for status in sorted(answers))
    return f"{name:<30} {sum(answers.values()):>6}   {by_status}"
