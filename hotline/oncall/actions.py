"""What can be done with the rota: import shifts, ask whom to ring."""

from collections.abc import Iterable
from datetime import datetime

from hotline.database import Transaction
from hotline.oncall import store
from hotline.oncall.shifts import Shift
from hotline.oncall.tiers import Circumstances, RingPlan, planned_for, ring_plan
from hotline.oncall.timesheet import read_timesheet
from hotline.people.csv_rows import ImportResult
from hotline.people.store import everybody, people_by_ids
from hotline.profile import Profile


def import_shifts(
    tx: Transaction, csv_text: str, country: str = "IT", source: str = "the file"
) -> ImportResult:
    """Add the shifts of a CSV file that are not there yet; nothing is ever removed by an import.

    All or nothing: raise `BadInput` naming every bad row by line and reason.
    """
    shifts = read_timesheet(csv_text, everybody(tx), country, source)
    added = store.add_shifts(tx, shifts, "import")
    return ImportResult(added=added, unchanged=len(shifts) - added)


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
    planned = planned_for(duty, sorted(kept), ended)
    people = people_by_ids(tx, {one.person_id for one in planned}, and_last_resort=True)
    return ring_plan(profile, people, planned, category, at, circumstances)


def plan_with_reasons(
    tx: Transaction,
    profile: Profile,
    category: str | None,
    at: datetime,
    circumstances: Circumstances | None = None,
) -> RingPlan:
    """Decide who would ring at `at`, with the reason for everybody else."""
    planned = planned_for(store.on_duty(tx, at))
    return ring_plan(profile, everybody(tx), planned, category, at, circumstances)
