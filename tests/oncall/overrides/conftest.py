"""What do the tests of who stands in for whom start from? A few days of November, and who is on then."""

import pytest

from hotline.database import Database
from hotline.oncall.actions import import_shifts
from hotline.people.actions import import_people
from hotline.people.store import everybody
from tests.oncall.overrides.stand_ins import PEOPLE, SHIFTS, Who


@pytest.fixture
def who(database: Database) -> Who:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        import_shifts(tx, SHIFTS)
        people = {person.name: person for person in everybody(tx)}
    return people.__getitem__
