"""Why has an open place nobody? Everybody of the role is counted once, with the first reason. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline.oncall.plan.board import Board
from hotline.oncall.plan.problem import Plan, Problem
from hotline.oncall.rota.bands import Slot

NOBODY = "nobody has this role"


@dataclass(frozen=True)
class OpenSlot:
    """A slot that lacks people, and how many of its role could not for which reason."""

    slot: Slot
    missing: int
    reasons: Mapping[str, int]

    @property
    def text(self) -> str:
        """Say it in one line.

        >>> from datetime import UTC, date, datetime
        >>> slot = Slot("notte", "volunteer", date(2027, 1, 5), *[datetime(2027, 1, 5, tzinfo=UTC)] * 2, 2)
        >>> OpenSlot(slot, 1, {"away": 2, "would break R2": 3}).text
        '2027-01-05 notte: 1 of 2 volunteer missing: 2 away, 3 would break R2'
        """
        slot = self.slot
        why = ", ".join(f"{many} {reason}" for reason, many in self.reasons.items()) or NOBODY
        return f"{slot.day} {slot.band}: {self.missing} of {slot.headcount} {slot.role} missing: {why}"


def open_slots(problem: Problem, plan: Plan) -> tuple[OpenSlot, ...]:
    """Return every slot that lacks somebody, earliest first, the most common reason first."""
    board = Board.of(problem, plan)
    lacking = [slot for slot in problem.slots if board.missing(slot) > 0]
    return tuple(
        OpenSlot(slot, board.missing(slot), dict(Counter(_reasons(board, slot)).most_common()))
        for slot in sorted(lacking, key=lambda one: (one.starts_at, one.band))
    )


def _reasons(board: Board, slot: Slot) -> Iterator[str]:
    for person in board.problem.of_role(slot.role):
        yield board.in_the_way(slot, person.id) or "free"
