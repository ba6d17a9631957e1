"""How does a message about the rota reach one person, without ringing whoever is on the phone for us?"""

from collections.abc import Collection

from hotline.calls import store as calls
from hotline.calls.promise.store import people_awaited
from hotline.calls.switchboard import Switchboard
from hotline.calls.telling.words import target_of
from hotline.database import Transaction
from hotline.drills.actions import is_in_drill
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, Notice
from hotline.people.person import Person


def told_about(tx: Transaction, about: str, person_id: str) -> tuple[Notice, ...]:
    """Return what somebody was sent about something, oldest first."""
    return tuple(one for one in notices.about_call(tx, about) if one.person_id == person_id)


def on_the_phone(tx: Transaction) -> Collection[str]:
    """Return whose phone is in use for us, or is about to ring for somebody who waits."""
    return calls.people_in_legs(tx, "") | notifications.in_use(tx) | people_awaited(tx)


def reach(board: Switchboard, tx: Transaction, person: Person, notice: Notice, body: str) -> bool:
    """Text or ring somebody; False where their phone may not ring now."""
    if notice.channel == Channel.CALL and (person.id in on_the_phone(tx) or is_in_drill(tx, person)):
        return False
    notifications.send(tx, notice, target_of(board, notice, person, body))
    return True
