"""What if a redirect of the caller comes late, twice, or crosses a pass? Nobody is torn apart."""

from hotline.calls.call import Call
from hotline.calls.dial_leg import dial_over
from hotline.calls.endings import DIAL_ROOM, open_room, room_over
from hotline.calls.live import LiveCall
from hotline.calls.rooms import store as rooms
from hotline.ivr.nodes import Position

ARRIVES_WITHIN = 6.0
"""Seconds after the provider took in a redirect within which the leg must have asked for its new document."""


def is_stale(call: Call, turn: str) -> bool:
    """Tell whether an old turn reports: the caller has since been brought into a room.

    Twilio asks a Dial's action also when a redirect has taken the leg away, and ignores the answer; or a pass
    was on its way. Were the caller brought anywhere by it, their own report from the room would count as old.
    """
    return turn.isdigit() and call.position == Position.ROOM and int(turn) < call.turn


def pulled_out(live: LiveCall) -> None:
    """Take in that a redirect has come when the caller was in a room already: it took them out of it.

    Who never met anybody there goes back into the same room: the responder waits in it. Else it is over, and
    both go straight on into the next one.
    """
    room = live.call.room
    if live.call.position != Position.ROOM or room is None:
        return
    if room.startswith(DIAL_ROOM):
        dial_over(live, str(live.call.winner), "completed", bridged=True)
    elif rooms.room_met_at(live.tx, room) is not None:
        live.note("redirect_late")
        left_the_room(live, room)
        winner = live.leg(live.call.winner)
        if winner is not None and winner.is_open:
            open_room(live, winner)


def left_the_room(live: LiveCall, room: str, by_hanging_up: bool = False) -> None:
    """Close a room that the caller has left; back between rooms, unless the next one is already open.

    Whoever is sent out of it was with somebody; whoever hangs up may have waited there alone.
    """
    if live.call.room not in (None, room):
        return
    room_over(live, room, reported=not by_hanging_up)
    if live.call.position == Position.ROOM:
        live.change(position=Position.HOLD, node="between", between_at=live.tx.now)


def back_from_the_room(live: LiveCall) -> None:
    """Take in that the caller asks what comes next though their room is over: so they are in none."""
    if live.call.position == Position.ROOM and live.call.room is None:
        live.change(position=Position.HOLD, node="between", between_at=live.tx.now)
