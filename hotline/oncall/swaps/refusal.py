"""Why can a shift not be taken without a coordinator: which rule, in one word for the one who asked? Pure."""

from collections.abc import Sequence
from enum import StrEnum

from hotline.oncall.overrides.override import Override
from hotline.oncall.overrides.verdict import Surroundings, Verdict
from hotline.oncall.proof.broken import Broken
from hotline.oncall.shifts import Shift


class Why(StrEnum):
    """What stands against it; each has its sentence, `why.rest` and so on."""

    TWICE = "twice"
    AWAY = "away"
    TRAINING = "training"
    PHONE = "phone"
    REST = "rest"
    RUNNING = "running"
    LOAD = "load"
    COVERAGE = "coverage"
    RULE = "rule"


_OF_RULE = {
    "R1": Why.COVERAGE,
    "R2": Why.REST,
    "R3": Why.REST,
    "R4": Why.REST,
    "R5": Why.LOAD,
    "R6": Why.LOAD,
    "R7": Why.LOAD,
    "R11": Why.AWAY,
    "R12": Why.LOAD,
    "R13": Why.TRAINING,
    "R16": Why.RUNNING,
    "R17": Why.RUNNING,
    "R18": Why.PHONE,
    "R20": Why.COVERAGE,
}


def why_not(found: Verdict, around: Surroundings, wanted: Sequence[Override]) -> Why | None:
    """Return what stands first against a swap, None where nothing does; warnings do not.

    Only the rules of those who get a shift count, and what all together must fulfil: whoever gives one away
    may have broken rules before.
    """
    if any(_twice(around.shifts, one, wanted) for one in wanted):
        return Why.TWICE
    if found.impossible:
        return Why.RULE
    for one in against(found, wanted):
        return _OF_RULE.get(one.rule, Why.RULE)
    return Why.COVERAGE if found.gaps else None


def against(found: Verdict, wanted: Sequence[Override]) -> tuple[Broken, ...]:
    """Return the broken rules that count against a swap."""
    getting = {one.on_id for one in wanted} | {None}
    return tuple(one for one in found.broken if one.person_id in getting)


def _twice(shifts: Sequence[Shift], one: Override, wanted: Sequence[Override]) -> bool:
    """Tell whether whoever gets it is on duty then, beside what they give away for it."""
    given = {(other.off_id, other.starts_at, other.ends_at) for other in wanted}
    return any(
        shift.person_id == one.on_id
        and shift.starts_at < one.ends_at
        and one.starts_at < shift.ends_at
        and (shift.person_id, shift.starts_at, shift.ends_at) not in given
        for shift in shifts
    )
