"""How does a phone come to ring for a call, and stop? Rows and acts from the pure decision."""

from collections.abc import Sequence
from datetime import timedelta
from secrets import token_hex

from hotline.calls import store
from hotline.calls.call import Leg, LegResult, LegState
from hotline.calls.handover.call_first import end_for_a_caller, handing_over
from hotline.calls.live import LiveCall
from hotline.calls.planned import store as planned
from hotline.calls.promise.redial import prefer
from hotline.calls.ringing import LOOK_AGAIN, Ring, Rings, is_rung_back, whom_to_ring
from hotline.calls.switchboard import Switchboard
from hotline.calls.urgency import is_urgent, planned_as
from hotline.database import Transaction
from hotline.drills import actions as drills
from hotline.ivr.flows.room_v1 import BACK, INTERPRETER
from hotline.ivr.nodes import Position
from hotline.notifications import actions as notifications
from hotline.oncall import store as oncall
from hotline.oncall.actions import plan_call
from hotline.oncall.tiers import Circumstances, RingPlan
from hotline.telephony import acts, rest_health
from hotline.telephony.acts import Act, ActKind, ActState, Outcome, Priority

RING, LEG, CALLER = "ring", "leg", "caller"
"""Purposes of our acts: to whom their outcome is told."""

REST_AFTER_HEAVY = timedelta(minutes=30)


def ring_whoever_is_due(board: Switchboard, live: LiveCall, at_once: bool = False) -> Rings | None:
    """Ring the phones that are due for a waiting call; None when it is not yet time to look."""
    call, now = live.call, live.tx.now
    too_early = not at_once and call.ring_check_at is not None and now < call.ring_check_at
    if too_early or not call.is_waiting or call.rung_at is None:
        return None
    rung_at = call.rung_at
    if now < rung_at and not is_rung_back(live.legs):
        # Whoever was to come back does not: the others need not wait for the rest of that time.
        rung_at = now
        live.change(rung_at=rung_at)
    plan = plan_now(board, live)
    busy = store.people_in_legs(live.tx, call.id) | notifications.talking(live.tx)
    rings = whom_to_ring(plan, live.legs, rung_at, now, busy)
    due, look_at = rings.now, rings.look_at
    if rest_health.is_down(live.tx):
        # The caller's own Dial rings people; REST rings one now and then, to see whether it works.
        due = due[-1:] if due and rest_health.may_probe(live.tx) else ()
        look_at = now + LOOK_AGAIN
    ring_people(board, live, due)
    if busy and (handing := handing_over(live.tx) & busy):
        wanted = whom_to_ring(plan, live.legs, rung_at, now, busy - handing).now
        end_for_a_caller(board, live.tx, handing & {ring.person.id for ring in wanted})
    live.change(ring_check_at=look_at)
    _note_facts(live, plan, rings)
    return rings


def _note_facts(live: LiveCall, plan: RingPlan, rings: Rings) -> None:
    """Keep what the caller is told and the next responder hears in the whisper."""
    tried = {leg.person_id for leg in live.legs if not leg.is_open}
    of_role = {tier.role: tier.people for tier in plan.tiers}
    facts = {
        "all_busy": rings.all_busy,
        "all_tried": "all_tried" in live.call.flags or rings.everybody_tried,
        "volunteers_tried": all(person.id in tried for person in of_role.get("volunteer", ())),
        "no_social_worker": "social_worker" in of_role and not of_role["social_worker"],
    }
    kept = live.call.flags - facts.keys() | {fact for fact, holds in facts.items() if holds}
    if "all_tried" in kept - live.call.flags:
        live.note("everybody_tried")
    if kept != live.call.flags:
        live.change(flags=kept)


def plan_now(board: Switchboard, live: LiveCall, full: bool = False) -> RingPlan:
    """Return who rings for this call now: those on duty, and those whom it must not forget.

    `full`: every tier, whatever the category lets sleep.
    """
    tx, call = live.tx, live.call
    on_duty = oncall.on_duty(tx, tx.now)
    planned.remember(tx, call.id, on_duty)
    frozen = planned.remembered_by(tx, call.id)
    circumstances = Circumstances(
        language=call.language,
        caller_number=call.caller,
        last_rung={person_id: moment for (person_id, _), moment in frozen.items() if moment is not None},
        allowed_countries=board.countries,
        own_numbers=board.own_numbers,
        resting=store.resting_since(tx, tx.now - REST_AFTER_HEAVY),
    )
    category = None if full else planned_as(board.profile, tx, call)
    plan = plan_call(tx, board.profile, category, tx.now, circumstances, frozen, on_duty)
    if not plan.people and category is not None:
        # A category may let people sleep, but never leave the caller with nobody.
        plan = plan_call(tx, board.profile, None, tx.now, circumstances, frozen, on_duty)
    return prefer(plan, call)


