"""What do the tests of offers start from? A day of March, and five volunteers."""

import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.people.actions import import_people
from hotline.people.person import Person
from hotline.people.store import everybody
from tests.oncall.swaps.offered import PEOPLE, START


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def volunteers(database: Database) -> dict[str, Person]:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        return {person.name: person for person in everybody(tx)}
