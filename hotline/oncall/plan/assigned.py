"""How does a plan become part of a rota: assignments in person, in place of the turns? Pure."""

from dataclasses import replace

from hotline.oncall.plan.problem import Plan, Problem
from hotline.oncall.rota.rota import Assignment, Rota


def with_plan(rota: Rota, problem: Problem, plan: Plan) -> Rota:
    """Return a rota whose slots of the planned days are assigned; no turn fills one that stays open."""
    others = [one for one in rota.assignments if not problem.first <= one.day <= problem.last]
    made = [Assignment(slot.band, slot.day, plan.get(slot, ())) for slot in problem.slots]
    return replace(rota, assignments=(*others, *made))
