"""Whoever dialled may answer another call on the same leg: how is it lent, given back, and ended?"""

from datetime import timedelta

from hotline.calls import store as calls
from hotline.calls.call import Leg
from hotline.calls.live import LiveCall
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.nodes import Position
from hotline.telephony.instructions import GoTo, HangUp

LENT, BACK = "lent", "back"
"""Where a call stands whose leg carries a whisper or an alarm, and where it comes back."""

_LOOK = timedelta(seconds=60)


def lend(own: LiveCall) -> None:
    """Let the leg of somebody's own call carry something else."""
    own.change(position=Position.STAFF, node=LENT, pass_due_at=own.tx.now + _LOOK)


def way_out(board: Switchboard, tx: Transaction, leg: Leg) -> GoTo | HangUp:
    """Return where a leg goes that did not take the call: whoever dialled it themselves is not hung up on."""
    own = calls.call_by_sid(tx, leg.sid) if leg.sid is not None else None
    if own is None or own.position != Position.STAFF:
        return HangUp()
    return GoTo(board.urls.staff(own.id, f"b{leg.id}", BACK))
