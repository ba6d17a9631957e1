"""Does somebody ring again? Then they are connected without the menu, first with whoever knows of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hotline.calls.call import Call
from hotline.calls.live import LiveCall
from hotline.calls.promise import store
from hotline.calls.promise.agreement import REDIAL_CAREFUL, is_careful
from hotline.calls.switchboard import Switchboard
from hotline.followups import store as owed
from hotline.oncall.tiers import RingPlan, TierPlan

WITHIN = timedelta(minutes=15)
REDIAL, FOLLOW_UP_OPEN = "redial", "follow_up_open"
"""Flags of a call."""

STAFF_FLAG = "staff"
"""Flag of a call of ours at the staff door: no phone rang for it, and nobody asked for help."""

NO_PREFERENCE = frozenset({"offensive", "prank"})
MOST_WITH_PREFERENCE = 2
"""From the third time that somebody rings again, nobody in particular is rung first."""

_LONGEST_CHAIN = timedelta(hours=2)
_ROOM_FOR_IDS = 4


def recognise(board: Switchboard, live: LiveCall) -> bool:
    """Note what is known of a number that has just called; tell whether it called a short while ago.

    It may be another person now: nothing spoken depends on it but the missing menu, and a quiet hold
    where the earlier caller had one.
    """
    call, tx = live.call, live.tx
    if call.caller is None:
        return False
    still_owed = owed.open_for_number(tx, call.caller)
    if still_owed:
        live.flag(FOLLOW_UP_OPEN)
    prefers = [one.owner_id for one in still_owed if one.owner_id is not None]
    before = store.calls_from(tx, call.caller, since=tx.now - _LONGEST_CHAIN)
    earlier = [one for one in before if one.rung_at is not None or STAFF_FLAG not in one.flags]
    times = times_rung_again(earlier, tx.now)
    if times:
        live.flag(REDIAL)
        live.change(follows=earlier[0].id)
        if is_careful(board.profile, earlier[0]):
            live.flag(REDIAL_CAREFUL)
        if times <= MOST_WITH_PREFERENCE and not NO_PREFERENCE & earlier[0].flags:
            prefers += store.who_accepted(tx, earlier[0].id)
    if prefers:
        live.change(prefers=" ".join(list(dict.fromkeys(prefers))[:_ROOM_FOR_IDS]))
    return bool(times)


def times_rung_again(earlier: Sequence[Call], now: datetime) -> int:
    """Count the calls of one number, newest first, each begun soon after the one before it had ended."""
    times, next_began = 0, now
    for call in earlier:
        if next_began - (call.ended_at or next_began) > WITHIN:
            break
        times, next_began = times + 1, call.came_in_at
    return times


def prefer(plan: RingPlan, call: Call) -> RingPlan:
    """Let those who know of this caller ring first, together with the others; nobody rings later for it."""
    known = [person for person in plan.people if person.id in (call.prefers or "").split()]
    if not known:
        return plan
    ids = {person.id for person in known}
    at_once = min(tier.after_seconds for tier in plan.tiers)
    role_of = {person.id: tier.role for tier in plan.tiers for person in tier.people}
    first = tuple(TierPlan(role_of[person.id], at_once, (person,)) for person in known)
    rest = tuple(
        replace(tier, people=tuple(person for person in tier.people if person.id not in ids))
        for tier in plan.tiers
    )
    return replace(plan, tiers=(*first, *rest))
