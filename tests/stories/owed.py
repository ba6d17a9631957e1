"""What does the service owe to the caller who called last, and what may it do for it?"""

from hotline.callers import store as contacts
from hotline.callers.contact import Contact
from hotline.calls import store
from hotline.database import Database
from hotline.followups import store as owed
from hotline.followups.followup import CallBack, FollowUp
from hotline.people import store as people
from hotline.telephony import refusals


def follow_up(database: Database) -> FollowUp:
    """Return what is owed for the call that came in last."""
    with database.reading() as tx:
        found = owed.of_call(tx, store.recent_calls(tx, 1)[0].id)
    assert found is not None
    return found


def contact(database: Database) -> Contact:
    """Return what the last caller has said about being contacted."""
    with database.reading() as tx:
        found = contacts.contact_of(tx, store.recent_calls(tx, 1)[0].id)
    assert found is not None
    return found


def owner(database: Database) -> str | None:
    """Return the first name of whoever owns the last follow-up."""
    owner_id = follow_up(database).owner_id
    with database.reading() as tx:
        found = people.people_by_ids(tx, {owner_id} if owner_id else set())
    return found[0].name.split()[0] if found else None


def attempts(database: Database) -> list[CallBack]:
    """Return every attempt to call the last caller back."""
    with database.reading() as tx:
        return list(owed.attempts_for(tx, {follow_up(database).id}))


def is_refused(database: Database, number: str) -> bool:
    """Tell whether nothing may ring or text a number."""
    with database.reading() as tx:
        return refusals.is_refused(tx, number)
