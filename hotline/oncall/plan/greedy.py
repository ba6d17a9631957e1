"""Who takes each slot when the hardest is filled first, by who carries least? No solver needed. Pure."""

from collections.abc import Iterator

from hotline.oncall.plan.board import Board
from hotline.oncall.plan.problem import Plan, Problem, shift_of, span_of
from hotline.oncall.rota.bands import Slot

_LOOKED_AT = 8
"""So many of the least loaded are asked for one who breaks no warning; then one of them must do."""

_WARNING_HOURS = 48.0
"""A new warning weighs as much as so many weighted hours: nobody is spared at another's cost for ever."""


def greedy(problem: Problem) -> Plan:
    """Return a plan that breaks no error: who carries least, and is spared most warnings, comes first."""
    board = Board(problem)
    fill(board)
    return board.plan


def fill(board: Board) -> None:
    """Fill what is empty on a board, as far as anybody can; what is on it stays."""
    for slot in _hardest_first(board):
        while board.missing(slot) > 0 and (person_id := _best(board, slot)) is not None:
            board.add(slot, person_id)


def _hardest_first(board: Board) -> list[Slot]:
    """Return the slots, those with the fewest people to spare first, of these the heaviest."""
    problem = board.problem

    def spare(slot: Slot) -> int:
        able = [one for one in problem.of_role(slot.role) if board.alone_in_the_way(slot, one.id) is None]
        return len(able) - slot.headcount

    return sorted(problem.slots, key=lambda one: (spare(one), -problem.weight(one), one.starts_at, one.band))


def _best(board: Board, slot: Slot) -> str | None:
    """Return who costs least among the first, least loaded; None where nobody can."""
    best, least, looked_at = None, 0.0, 0
    for person_id in _least_loaded(board, slot):
        if board.in_the_way(slot, person_id) is not None:
            continue
        warned = _new_warnings(board, slot, person_id)
        cost = warned * _WARNING_HOURS + board.load(person_id)
        if best is None or cost < least:
            best, least = person_id, cost
        looked_at += 1
        if not warned or looked_at == _LOOKED_AT:
            break
    return best


def _least_loaded(board: Board, slot: Slot) -> Iterator[str]:
    """Yield who may be asked: who has what nobody on duty has, who prefers the time, who carries least."""
    problem, span = board.problem, span_of(slot)
    on = {shift.person_id for shift in board.beside(slot)}
    lacking = [
        wanted
        for wanted in problem.rules.whole.capabilities
        if not any(wanted in problem.terms_of(person_id).qualifications for person_id in on)
    ]
    found: list[tuple[int, bool, float, int, str]] = []
    for person in problem.of_role(slot.role):
        brings = sum(wanted in problem.terms_of(person.id).qualifications for wanted in lacking)
        prefers = problem.wished.is_preferred(person.id, span)
        found.append((-brings, not prefers, board.load(person.id), len(found), person.id))
    for *_, person_id in sorted(found):
        yield person_id


def _new_warnings(board: Board, slot: Slot, person_id: str) -> int:
    """Count what is warned of newly, or gets worse: whoever is beyond a limit already is not free to take."""
    taken = (*board.shifts(person_id), shift_of(slot, person_id))
    return len(board.judge.warnings(person_id, taken, board.beside(slot)) - board.warned(person_id))
