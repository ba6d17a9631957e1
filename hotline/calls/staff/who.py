"""Is whoever dialled one of ours, and may they open the staff door now?"""

from hotline.calls.call import Call
from hotline.calls.promise.agreement import is_careful
from hotline.calls.promise.redial import STAFF_FLAG
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.nodes import Position
from hotline.people import store as people
from hotline.people.person import Person
from hotline.profile import ROLES

STAR = "*"
STAFF = STAFF_FLAG
"""Flag of a call in which somebody of ours was at the staff door, or returned a missed call."""


def person_calling(tx: Transaction, number: str | None) -> Person | None:
    """Return whose own number this is; the number alone proves nothing, and may be forged."""
    found = people.person_by_phone(tx, number) if number else None
    return found if found is not None and found.active and found.role in ROLES else None


def may_open(board: Switchboard, call: Call) -> bool:
    """Tell whether `*` opens the door now: not once they have said what they need, nor in a conversation."""
    outside = call.position in (Position.GREETING, Position.HOLD) and call.node != "lost"
    alone = call.winner is None and call.between_at is None and call.caller_left_at is None
    return outside and alone and call.category is None and not is_careful(board.profile, call)
