"""Who takes each slot when whoever was on duty least recently is next? The plan to compare with. Pure."""

from datetime import UTC, datetime

from hotline.oncall.plan.board import Board
from hotline.oncall.plan.problem import Plan, Problem, overlap, span_of
from hotline.oncall.proof.spans import Span
from hotline.oncall.rota.bands import Slot

_NEVER = datetime.min.replace(tzinfo=UTC)


def least_recent(problem: Problem) -> Plan:
    """Return what plain turns give: they know who is away or on already, and no rule."""
    board = Board(problem)
    last = dict.fromkeys(problem.people, _NEVER)
    for one in problem.kept:
        if one.person_id in last and one.starts_at < problem.span.starts_at:
            last[one.person_id] = max(last[one.person_id], one.ends_at)
    for slot in sorted(problem.slots, key=lambda one: (one.starts_at, one.band)):
        turns = sorted(problem.of_role(slot.role), key=lambda one: last[one.id])
        for person in turns:
            if board.missing(slot) > 0 and not board.is_taken(slot) and _is_there(board, slot, person.id):
                board.add(slot, person.id)
                last[person.id] = slot.ends_at
    return board.plan


def _is_there(board: Board, slot: Slot, person_id: str) -> bool:
    problem, span = board.problem, span_of(slot)
    away = any(
        one.person_id == person_id and Span(one.starts_at, one.ends_at).within(span) is not None
        for one in problem.absences
    )
    on = (*problem.kept_by(person_id), *board.shifts(person_id))
    return problem.can_be_rung(person_id) and not away and not any(overlap(one, slot) for one in on)