def ring_people(
    board: Switchboard, live: LiveCall, rings: Sequence[Ring], errand: str | None = None
) -> tuple[Leg, ...]:
    """Ring these people's phones; return the legs, without people whose phone is already in use."""
    ring_of = {ring.person.id: ring for ring in rings}
    drills.make_way(live.tx, ring_of)
    added = live.add_legs(_new_leg(live, ring, errand) for ring in rings)
    notifications.make_way(live.tx, {leg.person_id for leg in added})
    for leg in added:
        live.note("ring", leg.role, leg.person_id)
    urgent = is_urgent(board.profile, live.tx, live.call)
    acts.intend(live.tx, *(_ring_act(board, leg, ring_of[leg.person_id], urgent) for leg in added))
    return added


def _ring_act(board: Switchboard, leg: Leg, ring: Ring, urgent: bool) -> Act:
    target = {
        "number": ring.person.phone,
        "answer_url": board.urls.responder(leg.id, 0, "whisper"),
        "status_url": board.urls.leg_status(leg.id),
        "seconds": board.ring_seconds,
    }
    usual = Priority.RING_URGENT if urgent else Priority.RING
    priority = Priority.RING_FIRST if ring.first else usual
    return Act(ActKind.RING, RING, leg.id, leg.call_id, priority, target, duty=True)


def _new_leg(live: LiveCall, ring: Ring, errand: str | None) -> Leg:
    return Leg(
        id=store.new_id(live.tx),
        call_id=live.call.id,
        person_id=ring.person.id,
        role=ring.role,
        sid=None,
        state=LegState.INTENDED,
        node="",
        turn=0,
        result=None,
        created_at=live.tx.now,
        errand=errand,
    )


def end_other_legs(board: Switchboard, live: LiveCall, winner: Leg | None, node: str) -> None:
    """Stop every other phone: ringing ones are ended, answered ones are told why at `node`."""
    others = [leg for leg in live.legs if leg.is_open and not _stays(leg, winner)]
    needed = [_stop(board, live, leg, node) for leg in others]
    acts.intend(live.tx, *(act for act in needed if act is not None))


def _stays(leg: Leg, winner: Leg | None) -> bool:
    """Whoever accepts stays, and an interpreter does not stand for the responder who is being rung back."""
    return winner is not None and (
        leg.id == winner.id or (winner.role == INTERPRETER and leg.errand == BACK and leg.result is None)
    )


def stop_leg(board: Switchboard, live: LiveCall, leg: Leg, node: str) -> None:
    """Stop one phone, in whatever phase it is."""
    if (act := _stop(board, live, leg, node)) is not None:
        acts.intend(live.tx, act)


def _stop(board: Switchboard, live: LiveCall, leg: Leg, node: str) -> Act | None:
    """Mark a leg as unwanted; return the act that its phone needs, if any."""
    if leg.dialled:
        _stop_dialled(live, leg, node)
    elif leg.state == LegState.INTENDED and acts.cancel(live.tx, leg.id, ActKind.RING):
        live.end_leg(leg, LegResult.CANCELED)
    elif leg.sid is None:
        # The ring is on its way: its settling sees the mark and ends the leg.
        live.change_leg(leg, node=node, result=leg.result or LegResult.CANCELED)
    elif leg.state in (LegState.WHISPER, LegState.ROOM):
        return _move(board, live, leg, node)
    else:
        live.change_leg(leg, result=LegResult.CANCELED)
        return _end(live.call.id, leg.id, leg.sid)
    return None


def _stop_dialled(live: LiveCall, leg: Leg, node: str) -> None:
    """Leave the end of a dialled leg to the caller's Dial, on which it hangs."""
    if live.call.caller_left_at is not None:
        live.end_leg(leg, LegResult.CANCELED)
    else:
        live.change_leg(leg, node=node, result=leg.result or LegResult.CANCELED)


def drop_leg(live: LiveCall, leg: Leg) -> None:
    """End a leg whose person has come another way: voicemail has it, or it still rings."""
    if not acts.cancel(live.tx, leg.id, ActKind.RING) and leg.sid is not None:
        acts.intend(live.tx, _end(live.call.id, leg.id, leg.sid))
    live.end_leg(leg, LegResult.NO_KEY if leg.answered_at is not None else LegResult.CANCELED)


