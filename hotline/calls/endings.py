"""How does a conversation or a call end, and what remains to be done?"""

from secrets import token_hex

from hotline.calls import store
from hotline.calls.call import ELSEWHERE, Leg, LegResult, LegState, have_met, outcome_of
from hotline.calls.live import LiveCall
from hotline.calls.promise import agreement
from hotline.calls.ring import move_caller, move_leg, ring_for_waiting, ring_whoever_is_due, stop_leg
from hotline.calls.rooms import store as rooms
from hotline.calls.rooms.errands import bring_a_responder
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.flows.room_v1 import INTERPRETER
from hotline.ivr.nodes import Position
from hotline.telephony import acts, replies
from hotline.telephony.acts import Act, ActKind, ActState, Outcome

DIAL_ROOM = "dial-"
"""What stands for the room of two people who talk through the caller's own Dial."""


def open_room(live: LiveCall, leg: Leg) -> str:
    """Begin a new room for the caller and this leg; every episode has its own random name."""
    room = f"r{token_hex(12)}"
    rooms.open_room(live.tx, room, live.call.id, leg.id)
    live.change(room=room)
    return room


def room_over(live: LiveCall, room: str, reported: bool = False) -> None:
    """Close a room, once; `reported` by a leg that was sent out of it, so that another was in it too."""
    if live.call.room != room:
        return
    joined_at = live.call.joined_at if reported else None
    met = have_met(rooms.room_met_at(live.tx, room), joined_at, live.tx.now)
    rooms.close_room(live.tx, room, met)
    live.change(room=None)
    live.note("room_ended", "" if met else "never met")


def leg_over(board: Switchboard, live: LiveCall, leg: Leg, result: LegResult) -> None:
    """Take in that a responder's leg has ended, and ring whoever is due then."""
    if not leg.is_open:
        return
    was_winner = leg.id == live.call.winner and live.call.caller_left_at is None
    live.end_leg(leg, LegResult.ACCEPTED if leg.state == LegState.ROOM else result)
    if was_winner:
        _winner_gone(board, live)
    bring_a_responder(board, live)
    if live.call.ended_at is not None and leg.sid:
        replies.erase_replies(live.tx, [leg.sid])
    ring_whoever_is_due(board, live, at_once=True)


def _winner_gone(board: Switchboard, live: LiveCall) -> None:
    """Hand the call to another person in the room, a responder first; or give the caller back to the hold."""
    call = live.call
    others = [leg for leg in live.legs if leg.is_open and leg.state == LegState.ROOM]
    other = min(others, key=lambda leg: leg.role == INTERPRETER, default=None)
    if other is not None:
        live.change(winner=other.id)
        return
    live.change(winner=None)
    if call.room is not None:
        room_over(live, call.room)
    if call.position == Position.HOLD and call.between_at is None:
        # Accepted, but gone before the caller came: nothing was heard of it, the ringing goes on.
        if not acts.cancel(live.tx, call.id, ActKind.REDIRECT):
            live.note("caller_may_be_moving")
        live.change(ring_check_at=None)
    elif call.position == Position.ROOM and not rooms.met_last(live.tx, call.id):
        # The room may never have started: nobody would tell the caller, who hears silence.
        live.change(position=Position.HOLD, node="between", between_at=live.tx.now)
        move_caller(board, live, "between")


def give_up_winner(board: Switchboard, live: LiveCall) -> None:
    """Let go of a responder who does not come back."""
    leg = live.leg(live.call.winner)
    live.change(winner=None)
    if leg is not None and leg.is_open:
        stop_leg(board, live, leg, "over")


def caller_left(board: Switchboard, live: LiveCall) -> None:
    """Take in that the caller is gone: stop every phone, decide the outcome, owe what is owed."""
    call = live.call
    if call.caller_left_at is not None:
        return
    if call.position == Position.STAFF:
        _left_the_door(live)
        return
    if call.rung_at is None and ELSEWHERE in call.flags:
        rang_elsewhere(live)
    if call.room is not None:
        # Through a Dial people talk from the key on: no room was ever to begin.
        room_over(live, call.room, reported=call.room.startswith(DIAL_ROOM))
    live.change(caller_left_at=live.tx.now, ended_at=live.tx.now, position=Position.OVER, pass_due_at=None)
    live.change(side_room=None)
    live.note("caller_left")
    acts.cancel(live.tx, call.id, ActKind.REDIRECT)
    # Twilio itself asks those who were with the caller; whoever waits for one who never came must be told,
    # and so must those who have a private word.
    asked_anyway = LegState.ROOM if rooms.met_last(live.tx, call.id) else None
    for leg in live.legs:
        if leg.is_open and leg.sid and leg.has_private_word:
            # Both of them: the first to go ends that room, but the other may be only on the way into it.
            move_leg(board, live, leg, "between")
        elif leg.is_open and (leg.dialled or leg.state != asked_anyway):
            stop_leg(board, live, leg, "gone")
    met = rooms.ever_met(live.tx, call.id) or "backstop_answered" in call.flags
    outcome = outcome_of(call, met, agreement.AGREED in call.flags, "all_tried" in call.flags)
    live.change(outcome=outcome)
    live.note("outcome", outcome)
    agreement.settle_contact(board, live, met)
    agreement.owe(board, live, outcome)
    replies.erase_replies(live.tx, [call.sid, *(leg.sid for leg in live.legs if leg.sid)])
    ring_for_waiting(board, live)


def rang_elsewhere(live: LiveCall) -> None:
    """Take in that phones rang only by documents or Dials that are not ours: something may be owed."""
    live.change(rung_at=live.call.came_in_at)
    live.note("rang_elsewhere")


def _left_the_door(live: LiveCall) -> None:
    """Close the call of one of ours who did not ask for help: it has no outcome, and nothing is owed."""
    live.change(caller_left_at=live.tx.now, ended_at=live.tx.now, position=Position.OVER, pass_due_at=None)
    live.note("staff_left")
    replies.erase_replies(live.tx, [live.call.sid])


def settle_caller(board: Switchboard, tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Take in what became of the redirect of a caller: over means that the caller has left.

    After any other failure the ticker asks soon whether they are there: the winner waits for an answer.
    """
    if outcome.state not in (ActState.FAILED, ActState.UNKNOWN):
        return
    call = store.lock_call(tx, act.subject)
    if call is None:
        return
    live = LiveCall(tx, call)
    if outcome.answer == "over":
        caller_left(board, live)
    elif call.position == Position.HOLD and call.pass_due_at is not None:
        live.change(pass_due_at=min(tx.now, call.pass_due_at))
    live.save()


def number_status(board: Switchboard, tx: Transaction, sid: str, over: bool) -> None:
    """Take in the number's status callback: the caller's leg has ended."""
    call = store.lock_call_by_sid(tx, sid) if over else None
    if call is None:
        return
    live = LiveCall(tx, call)
    caller_left(board, live)
    live.save()
