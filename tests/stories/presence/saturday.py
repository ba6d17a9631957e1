"""Which Saturday do the stories about coming on duty play on, and how is it moved along and looked at?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hotline.database import Database
from hotline.oncall.actions import import_shifts
from hotline.oncall.presence.tables import checks
from hotline.oncall.store import on_duty
from hotline.oncall.tables import confirmations
from hotline.people import store as people
from hotline.people.serving import store as serving
from hotline.people.terms import Terms, ToldBy, contract_of_role
from hotline.simulator.phones import Phone

ROME = ZoneInfo("Europe/Rome")
TEXTS = "+393400000077"
SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=ROME)
Until = Callable[..., None]


def at(hour: int, minute: int = 0, days: int = 0, second: int = 0) -> datetime:
    """Return a wall time of the Saturday of these stories, or of a later day."""
    wall = SATURDAY.replace(hour=hour, minute=minute, second=second)
    return wall + timedelta(days=days)


def from_to(first: int, last: int, days: int = 0) -> tuple[datetime, datetime]:
    """Return a shift that begins some days after that Saturday; it may end on the next day."""
    return at(first, days=days), at(last, days=days + (last <= first))


def also(database: Database, phone: Phone, shift: tuple[datetime, datetime]) -> None:
    """Give a volunteer one more shift."""
    row = ",".join([phone.number, "volunteer", *(moment.isoformat() for moment in shift)])
    with database.transaction() as tx:
        import_shifts(tx, f"phone,role,starts_at,ends_at\n{row}\n")


def wants_calls(database: Database, phone: Phone) -> None:
    with database.transaction() as tx:
        person = people.person_by_phone(tx, phone.number)
        assert person is not None
        serving.keep_terms(tx, [Terms(person.id, contract_of_role(person.role), told_by=ToldBy.CALL)])


def nobody_answers(until: Until, begins: datetime) -> None:
    """Let a shift begin, and pass over the text and the two rings until somebody else is sought."""
    for late in (0, 5 * 60 + 40, 8 * 60 + 20, 10 * 60 + 30):
        until(begins + timedelta(seconds=late))


def confirmed(database: Database) -> int:
    with database.reading() as tx:
        return len(tx.execute(select(confirmations)).all())


def volunteers_on(database: Database) -> set[str]:
    with database.reading() as tx:
        ids = {one.person_id for one in on_duty(tx, tx.now) if one.role == "volunteer"}
        return {person.name.split()[0] for person in people.people_by_ids(tx, ids)}


def unheard(database: Database) -> int:
    with database.reading() as tx:
        return len(tx.execute(select(checks).where(checks.c.heard_at.is_(None))).all())


def trained(database: Database, phone: Phone) -> None:
    """Let somebody be one who may take a shift: trained, and with a phone that was tested."""
    with database.transaction() as tx:
        person = people.person_by_phone(tx, phone.number)
        assert person is not None
        terms = serving.terms_of(tx, [person])[person.id]
        until = tx.now.date() + timedelta(days=365)
        serving.keep_terms(tx, [replace(terms, training_until=until, phone_verified_at=tx.now)])
