"""How is a shift put on, offered and taken in these tests, and under which rules?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.contract_rules import shipped_rules
from hotline.database import Database
from hotline.oncall.actions import import_shifts
from hotline.oncall.rota.ground import Ground
from hotline.oncall.shifts import Shift
from hotline.oncall.swaps import actions
from hotline.oncall.swaps.taking import TakeOutcome, Wanted
from hotline.people.person import Person
from hotline.people.store import everybody
from hotline.profile import load_profile

ROME = ZoneInfo("Europe/Rome")
IGLESIAS = load_profile()
_SHIPPED = shipped_rules()
_OFF = {f"R{number}": "off" for number in range(2, 21)}
FREE = replace(
    IGLESIAS,
    rules=replace(
        _SHIPPED,
        contracts={name: replace(one, levels=_OFF) for name, one in _SHIPPED.contracts.items()},
    ),
)
"""Iglesias without the rules of single people: what is left is what cannot be."""

GROUND = Ground(FREE)
HOUR = timedelta(hours=1)
NAMES = ("Anna", "Bruno", "Dora", "Elio", "Fabio")
PEOPLE = "name,phone,role,languages\n" + "".join(
    f"{name},+39 340 000000{number},volunteer,it\n" for number, name in enumerate(NAMES, 1)
)
START = datetime(2026, 3, 1, 19, tzinfo=UTC)


def put_on(database: Database, *shifts: Shift) -> None:
    with database.transaction() as tx:
        phones = {person.id: person.phone for person in everybody(tx)}
        rows = [
            f"{phones[one.person_id]},{one.role},{one.starts_at.isoformat()},{one.ends_at.isoformat()}"
            for one in shifts
        ]
        import_shifts(tx, "\n".join(["phone,role,starts_at,ends_at", *rows, ""]))


def offered(database: Database, wanted: Wanted) -> int:
    with database.transaction() as tx:
        offering = actions.offer(tx, wanted)
    assert offering.offer is not None
    return offering.offer.number


def taken(database: Database, number: int, person: Person, ground: Ground = GROUND) -> TakeOutcome:
    with database.transaction() as tx:
        return actions.take(tx, ground, number, person).outcome


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)
