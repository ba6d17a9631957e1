"""Who is in the example rota, with which telephone, and when are they on shift?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.database import Database
from hotline.oncall.actions import import_shifts
from hotline.people.actions import import_people

CALLER_NUMBER = "+39 340 0000099"
WEEKS = 26
"""So many weeks of duty around the clock: more than anybody leaves a demo open."""


@dataclass(frozen=True)
class Role:
    """One member of the example team."""

    name: str
    phone: str
    role: str
    languages: str


CAST = (
    Role("Anna", "+39 340 0000001", "volunteer", "it;en"),
    Role("Bruno", "+39 340 0000002", "volunteer", "it;fr"),
    Role("Lucia", "+39 340 0000003", "social_worker", "it"),
    Role("Carla", "+39 340 0000004", "coordinator", "it"),
)


def people_csv() -> str:
    """Return the example people as a file for `hotline people import`."""
    rows = [f"{one.name},{one.phone},{one.role},{one.languages}" for one in CAST]
    return "\n".join(["name,phone,role,languages", *rows, ""])


def shifts_csv(at: datetime, zone: ZoneInfo, weeks: int = WEEKS) -> str:
    """Return shifts around the clock, one a week, as a file for `hotline shifts import`.

    They begin a week before `at`. The coordinator has none: she is the last resort.
    """
    monday = at.astimezone(zone).replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=7)
    rows = []
    for week in range(weeks):
        starts = monday + timedelta(weeks=week)
        ends = monday + timedelta(weeks=week + 1)
        rows += [
            f"{one.phone},{one.role},{starts.isoformat()},{ends.isoformat()}"
            for one in CAST
            if one.role != "coordinator"
        ]
    return "\n".join(["phone,role,starts_at,ends_at", *rows, ""])


def import_cast(database: Database, at: datetime, zone: ZoneInfo, weeks: int = WEEKS) -> None:
    """Fill an empty database with the example rota, by the same imports as every other rota."""
    with database.transaction() as tx:
        import_people(tx, people_csv())
        import_shifts(tx, shifts_csv(at, zone, weeks))
