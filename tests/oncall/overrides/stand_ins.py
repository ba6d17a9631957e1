"""How does somebody stand in for somebody in these tests, who is on then, and can others write meanwhile?"""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread
from zoneinfo import ZoneInfo

from sqlalchemy import update

from hotline.database import Database
from hotline.oncall import store as duty
from hotline.oncall.overrides import actions
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.rota.ground import Ground
from hotline.people.person import Person
from hotline.people.store import everybody
from hotline.people.tables import people as people_table
from hotline.profile import load_profile

ROME = ZoneInfo("Europe/Rome")
GROUND = Ground(load_profile(None), weeks=3)
PEOPLE = """name,phone,role,languages,training_until
Anna,3400000001,volunteer,it,2030-01-01
Bruno,3400000002,volunteer,it,2030-01-01
Dora,3400000005,volunteer,it,2030-01-01
Lucia,3400000003,social_worker,it,
Marta,3400000006,social_worker,it,
Carla,3400000004,coordinator,it,
"""
SHIFTS = """phone,role,starts_at,ends_at
3400000001,volunteer,2026-11-22T20:00+01:00,2026-11-23T08:00+01:00
3400000002,volunteer,2026-11-23T08:00+01:00,2026-11-23T20:00+01:00
3400000003,social_worker,2026-11-20T00:00+01:00,2026-11-27T00:00+01:00
3400000004,coordinator,2026-11-20T00:00+01:00,2026-11-27T00:00+01:00
"""
Who = Callable[[str], Person]


def at(text: str) -> datetime:
    """Return a moment of that November in UTC, as `22 23:00`."""
    day, _, time = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{time}:00+01:00").astimezone(UTC)


def instead(
    off: Person | None, on: Person | None, first: str, last: str, reason: str = "agreed", group: str = "g"
) -> Override:
    role = (off or on).role  # type: ignore[union-attr]
    ids = (off.id if off else None, on.id if on else None)
    return Override(role, *ids, at(first), at(last), Cause.REPLACE, "Carla", reason, group)


def decided(database: Database, who: Who, *wanted: Override) -> list[str]:
    with database.transaction() as tx:
        considered = actions.consider(tx, GROUND, who("Carla"), wanted)
        actions.decide(tx, considered)
    return list(considered.lines)


def on(database: Database, moment: str, role: str = "volunteer") -> set[str]:
    with database.reading() as tx:
        names = {person.id: person.name for person in everybody(tx)}
        return {names[one.person_id] for one in duty.on_duty(tx, at(moment)) if one.role == role}


def written_meanwhile(database: Database) -> bool:
    """Tell whether somebody else can write at this moment."""

    def write() -> None:
        with database.transaction() as tx:
            tx.execute(update(people_table).values(active=True))

    writer = Thread(target=write, daemon=True)
    writer.start()
    writer.join(2)
    return not writer.is_alive()
