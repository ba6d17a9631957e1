"""What do the tests of what is published start from? Six people, and no shift."""

import pytest

from hotline.database import Database
from hotline.people.actions import import_people
from hotline.people.store import everybody
from tests.oncall.publishing.published import PEOPLE


@pytest.fixture
def ids(database: Database) -> dict[str, str]:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        return {person.name: person.id for person in everybody(tx)}
