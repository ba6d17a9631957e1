"""What does a planner propose, what does it break, and how evenly is the load shared? Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from hotline.oncall.plan.board import Board
from hotline.oncall.plan.cp_sat import cp_sat, is_installed
from hotline.oncall.plan.greedy import greedy
from hotline.oncall.plan.least_recent import least_recent
from hotline.oncall.plan.mend import mended
from hotline.oncall.plan.problem import Plan, Problem, shifts_of
from hotline.oncall.proof.broken import Broken, Level
from hotline.oncall.proof.rules import broken_rules


class Planner(StrEnum):
    """Who plans."""

    CP_SAT = "cp-sat"
    GREEDY = "greedy"
    LEAST_RECENT = "least-recent"


@dataclass(frozen=True)
class Proposal:
    """Who would be on in each slot, by which planner, and how many seconds that took."""

    problem: Problem
    planner: Planner
    plan: Plan
    seconds: float

    @property
    def filled(self) -> int:
        """Return how many places have somebody."""
        return sum(len(people) for people in self.plan.values())

    @cached_property
    def broken(self) -> tuple[Broken, ...]:
        """Return what the proof says of the plan and the kept shifts, but what those break alone."""
        anyway = {one for one in _broken(self.problem, {}) if one.person_id is not None}
        return tuple(one for one in _broken(self.problem, self.plan) if one not in anyway)

    def of_people(self, level: Level) -> tuple[Broken, ...]:
        """Return what single people would break; R1 and R20 are about all together."""
        return tuple(one for one in self.broken if one.level == level and one.person_id is not None)

    @cached_property
    def spread(self) -> dict[str, float]:
        """Return, by role, the weighted hours between who carries most and who carries least."""
        board = Board.of(self.problem, self.plan)
        found = {}
        for role in dict.fromkeys(slot.role for slot in self.problem.slots):
            loads = [board.load(person.id) for person in self.problem.of_role(role)]
            found[role] = max(loads) - min(loads) if loads else 0.0
        return found


def propose(problem: Problem, planner: Planner, work_seconds: float, watch: Callable[[], float]) -> Proposal:
    """Have a plan made that breaks no error; `watch` tells seconds, of which the solver may have so many."""
    began = watch()
    plan = mended(problem, _planned(problem, planner, work_seconds))
    return Proposal(problem, planner, plan, watch() - began)


def compared(
    problem: Problem, proposed: Proposal, work_seconds: float, watch: Callable[[], float]
) -> tuple[Proposal, ...]:
    """Return what every planner that is here makes of it; plain turns are left as they are, unmended."""
    found = []
    for planner in Planner:
        began = watch()
        if planner == Planner.LEAST_RECENT:
            found.append(Proposal(problem, planner, least_recent(problem), watch() - began))
        elif planner == proposed.planner:
            found.append(proposed)
        elif planner != Planner.CP_SAT or is_installed():
            found.append(propose(problem, planner, work_seconds, watch))
    return tuple(found)


def _planned(problem: Problem, planner: Planner, work_seconds: float) -> Plan:
    if planner == Planner.LEAST_RECENT:
        return least_recent(problem)
    plan = greedy(problem)
    return cp_sat(problem, plan, work_seconds) if planner == Planner.CP_SAT else plan


def _broken(problem: Problem, plan: Plan) -> tuple[Broken, ...]:
    return broken_rules(
        (*problem.kept, *shifts_of(plan)),
        problem.people,
        problem.terms,
        problem.absences,
        problem.calendar.zone,
        problem.calendar.holidays,
        problem.span.starts_at,
        problem.span.ends_at,
        problem.worked,
        problem.rules,
        problem.countries,
    )
