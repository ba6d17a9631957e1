"""What do random plays start from in the tests? One database for all plays of a module."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.secrets import Keyring
from tests.chaos.play import BEGINNINGS
from tests.chaos.world import Stage


@pytest.fixture(scope="module")
def stage(fresh_database: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A migrated database; every play clears it first."""
    folder = tmp_path_factory.mktemp("chaos")
    database = Database(fresh_database(folder), Keyring.from_text("a1" * 32), ManualClock(BEGINNINGS[0]))
    yield Stage(database, folder)
    database.dispose()
