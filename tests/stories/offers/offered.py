"""Which shifts do the stories of offers play with, and who has them at a moment?"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from hotline.database import Database
from hotline.oncall import store as oncall
from hotline.oncall.swaps.tables import offers
from hotline.people import store as people
from hotline.simulator.phones import Phone
from tests.stories.conftest import ROME

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=ROME)
TONIGHT = (MORNING.replace(hour=22), MORNING.replace(day=24, hour=6))
ON_FRIDAY = (MORNING.replace(day=27, hour=20), MORNING.replace(day=28, hour=0))
Ready = Callable[..., Phone]
Command = Callable[..., str]


def states(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.execute(select(offers.c.state).order_by(offers.c.number)).scalars())


def on_at(database: Database, moment: datetime) -> list[str]:
    """Name the volunteers on duty at a moment."""
    with database.reading() as tx:
        ids = {one.person_id for one in oncall.on_duty(tx, moment) if one.role == "volunteer"}
        return [person.name.split()[0] for person in people.people_by_ids(tx, ids)]
