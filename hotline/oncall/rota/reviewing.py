"""What would a version of the rota change, break and leave uncovered, held against all that is stored?"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from hotline.database import Transaction
from hotline.oncall import store as duty
from hotline.oncall.overrides.idle import idle
from hotline.oncall.overrides.override import left_of_all
from hotline.oncall.overrides.store import offs_between, touching
from hotline.oncall.proof.coverage import gaps
from hotline.oncall.proof.rules import broken_rules
from hotline.oncall.proof.spans import Span
from hotline.oncall.rota import store
from hotline.oncall.rota.bands import ONE_DAY, moment_of
from hotline.oncall.rota.diff import differences
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.impossible import impossible
from hotline.oncall.rota.planned import planned
from hotline.oncall.rota.review import Review, begins_at, missing_in, with_holidays
from hotline.oncall.rota.rota import horizon
from hotline.oncall.rota.version import Version
from hotline.oncall.shifts import LONGEST_SHIFT, Shift, duty_at
from hotline.people.serving import store as serving
from hotline.people.store import everybody

_LOOK_BACK = timedelta(weeks=18)
"""So far back the rules look, for a draft: worked hours are an average of four months (R5)."""

_COVERED = timedelta(days=14)
_A_YEAR = timedelta(weeks=52)


def review(tx: Transaction, ground: Ground, version: Version) -> Review:
    """Compare a version with what is in force, from now to the horizon, and prove it."""
    from_at = begins_at(version.rota, tx.now)
    last = horizon(tx.now.astimezone(version.rota.zone).date(), ground.weeks)
    rota = with_holidays(version.rota, ground.profile, last + _A_YEAR)
    begun = store.begun_at(tx, from_at)
    shifts = planned(rota, from_at, last, begun)
    people = {person.id: person for person in everybody(tx)}
    in_a_year = planned(rota, from_at, last + _A_YEAR, begun)
    ends_at = moment_of(last + ONE_DAY, time(), rota.zone)
    beside = store.beside_the_rota_between(tx, from_at, ends_at)
    before = duty.on_duty_between(tx, from_at - _LOOK_BACK, from_at)
    offs = offs_between(tx, from_at, ends_at + LONGEST_SHIFT)
    held = left_of_all(shifts, offs)
    whole = tuple(dict.fromkeys((*before, *beside, *left_of_all(begun, offs), *held)))
    held_so_far = left_of_all(_planned_so_far(tx, ground, from_at, last, begun), offs)
    imported = duty.imported_between(tx, from_at, ends_at)
    terms = serving.terms_of(tx, people.values())
    absences = serving.absences_between(tx, from_at - _LOOK_BACK, ends_at)
    broken = broken_rules(
        whole,
        people,
        terms,
        absences,
        rota.zone,
        rota.holidays,
        from_at,
        ends_at,
        worked=ground.worked(tx, from_at - _LOOK_BACK, from_at),
        rules=ground.profile.rules,
        countries=ground.countries,
    )
    two_weeks = min(ends_at, from_at + _COVERED)
    return Review(
        rules=broken,
        gaps=gaps(
            ground.profile,
            whole,
            tuple(people.values()),
            from_at,
            two_weeks,
            ground.countries,
            absences,
        ),
        version=version,
        rota=rota,
        at=tx.now,
        from_at=from_at,
        last=last,
        shifts=shifts,
        # What people really have: who has swapped a night away does not lose it once more.
        diffs=differences((*beside, *held_so_far), (*beside, *held)),
        idle=idle(
            touching(tx, from_at, ends_at),
            (*begun, *beside, *imported, *shifts),
            Span(from_at, ends_at),
        ),
        impossible=impossible(rota, in_a_year, people, ground.countries),
        missing=missing_in(rota, from_at, last),
        people=people,
    )


def still_broken(tx: Transaction, ground: Ground) -> tuple[str, ...]:
    """Return what is broken or uncovered in the rota in force, a line each: it is said until it is mended."""
    version = store.version(tx, store.published(tx))
    return review(tx, ground, version).broken if version is not None else ()


def on_duty_by_draft(tx: Transaction, ground: Ground, version: Version, at: datetime) -> tuple[Shift, ...]:
    """Return who would be on duty at a moment if a draft were published now."""
    from_at = begins_at(version.rota, tx.now)
    if at < from_at:
        return duty.on_duty(tx, at)
    begun = store.begun_at(tx, from_at)
    last = at.astimezone(version.rota.zone).date()
    meant = planned(with_holidays(version.rota, ground.profile, last), from_at, last, begun)
    beside = store.beside_the_rota_at(tx, at)
    held = left_of_all((*begun, *meant), offs_between(tx, at - LONGEST_SHIFT, at + LONGEST_SHIFT))
    return duty_at(dict.fromkeys((*beside, *held)), at)


def _planned_so_far(
    tx: Transaction, ground: Ground, from_at: datetime, last: date, begun: Sequence[Shift]
) -> tuple[Shift, ...]:
    """Return what the versions in force mean from a moment on, also where no shifts are written yet."""
    found: list[Shift] = []
    for version in store.versions_after(tx, from_at):
        rota = with_holidays(version.rota, ground.profile, last)
        begins = max(from_at, version.in_force_from or from_at)
        found += [
            shift
            for shift in planned(rota, begins, last, begun)
            if version.in_force_until is None or shift.starts_at < version.in_force_until
        ]
    return tuple(found)
