"""Who is rung while a conversation goes on, or just after it broke off, and what for?"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from hotline.calls import store
from hotline.calls.call import Leg, LegResult, LegState
from hotline.calls.live import LiveCall
from hotline.calls.ring import plan_now, ring_people, stop_leg
from hotline.calls.ringing import Ring, due_at
from hotline.calls.switchboard import Switchboard
from hotline.ivr.flows.room_v1 import BACK, EMERGENCY, HAND_OVER, INTERPRETER
from hotline.notifications import actions as notifications
from hotline.oncall.tiers import Circumstances, lasting_obstacle
from hotline.people import actions as people_actions
from hotline.people import store as people
from hotline.people.person import Person
from hotline.phone_number import is_dialable
from hotline.telephony import rest_health

FIRST_NODE = {EMERGENCY: "called_in_emergency", BACK: "ring_back"}
"""Where a leg with an errand begins; every other errand begins at `called_in`."""

BACK_FIRST = timedelta(seconds=15)
"""So long the responder whose line was lost rings alone, before the plan resumes."""

_EXPERTS = ("social_worker", "coordinator")

_TO_RESPOND = (BACK, HAND_OVER)
"""Errands that bring a responder to a caller who is alone with an interpreter."""

_EVERYBODY_AT_ONCE = (EMERGENCY, HAND_OVER, INTERPRETER)
"""For any other errand the coordinators are rung only where no social worker is free."""


def first_node(errand: str) -> str:
    """Return where a leg with this errand begins."""
    return FIRST_NODE.get(errand, "called_in")


def call_in(board: Switchboard, live: LiveCall, errand: str) -> bool:
    """Ring whoever can do an errand for a conversation that goes on; False when there is nobody free."""
    return _ring_the_free(board, live, errand, _whom(board, live, errand))


def _ring_the_free(board: Switchboard, live: LiveCall, errand: str, whom: Sequence[Ring]) -> bool:
    if rest_health.is_down(live.tx):
        return False
    taken = {leg.person_id for leg in live.legs if leg.is_open}
    taken |= store.people_in_legs(live.tx, live.call.id) | notifications.talking(live.tx)
    free = [ring for ring in whom if ring.person.id not in taken]
    if errand not in _EVERYBODY_AT_ONCE:
        free = [ring for ring in free if ring.role == free[0].role]
    live.note("called_in", errand)
    ring_people(board, live, free, errand)
    return bool(free)


def _whom(board: Switchboard, live: LiveCall, errand: str) -> list[Ring]:
    """Return who could do an errand, the role to ask first at the beginning."""
    if errand == INTERPRETER:
        return [Ring(person, "interpreter") for person in _interpreters(board, live)]
    everybody = [
        Ring(person, tier.role) for tier in plan_now(board, live, full=True).tiers for person in tier.people
    ]
    if errand == HAND_OVER:
        return everybody
    return [ring for role in _EXPERTS for ring in everybody if ring.role == role]


def _interpreters(board: Switchboard, live: LiveCall) -> list[Person]:
    speaking = [
        people_actions.know_interpreter(live.tx, one.name, one.number, one.languages)
        for one in board.profile.interpreters
        if live.call.language in one.languages and is_dialable(one.number, board.countries)
    ]
    return [person for person in speaking if _may_ring(board, live, person)]


def ring_back(board: Switchboard, live: LiveCall) -> None:
    """Ring once the responder whose line was lost, alone at first; if they cannot be rung, nobody waits."""
    if _ring_the_lost(board, live):
        live.change(rung_at=live.tx.now + BACK_FIRST)


def bring_a_responder(board: Switchboard, live: LiveCall) -> None:
    """Ring for a caller alone with an interpreter: first whoever was lost, then everybody, twice at most."""
    if not is_without_responder(live) or any(_is_coming_back(leg) for leg in live.legs):
        return
    if not _ring_the_lost(board, live) and (due := _who_else(board, live)):
        _ring_the_free(board, live, HAND_OVER, due)


def _who_else(board: Switchboard, live: LiveCall) -> list[Ring]:
    """Return who is rung now in place of the responder who was lost.

    Once each, where that one has said that they had finished: the other two may only be saying goodbye.
    """
    lost = _who_left_last(live)
    since = (lost.ended_at or lost.created_at) if lost is not None else live.call.came_in_at
    sought = [leg for leg in live.legs if leg.errand in _TO_RESPOND and leg.created_at >= since]
    finished = any(leg.errand == BACK and leg.result == LegResult.DECLINED for leg in sought)
    tries = Counter(leg.person_id for leg in sought if leg.result != LegResult.CANCELED)
    most = 1 if finished else 2
    rings = [ring for ring in _whom(board, live, HAND_OVER) if tries[ring.person.id] < most]
    return [ring for ring in rings if _may_be_asked(live, ring.person)]


def is_without_responder(live: LiveCall) -> bool:
    """Tell whether nobody but an interpreter is with the caller: whoever is needed most is missing."""
    winner = live.leg(live.call.winner)
    if winner is None or winner.role != INTERPRETER or live.call.caller_left_at or live.call.is_closed:
        return False
    return all(leg.role == INTERPRETER for leg in live.legs if leg.is_open and leg.state == LegState.ROOM)


def _is_coming_back(leg: Leg) -> bool:
    return leg.is_open and leg.errand == BACK and leg.state != LegState.ROOM


def _may_be_asked(live: LiveCall, person: Person) -> bool:
    tries = [leg for leg in live.legs if leg.person_id == person.id and leg.result != LegResult.CANCELED]
    due = due_at(sorted(tries, key=lambda leg: leg.created_at), live.tx.now)
    return due is not None and due <= live.tx.now


def _ring_the_lost(board: Switchboard, live: LiveCall) -> bool:
    """Ring the responder who was lost, once; False when that has been done, or they cannot be rung."""
    if (last := _who_left_last(live)) is None or rest_health.is_down(live.tx):
        return False
    if any(leg.errand == BACK and leg.created_at >= (last.ended_at or leg.created_at) for leg in live.legs):
        return False
    person = next(iter(people.people_by_ids(live.tx, {last.person_id})), None)
    if person is None or person.id in notifications.talking(live.tx) or not _may_ring(board, live, person):
        return False
    return bool(ring_people(board, live, [Ring(person, last.role)], BACK))


def _who_left_last(live: LiveCall) -> Leg | None:
    """Return the leg of the responder who talked with the caller last; None while one is still there."""
    talked = [leg for leg in live.legs if leg.result == LegResult.ACCEPTED and leg.role != INTERPRETER]
    if any(leg.is_open for leg in talked):
        return None
    return max(talked, key=lambda leg: leg.ended_at or leg.created_at, default=None)


def _may_ring(board: Switchboard, live: LiveCall, person: Person) -> bool:
    around = Circumstances(
        caller_number=live.call.caller, allowed_countries=board.countries, own_numbers=board.own_numbers
    )
    return lasting_obstacle(person, around) is None


def stop_errand(board: Switchboard, live: LiveCall, done_by: Leg, takes_over: bool = False) -> None:
    """Stop the other phones rung for this errand; those that sought a responder too, if one `takes_over`."""
    done = {done_by.errand, *(_TO_RESPOND if takes_over else ())} - {None}
    for leg in live.legs:
        if leg.is_open and leg.errand in done and leg.id != done_by.id and leg.state != LegState.ROOM:
            stop_leg(board, live, leg, "lost")
