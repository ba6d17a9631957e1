"""How does a coordinator draft and publish a rota in these tests, and who is on duty then?"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.database import Database
from hotline.oncall.rota.actions import Publication, draft, publish
from hotline.oncall.rota.bands import Band
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rotations import Every, Rotation
from hotline.oncall.shifts import Shift
from hotline.oncall.store import on_duty
from hotline.people.store import everybody
from hotline.profile import load_profile

ROME = ZoneInfo("Europe/Rome")
GROUND = Ground(load_profile(None))
CARLA = "3400000004"
PEOPLE = """name,phone,role,languages
Anna,3400000001,volunteer,it
Bruno,3400000002,volunteer,it
Lucia,3400000003,social_worker,it
Carla,3400000004,coordinator,it
Dora,3400000005,volunteer,it
Marta,3400000006,social_worker,it
"""
ALL_DAYS = frozenset(range(7))
NIGHT = Band("notte", "volunteer", ALL_DAYS, time(20), time(8))
DAY = Band("giorno", "volunteer", ALL_DAYS, time(8), time(20))
TODAY = date(2026, 11, 22)
"""The clock of these tests stands at three o'clock of this night."""


def turns(ids: dict[str, str], *names: str, band: Band = NIGHT, since: date = date(2026, 11, 1)) -> Rota:
    order = tuple(ids[name] for name in names)
    return Rota(ROME, since, (band,), (Rotation(band.name, order, Every.SHIFT, since),))


def drafted(database: Database, rota: Rota) -> int:
    with database.transaction() as tx:
        return draft(tx, rota, "Carla")[0]


def published(database: Database, rota: Rota, reason: str = "winter") -> Publication:
    drafted(database, rota)
    return publish(database, GROUND, CARLA, reason)


def on_at(database: Database, at: str) -> list[str]:
    with database.reading() as tx:
        names = {person.id: person.name for person in everybody(tx)}
        return sorted(names[one.person_id] for one in on_duty(tx, datetime.fromisoformat(at)))


def every_hour(database: Database, first: datetime, hours: int) -> list[tuple[Shift, ...]]:
    with database.reading() as tx:
        return [on_duty(tx, first + timedelta(hours=hour)) for hour in range(hours)]
