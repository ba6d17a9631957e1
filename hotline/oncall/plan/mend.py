"""How does a plan from anywhere become one that breaks no error? What would break one is left out. Pure."""

from hotline.oncall.plan.board import Board
from hotline.oncall.plan.greedy import fill
from hotline.oncall.plan.problem import Plan, Problem


def mended(problem: Problem, plan: Plan) -> Plan:
    """Return a plan without whatever would break an error, with everybody who can step in instead."""
    board = Board(problem)
    for slot in sorted(plan, key=lambda one: (one.starts_at, one.band)):
        for person_id in plan[slot][: slot.headcount]:
            if board.in_the_way(slot, person_id) is None:
                board.add(slot, person_id)
    fill(board)
    return board.plan