def move_leg(board: Switchboard, live: LiveCall, leg: Leg, node: str) -> None:
    """Take an answered leg to another node by redirect."""
    acts.intend(live.tx, _move(board, live, leg, node))


def _move(board: Switchboard, live: LiveCall, leg: Leg, node: str) -> Act:
    live.change_leg(leg, node=node)
    url = board.urls.responder(leg.id, f"m{token_hex(4)}", node)
    target = {"sid": leg.sid, "url": url}
    return Act(ActKind.REDIRECT, LEG, leg.id, live.call.id, Priority.END, target)


def move_caller(board: Switchboard, live: LiveCall, at: str) -> None:
    """Take the caller's leg to its next place at once, without waiting for its pass."""
    url = board.urls.caller(live.call, f"m{token_hex(4)}", at)
    target = {"sid": live.call.sid, "url": url}
    lane = f"caller:{live.call.id}"
    acts.intend(live.tx, Act(ActKind.REDIRECT, CALLER, live.call.id, lane, Priority.REDIRECT, target))


def _end(call_id: str, leg_id: str, sid: str) -> Act:
    return Act(ActKind.HANG_UP, LEG, leg_id, call_id, Priority.END, {"sid": sid})


def ring_for_waiting(board: Switchboard, live: LiveCall) -> None:
    """Ring for the other waiting calls, urgent ones first: a phone may have become free."""
    # What this call has freed must be seen by the others.
    live.save()
    ring_for_waiting_calls(board, live.tx, live.call.id)


def ring_for_waiting_calls(board: Switchboard, tx: Transaction, except_id: str = "") -> None:
    """Look at once for every waiting call whose phone must ring, urgent ones first."""

    waiting = store.waiting_calls(tx, except_id)
    for call in sorted(waiting, key=lambda call: not is_urgent(board.profile, tx, call)):
        other = LiveCall(tx, call)
        ring_whoever_is_due(board, other, at_once=True)
        other.save()


def is_wanted(tx: Transaction, act: Act) -> bool:
    """Tell whether a ring whose outcome is not known is worth another try: somebody still waits for it."""
    leg = store.leg(tx, act.subject)
    return leg is not None and leg.is_open and leg.result is None


def settle_ring(board: Switchboard, tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Store that a phone is being rung, or that it could not be and others must."""
    call = store.lock_call_of_leg(tx, act.subject)
    if call is None:
        return
    live = LiveCall(tx, call)
    leg = live.leg(act.subject)
    if leg is None or not leg.is_open:
        if outcome.state == ActState.DONE and (leg is None or leg.sid is None):
            acts.intend(tx, _end(call.id, act.subject, outcome.answer))
        return
    if outcome.state == ActState.DONE:
        leg = live.change_leg(leg, sid=outcome.answer) if leg.sid is None else leg
        if leg.state == LegState.INTENDED:
            leg = live.change_leg(leg, state=LegState.RINGING)
        wanted = call.caller_left_at is None if leg.errand else call.is_waiting
        unwanted = leg.result is None and leg.state != LegState.ROOM and not wanted
        if unwanted or leg.result == LegResult.CANCELED:
            stop_leg(board, live, leg, leg.node or "lost")
    else:
        live.note("ring_failed", outcome.error, leg.person_id)
        live.end_leg(leg, LegResult.FAILED)
        if leg.errand is not None and live.call.position == Position.ROOM:
            # Perhaps a responder was sought for somebody alone with an interpreter: the ticker looks, soon.
            live.change(pass_due_at=live.tx.now)
        ring_whoever_is_due(board, live, at_once=True)
    live.save()


def settle_leg(board: Switchboard, tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Close the row of a leg that was ended while queued: no callback will ever come for it."""
    if (
        act.kind != ActKind.HANG_UP
        or outcome.state != ActState.DONE
        or outcome.answer not in ("canceled", "completed")
    ):
        return
    call = store.lock_call_of_leg(tx, act.subject)
    if call is None:
        return
    live = LiveCall(tx, call)
    leg = live.leg(act.subject)
    if leg is not None and leg.is_open:
        live.end_leg(leg, LegResult.CANCELED)
    ring_whoever_is_due(board, live, at_once=True)
    ring_for_waiting(board, live)
    live.save()
