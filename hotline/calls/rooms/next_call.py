"""Would the phone of somebody whose call has just ended ring for another waiting call, were it free?"""

from hotline.calls import store
from hotline.calls.live import LiveCall
from hotline.calls.ring import plan_now
from hotline.calls.ringing import whom_to_ring
from hotline.calls.switchboard import Switchboard
from hotline.notifications import actions as notifications


def is_rung_next(board: Switchboard, live: LiveCall, person_id: str) -> bool:
    """Tell whether this person is rung for another caller as soon as they hang up."""
    others = (LiveCall(live.tx, call) for call in store.waiting_calls(live.tx, live.call.id))
    return any(_would_ring(board, other, person_id) for other in others)


def _would_ring(board: Switchboard, other: LiveCall, person_id: str) -> bool:
    call, tx = other.call, other.tx
    if not call.is_waiting or call.rung_at is None:
        return False
    busy = store.people_in_legs(tx, call.id) | notifications.talking(tx)
    rings = whom_to_ring(plan_now(board, other), other.legs, call.rung_at, tx.now, busy - {person_id})
    return any(ring.person.id == person_id for ring in rings.now)
