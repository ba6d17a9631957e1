"""How is a person rung by the caller's own Dial while REST is down, one at a time, and what came of it?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hotline.calls import store
from hotline.calls.call import RESULT_OF_STATUS, Leg, LegResult, LegState
from hotline.calls.endings import DIAL_ROOM
from hotline.calls.live import LiveCall
from hotline.calls.ring import plan_now
from hotline.calls.rooms import store as rooms
from hotline.calls.switchboard import Switchboard
from hotline.ivr.engine import Step
from hotline.ivr.nodes import Flow, Position, Say, StartRinging
from hotline.notifications import actions as notifications
from hotline.people.person import Person
from hotline.telephony import acts, rest_health
from hotline.telephony.acts import ActKind
from hotline.telephony.instructions import RingOne

DIAL_SECONDS = 18
"""Shorter than most voicemail boxes wait: one that answers would cost the whole whisper (contract §7 A)."""
_LONGEST_WHISPER = timedelta(seconds=60)


def without_rest(board: Switchboard, live: LiveCall, step: Step, back: bool) -> RingOne | None:
    """While REST is down, ring by the caller's Dial wherever only a tone would be heard, or nothing yet.

    `back`: the caller has just come back from such a Dial, and first hears a sentence, and may press a key.
    """
    begins = any(isinstance(effect, StartRinging) for effect in step.does)
    if back or not (step.tone or begins) or not live.call.is_waiting:
        return None
    return dial_next(board, live) if rest_health.is_down(live.tx) else None


def something_said(flow: Flow, step: Step) -> Step:
    """Let the caller hear a sentence between two people, never only a tone."""
    if not step.tone or step.node.name not in flow.scripts:
        return step
    return replace(step, says=(Say(flow.scripts[step.node.name].then),), tone="")


def dial_next(board: Switchboard, live: LiveCall) -> RingOne | None:
    """Ring the next person of the plan by the caller's own Dial; None when nobody can be rung now."""
    plan = plan_now(board, live)
    busy = store.people_in_legs(live.tx, live.call.id) | notifications.talking(live.tx)
    free = [(person, tier.role) for tier in plan.tiers for person in tier.people if person.id not in busy]
    chosen = _least_dialled(free, live.legs)
    if chosen is None:
        return None
    person, role = chosen
    for stuck in [leg for leg in live.legs if leg.is_open and leg.person_id == person.id]:
        # REST never said what became of this ring: should it come to life, it is hung up.
        acts.cancel(live.tx, stuck.id, ActKind.RING)
        live.end_leg(stuck, LegResult.UNKNOWN)
    leg = Leg(
        id=store.new_id(live.tx),
        call_id=live.call.id,
        person_id=person.id,
        role=role,
        sid=None,
        state=LegState.RINGING,
        node="",
        turn=0,
        result=None,
        created_at=live.tx.now,
        dialled=True,
    )
    if not live.add_legs([leg]):
        return None
    live.note("dial", role, person.id)
    seconds = min(DIAL_SECONDS, board.ring_seconds)
    live.change(pass_due_at=live.tx.now + timedelta(seconds=seconds) + _LONGEST_WHISPER)
    return RingOne(
        number=person.phone,
        caller_id=board.line_number,
        whisper=board.urls.responder(leg.id, 0, "whisper"),
        seconds=seconds,
        then=board.urls.dialled(live.call, live.next_turn(), leg.id),
    )


def _least_dialled(free: Sequence[tuple[Person, str]], legs: Sequence[Leg]) -> tuple[Person, str] | None:
    """Choose the first in the plan's order among those dialled least often; never a phone that rings."""
    ringing = {leg.person_id for leg in legs if leg.is_open and (leg.sid is not None or leg.dialled)}
    able = [(person, role) for person, role in free if person.id not in ringing]
    times = {person.id: sum(leg.dialled and leg.person_id == person.id for leg in legs) for person, _ in able}
    return min(able, key=lambda each: times[each[0].id], default=None)


def connected(live: LiveCall, leg: Leg) -> None:
    """Note that the person whom the caller's Dial reached takes the call: the whisper ends, they talk."""
    room = DIAL_ROOM + leg.id
    rooms.open_room(live.tx, room, live.call.id, leg.id)
    live.change(room=room, position=Position.ROOM, joined_at=live.tx.now, between_at=None)
    live.note("joined")


def dial_over(live: LiveCall, leg_id: str, status: str, bridged: bool) -> None:
    """Take in what became of the Dial: only `bridged` proves that two people talked."""
    leg = live.leg(leg_id)
    if leg is None or not leg.is_open or not leg.dialled:
        return
    claimed = live.call.winner == leg.id
    met = live.call.joined_at if bridged and claimed else None
    if claimed and live.call.room is not None:
        rooms.close_room(live.tx, live.call.room, met)
        live.note("room_ended", "" if met else "never met")
    result = RESULT_OF_STATUS.get(status, LegResult.NO_KEY)
    if claimed and not bridged:
        live.change_leg(leg, result=LegResult.FAILED)
    live.end_leg(live.leg(leg_id) or leg, LegResult.ACCEPTED if claimed and bridged else result)
    if not claimed:
        return
    live.change(winner=None, room=None, position=Position.HOLD)
    if bridged:
        live.change(node="between", between_at=live.tx.now)
    else:
        live.change(ring_check_at=None)
