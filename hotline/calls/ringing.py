"""Whose phone must ring now, and when must we look again? Escalation by adding. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.calls.call import Leg, LegResult
from hotline.ivr.flows.room_v1 import BACK
from hotline.oncall.tiers import RingPlan, TierPlan
from hotline.people.person import Person

RING_AGAIN = timedelta(seconds=60)
"""Since the last ring began: a second call within three minutes passes many do-not-disturb settings."""
RING_AGAIN_AFTER_NO = timedelta(seconds=90)
RING_AGAIN_WHEN_BUSY = timedelta(seconds=15)
LOOK_AGAIN = timedelta(seconds=5)


@dataclass(frozen=True)
class Ring:
    """Ring this person, in this role; `first`: a tier that this category asks for at once."""

    person: Person
    role: str
    first: bool = False


@dataclass(frozen=True)
class Rings:
    """Whom to ring now, in order, when to look again, and whether everybody has been tried at least once."""

    now: tuple[Ring, ...]
    look_at: datetime
    everybody_tried: bool
    all_busy: bool


def whom_to_ring(
    plan: RingPlan, legs: Sequence[Leg], rung_at: datetime, now: datetime, busy: frozenset[str] = frozenset()
) -> Rings:
    """Decide whom to ring at `now` for a call whose ringing began at `rung_at`.

    `legs` are all legs of this call; `busy` are people with a live leg of another one. Tiers join after
    their delay, or at once when no earlier phone is alive and none can be rung. Before `rung_at`
    the responder whose line was lost is rung alone.
    """
    tries: dict[str, list[Leg]] = {}
    for leg in sorted(legs, key=lambda leg: leg.created_at):
        tries.setdefault(leg.person_id, []).append(leg)
    alive = any(map(_is_alive, legs))
    rings: list[Ring] = []
    look_at: list[datetime] = []
    alone = now < rung_at and is_rung_back(legs)
    if alone:
        look_at.append(rung_at)
    for tier in () if alone else plan.tiers:
        joins_at = rung_at + timedelta(seconds=tier.after_seconds)
        joined = now >= joins_at or any(leg.role == tier.role for leg in legs) or not (alive or rings)
        if not joined:
            look_at.append(joins_at)
            continue
        for person in tier.people:
            due = due_at(tries.get(person.id, []), now)
            if due is None:
                continue
            if due > now:
                look_at.append(due)
            elif person.id in busy:
                look_at.append(now + LOOK_AGAIN)
            else:
                rings.append(Ring(person, tier.role, tier.after_seconds == 0 and tier.role != "volunteer"))
    people = {person.id for person in plan.people}
    tried = {leg.person_id for leg in legs if not leg.is_open and leg.created_at >= rung_at}
    return Rings(
        now=tuple(rings),
        look_at=min(look_at, default=now + LOOK_AGAIN),
        everybody_tried=people <= tried,
        all_busy=bool(people) and people <= busy,
    )


def is_rung_back(legs: Sequence[Leg]) -> bool:
    """Tell whether the responder whose line was lost may still come back."""
    return any(leg.errand == BACK and _is_alive(leg) for leg in legs)


def _is_alive(leg: Leg) -> bool:
    return leg.is_open and leg.result is None


def due_at(tries: Sequence[Leg], now: datetime) -> datetime | None:
    """Return when a person may be rung (again); None while their phone rings."""
    if not tries:
        return now
    last = tries[-1]
    if last.is_open:
        return None
    if last.result == LegResult.BUSY and (len(tries) < 2 or tries[-2].result != LegResult.BUSY):
        # A refusal by hand reads as busy too: soon again once, and then like everybody.
        return last.created_at + RING_AGAIN_WHEN_BUSY
    return last.created_at + (RING_AGAIN_AFTER_NO if last.result == LegResult.DECLINED else RING_AGAIN)


def first_ring_after(tiers: Sequence[TierPlan]) -> int | None:
    """Return the seconds after which the first phone of a plan rings, None for an empty plan."""
    return min((tier.after_seconds for tier in tiers if tier.people), default=None)
