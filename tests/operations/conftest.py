"""What do the tests of operations start from? One replica in this process, its clock in the test's hand."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hotline.app import Service, assemble
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.settings import Settings
from hotline.simulator.exchange import ACCOUNT_SID, AUTH_TOKEN
from hotline.timetable import DEAD_AFTER, Job

Ticking = Callable[..., tuple[Service, TestClient]]


@pytest.fixture
def replica(database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[Ticking]:
    """Start a ticking replica, with other jobs if the test names them."""
    with ExitStack() as closing:

        def start(*jobs: Job, dead_after: float = DEAD_AFTER) -> tuple[Service, TestClient]:
            settings = Settings(
                twilio_account_sid=ACCOUNT_SID,
                twilio_auth_token=AUTH_TOKEN,
                twilio_api_url="http://127.0.0.1:9",
                public_url="https://hotline.example.org",
                data_dir=tmp_path,
            )
            service = assemble(settings, clock, database=database)
            service.timetable.dead_after = dead_after
            if jobs:
                service.timetable.jobs = jobs
            return service, closing.enter_context(TestClient(service.app))

        yield start
