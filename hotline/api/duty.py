"""Who answers, whom would a call ring, and would it find enough people?"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from hotline.api import shapes
from hotline.api.desk import Apart, Asker, Coordinator, CoordinatorOrReader
from hotline.api.moments import At, Period
from hotline.api.problems import Problem, refusals
from hotline.calls.ring_forecast import on_duty_then, ring_forecast
from hotline.database import Transaction
from hotline.oncall.cover import who_answers
from hotline.oncall.duty_report import DutyReport, duty_report, ring_plan_as_json
from hotline.oncall.proof.actions import coverage_between
from hotline.people.store import everybody

router = APIRouter(route_class=Apart, tags=["duty"], responses=refusals())

_LONGEST_PROOF = timedelta(days=31)
OfDraft = Annotated[bool, Query(description="As if the newest draft of the rota were published.")]
Code = Annotated[str, Query(max_length=12, description="A category's code; default: none chosen.")]
Language = Annotated[str, Query(max_length=12, description="The caller's language; default: the line's.")]


@router.get("/duty", response_model=shapes.Duty)
def duty(asker: Coordinator, at: At = None, draft: OfDraft = False) -> Any:
    """Say who is on duty, per role."""
    with asker.reading("duty") as tx:
        return _report(tx, asker, at, draft).as_json()


@router.get("/duty/headcount", response_model=shapes.Headcount)
def headcount(asker: CoordinatorOrReader, at: At = None) -> Any:
    """Say how many are on duty, per role; it names nobody."""
    with asker.reading("headcount") as tx:
        report = _report(tx, asker, at, of_draft=False)
    by_role = {role: len(people) for role, people in report.people.items()}
    return {"at": report.at.isoformat(), "night": report.night, **by_role}


@router.get("/ring-plan", response_model=shapes.RingPlan, responses=refusals(404))
def ring_plan(
    asker: Coordinator, category: Code = "", language: Language = "", at: At = None, draft: OfDraft = False
) -> Any:
    """Say who would ring for a call, in which order, after how many seconds, and why others would not."""
    profile = asker.profile
    if category and profile.category(category) is None:
        raise Problem(404, f"there is no such category: {', '.join(one.code for one in profile.categories)}")
    languages = [one.code for one in profile.languages]
    if language and language not in languages:
        raise Problem(404, f"there is no such language: {', '.join(languages)}")
    with asker.reading("ring plan") as tx:
        spoken = language or profile.default_language
        plan = ring_forecast(tx, asker.desk.board, category or None, spoken, at or tx.now, draft)
    return ring_plan_as_json(plan, profile.service.timezone)


@router.get("/coverage", response_model=shapes.Coverage)
def coverage(asker: CoordinatorOrReader, period: Period) -> Any:
    """Say when a call could find too few people, for at most 31 days; it names nobody."""
    with asker.reading("coverage") as tx:
        first, last = period.within(_LONGEST_PROOF, tx.now)
        return coverage_between(tx, asker.profile, first, last, asker.ground.countries).as_json()


def _report(tx: Transaction, asker: Asker, at: Any, of_draft: bool) -> DutyReport:
    moment = at or tx.now
    answering = who_answers(on_duty_then(tx, asker.ground, moment, of_draft))
    return duty_report(asker.profile, everybody(tx), answering, moment)
