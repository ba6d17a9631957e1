"""What can be done with the rota: import shifts, ask whom to ring, say "I can't, now", take cover."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from zoneinfo import ZoneInfo

from hotline.audit.actions import note_change
from hotline.database import Transaction
from hotline.oncall import store
from hotline.oncall.cover import (
    EVERYBODY_TWICE,
    CannotNow,
    CannotOutcome,
    Cover,
    CoverOutcome,
    Rota,
    Withdrawal,
    asked_for,
    said_lately,
)
from hotline.oncall.duty_status import DutyStatus, duty_status_of
from hotline.oncall.overrides.store import offs_between
from hotline.oncall.presence.store import not_coming
from hotline.oncall.proof.coverage import Gap, gaps
from hotline.oncall.shifts import Shift
from hotline.oncall.tiers import Circumstances, RingPlan, planned_for, ring_plan
from hotline.oncall.timesheet import read_timesheet
from hotline.oncall.withdrawals import store as withdrawals
from hotline.people.csv_rows import ImportResult
from hotline.people.person import Person
from hotline.people.serving.store import absences_between
from hotline.people.store import everybody, people_by_ids
from hotline.people.terms import Absence, AbsenceKind
from hotline.profile import Profile

_ROME = ZoneInfo("Europe/Rome")
_LONGEST_CALL = timedelta(hours=12)
_SHIFTS_AHEAD = 3
_A_MOMENT = timedelta(seconds=1)

AHEAD = timedelta(hours=32)
"""Nobody is asked, or heard, earlier: the evening before a shift that begins before noon, and some more."""


def import_shifts(
    tx: Transaction,
    csv_text: str,
    country: str = "IT",
    source: str = "the file",
    by: str = "an import",
    zone: ZoneInfo = _ROME,
) -> ImportResult:
    """Add the shifts of a CSV file that are not there yet, by the rota or beside it; nothing is removed.

    All or nothing: raise `BadInput` naming every bad row by line and reason. Nobody is told: it sets up a
    rota in one transaction; what an operator imports goes through `files/actions.py`.
    """
    stored = partial(store.imported_between, tx)
    shifts = read_timesheet(csv_text, everybody(tx), country, source, zone, stored)
    added = store.add_shifts(tx, set(shifts) - known_already(tx, shifts), store.IMPORT)
    if added:
        note_change(tx, by, "shifts imported", None, f"{added} shifts", f"import of {source}")
    return ImportResult(added=added, unchanged=len(shifts) - added)


def known_already(tx: Transaction, shifts: Collection[Shift]) -> set[Shift]:
    """Return who is on duty anyway: kept beside the rota too, they would outlast its next version."""
    if not shifts:
        return set()
    first = min(one.starts_at for one in shifts)
    return set(store.on_duty_between(tx, first, max(one.ends_at for one in shifts)))


def plan_call(
    tx: Transaction,
    profile: Profile,
    category: str | None,
    at: datetime,
    circumstances: Circumstances | None = None,
    frozen: Iterable[tuple[str, str]] = (),
    on_duty: tuple[Shift, ...] | None = None,
) -> RingPlan:
    """Decide who rings at `at` for a live call; `frozen` are (person, role) pairs it already planned.

    `on_duty` is the rota at `at` where it has been read already. Only people who could ring are read, so
    `left_out` does not name the rest of the rota.
    """
    kept = set(frozen)
    duty = store.on_duty(tx, at) if on_duty is None else on_duty
    off_duty = kept - {(shift.person_id, shift.role) for shift in duty}
    ended = store.ends_of_duty(tx, {person_id for person_id, _ in off_duty}, at) if off_duty else {}
    cannot = withdrawals.who_cannot_since(tx, at - _LONGEST_CALL) if off_duty else ()
    planned = planned_for(duty, sorted(kept), ended, cannot)
    people = people_by_ids(tx, {one.person_id for one in planned}, and_last_resort=True)
    return ring_plan(profile, people, planned, category, at, circumstances)


def plan_with_reasons(
    tx: Transaction,
    profile: Profile,
    category: str | None,
    at: datetime,
    circumstances: Circumstances | None = None,
    on_duty: tuple[Shift, ...] | None = None,
) -> RingPlan:
    """Decide who would ring at `at`, with the reason for everybody else; `on_duty` as a draft has it."""
    planned = planned_for(store.on_duty(tx, at) if on_duty is None else on_duty)
    return ring_plan(profile, everybody(tx), planned, category, at, circumstances)


def duty_status(tx: Transaction, person_id: str, at: datetime) -> DutyStatus:
    """Return whether somebody is on duty at `at`, until when, with whom, and their next shifts."""
    shifts = store.on_duty(tx, at)
    people = people_by_ids(tx, {shift.person_id for shift in shifts})
    return duty_status_of(person_id, shifts, people, store.next_shifts(tx, person_id, at, _SHIFTS_AHEAD))


def gaps_between(
    tx: Transaction, profile: Profile, first: datetime, last: datetime, countries: Collection[str] = ("IT",)
) -> tuple[Gap, ...]:
    """Return when a call would find too few people, covered or not, as the rota stands now.

    Whoever is away, or has said ahead that they will not come, is not counted on.
    """
    shifts = store.on_duty_between(tx, first, last)
    known = absences_between(tx, first, last)
    said = [
        Absence(one.person_id, one.starts_at, one.ends_at, AbsenceKind.OTHER)
        for one in not_coming(tx, first, last)
    ]
    return gaps(profile, shifts, everybody(tx), first, last, countries, (*known, *said))


def confirm_shift(tx: Transaction, person_id: str, at: datetime) -> Shift | None:
    """Take in "I am there": for the shift that runs or the next one, whichever is not confirmed yet.

    Return the shift that is confirmed, None where there is none, or where they said that they cannot. An "OK"
    days ahead, as to the text about a new rota, is none: it would be the last that is heard of them.
    """
    running = tuple(shift for shift in store.on_duty(tx, at) if shift.person_id == person_id)
    if any(shift.withdrawn for shift in running):
        return None
    coming = [one for one in store.next_shifts(tx, person_id, at, 1) if one.starts_at <= at + AHEAD]
    soon = (*running, *coming)
    asked = next((shift for shift in soon if store.confirmed_at(tx, shift) is None), None)
    if asked is not None:
        store.confirm(tx, asked)
    return asked or next(iter(soon), None)


def cannot_now(
    tx: Transaction, person: Person, said_by: str, countries: Collection[str] = ("IT",)
) -> CannotNow:
    """Take in "I can't, now": always accepted, recorded once, for the shift that runs, from this moment on.

    `said_by` is `phone` or `text`. Nobody is told anything here: the result names whom to ask for cover and
    whom to tell, and `calls/cover/telling.py` does that for every way in which it can be said.
    """
    rota = Rota(everybody(tx), store.on_duty(tx, tx.now), countries)
    running = [shift for shift in rota.on_duty if shift.person_id == person.id]
    if not running:
        return CannotNow(CannotOutcome.OFF_DUTY)
    last = max(running, key=lambda shift: shift.ends_at)
    said = Withdrawal(
        id=token_hex(8),
        person_id=person.id,
        role=last.role,
        starts_at=last.starts_at,
        said_at=tx.now,
        until=last.ends_at,
        said_by=said_by,
        last_one=not rota.others(person.id, last.role),
    )
    known = [one for one in withdrawals.in_force(tx) if one.person_id == person.id]
    if known and known[0].is_unheard:
        # Cover is sought already, by the same people; who took the shift keeps it.
        return _said_anew(tx, replace(known[0], said_by=said_by, said_at=tx.now))
    before = _said_lately(tx, said)
    if not known and len(before) > EVERYBODY_TWICE:
        # It holds, and who must know has been told.
        return _said_anew(tx, replace(said, id=before[-1].id))
    if known or not withdrawals.add(tx, said):
        return CannotNow(CannotOutcome.ALREADY, known[0] if known else said)
    spared = not_to_ask(tx, last.role, said.until)
    ask = tuple(one for one in rota.to_ask(person.id, last.role) if one.id not in spared)
    ask = ask if len(before) < EVERYBODY_TWICE else ()
    return CannotNow(CannotOutcome.RECORDED, said, ask, rota.to_tell(person.id))


def _said_anew(tx: Transaction, said: Withdrawal) -> CannotNow:
    withdrawals.say_anew(tx, said)
    return CannotNow(CannotOutcome.RECORDED, said)


def _said_lately(tx: Transaction, said: Withdrawal) -> tuple[Withdrawal, ...]:
    return said_lately(withdrawals.between(tx, tx.now, tx.now + _A_MOMENT), said, tx.now)


def not_to_ask(tx: Transaction, role: str, until: datetime) -> frozenset[str]:
    """Return who is not asked to join until a moment: who is away, or was let off in this role."""
    away = {one.person_id for one in absences_between(tx, tx.now, until)}
    let_off = {one.person_id for one in offs_between(tx, tx.now, until) if one.role == role}
    return frozenset(away | let_off)


def who_must_know(
    tx: Transaction, withdrawal: Withdrawal, countries: Collection[str] = ("IT",)
) -> tuple[Person, ...]:
    """Return the social workers on duty and the coordinators, at this moment, who must know of it.

    Of somebody who is not heard while others of the role are there, the coordinators only.
    """
    rota = Rota(everybody(tx), store.on_duty(tx, tx.now), countries)
    if withdrawal.is_unheard and not withdrawal.last_one:
        return rota.coordinators(withdrawal.person_id)
    return rota.to_tell(withdrawal.person_id)


def take_cover(tx: Transaction, person: Person, withdrawal_id: str | None = None) -> Cover:
    """Give somebody the rest of a shift for which cover is sought; the first who takes it has it.

    Without `withdrawal_id` it is the one that they can have been asked for. Whoever could not and takes it
    themselves can again. The ring plan sees the taker at its next look. Nobody is told anything here.
    """
    wanted = _wanted(tx, person, withdrawal_id)
    if wanted is None or wanted.role != person.role:
        return Cover(CoverOutcome.NOTHING)
    if wanted.person_id == person.id:
        withdrawals.come_back(tx, wanted.id)
        too_often = len(_said_lately(tx, wanted)) > EVERYBODY_TWICE
        return Cover(CoverOutcome.BACK, replace(wanted, back_at=tx.now), too_often=too_often)
    shift = Shift(person.id, wanted.role, tx.now, wanted.until) if tx.now < wanted.until else None
    if shift is None or not wanted.is_open(tx.now):
        return Cover(CoverOutcome.TAKEN, wanted)
    if any(one.person_id == person.id and one.ends_at >= wanted.until for one in store.on_duty(tx, tx.now)):
        return Cover(CoverOutcome.ON_DUTY, wanted)
    if not withdrawals.take(tx, wanted.id, person.id):
        return Cover(CoverOutcome.TAKEN, wanted)
    store.add_shifts(tx, [shift], "cover")
    store.confirm(tx, shift)
    freed = next(iter(people_by_ids(tx, {wanted.person_id})), None)
    return Cover(CoverOutcome.YOURS, replace(wanted, taken_by=person.id, taken_at=tx.now), shift, freed)


def _wanted(tx: Transaction, person: Person, withdrawal_id: str | None) -> Withdrawal | None:
    if withdrawal_id is not None:
        return withdrawals.by_id(tx, withdrawal_id)
    return asked_for(withdrawals.in_force(tx), person, tx.now)
