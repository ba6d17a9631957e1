"""What do random plays start from in the tests? One database for all plays of a module."""

from collections.abc import Iterator

import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.secrets import Keyring
from tests.chaos.play import BEGINNINGS
from tests.chaos.world import Stage
from tests.conftest import ON_POSTGRESQL, FreshDatabase
from tests.lengths import enforce_lengths


@pytest.fixture(scope="module")
def stage(fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A migrated database; every play clears it first."""
    folder = tmp_path_factory.mktemp("chaos")
    with fresh_database(folder) as url:
        if not ON_POSTGRESQL:
            enforce_lengths(url)
        database = Database(url, Keyring.from_text("a1" * 32), ManualClock(BEGINNINGS[0]))
        yield Stage(database, folder)
        database.dispose()
