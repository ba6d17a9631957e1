"""What is needed to plan some days: read from the rota, the people, and all that is known of them?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from hotline.contract_rules import DutyRules
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.oncall import store as duty
from hotline.oncall.plan.problem import LOOK_BACK, Problem
from hotline.oncall.plan.wished import Wished
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.proof.hours import Calendar
from hotline.oncall.rota import store
from hotline.oncall.rota.bands import ONE_DAY, moment_of
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.planned import planned
from hotline.oncall.rota.review import begins_at, with_holidays
from hotline.oncall.rota.rota import Rota
from hotline.oncall.shifts import Shift
from hotline.people.serving import store as serving
from hotline.people.store import everybody

_LOOK_AHEAD = timedelta(weeks=1)
"""So far ahead turns that are no part of the plan are looked at: nights and days running, rest."""

_LONGEST_PLAN = timedelta(days=92)


@dataclass(frozen=True)
class Draft:
    """The rota whose bands are planned, and the problem."""

    rota: Rota
    problem: Problem


def look_back(rules: DutyRules) -> timedelta:
    """Return how far back the rules ask for shifts and work."""
    weeks = max(one.average_weeks for one in rules.contracts.values())
    return max(LOOK_BACK, timedelta(weeks=weeks))


def to_plan(
    tx: Transaction, ground: Ground, first: date, last: date, worked: Sequence[WorkedPeriod]
) -> Draft:
    """Return what is to be planned from one local day to another; raise `BadInput` where that cannot be.

    The bands are those of the newest draft, else of what is in force; its turns and assignments outside these
    days are kept. What somebody `worked` in calls is told by the caller.
    """
    version = store.newest_draft(tx) or store.version(tx, store.published(tx))
    if version is None:
        raise BadInput("there is no rota to plan for: draft one with its bands, hotline rota draft FILE")
    _refuse(version.rota, first, last, tx.now.astimezone(version.rota.zone).date())
    rota = with_holidays(version.rota, ground.profile, last + _LOOK_AHEAD)
    people = {person.id: person for person in everybody(tx)}
    kept = _kept(tx, rota, first, last, look_back(ground.profile.rules))
    ends_at = moment_of(last + ONE_DAY + _LOOK_AHEAD, time(), rota.zone)
    problem = Problem(
        first=max(first, rota.starts_on),
        last=last if rota.ends_on is None else min(last, rota.ends_on),
        slots=tuple(filled.slot for filled in rota.filled(first, last)),
        people=people,
        terms=serving.terms_of(tx, people.values()),
        absences=serving.absences_between(tx, tx.now - LOOK_BACK, ends_at),
        wished=Wished(serving.every_wish(tx), rota.zone),
        kept=kept,
        worked=tuple(worked),
        calendar=Calendar(rota.zone, rota.holidays, ground.profile.night),
        rules=ground.profile.rules,
        single=rota.single,
        countries=ground.countries,
    )
    return Draft(rota, problem)


def _refuse(rota: Rota, first: date, last: date, today: date) -> None:
    if first > last:
        raise BadInput(f"--from {first}: later than --to {last}; exchange them")
    if first <= today:
        raise BadInput(f"{first} has begun, and the past is not planned: --from {today + ONE_DAY} or later")
    if last - first >= _LONGEST_PLAN:
        raise BadInput(f"--to {last}: more than {_LONGEST_PLAN.days} days; plan a month at a time")
    if last < rota.starts_on or (rota.ends_on is not None and rota.ends_on < first):
        until = f" until {rota.ends_on}" if rota.ends_on else ""
        raise BadInput(f"the rota is from {rota.starts_on}{until}: plan days of it, or change its days first")


def _kept(tx: Transaction, rota: Rota, first: date, last: date, back: timedelta) -> tuple[Shift, ...]:
    """Return the shifts that the plan does not change: before it, beside it, and of the turns around it."""
    from_at = begins_at(rota, tx.now)
    begun = store.begun_at(tx, from_at)
    until = moment_of(last + ONE_DAY + _LOOK_AHEAD, time(), rota.zone)
    planned_from, planned_until = (moment_of(day, time(), rota.zone) for day in (first, last + ONE_DAY))
    around = [
        shift
        for shift in planned(rota, from_at, last + _LOOK_AHEAD, begun)
        if not planned_from <= shift.starts_at < planned_until
    ]
    before = duty.on_duty_between(tx, from_at - back, from_at)
    beside = store.beside_the_rota_between(tx, from_at, until)
    return tuple(dict.fromkeys((*before, *beside, *begun, *around)))
