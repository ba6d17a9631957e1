"""What do the tests of the edge start from? The service and a pretend exchange, in virtual time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig


@pytest.fixture
def rig(database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[Rig]:
    """One replica and one exchange."""
    with Rig(database, clock, tmp_path) as rig:
        yield rig
