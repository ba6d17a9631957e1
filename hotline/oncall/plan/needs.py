"""How many more people would it take, to fill every place, and to keep within the limits of a month? Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from hotline.oncall.plan.board import Board
from hotline.oncall.plan.limits import caps
from hotline.oncall.plan.problem import Plan, Problem
from hotline.oncall.plan.stand_in import staffed_by, stand_ins
from hotline.oncall.rota.bands import Slot
from hotline.people.terms import Contract, contract_of_role


@dataclass(frozen=True)
class Need:
    """What one role needs: `more_to_fill` the open places without an error; `enough` people, all together,
    for nobody to pass the limits of a month (R5, R7, R12), whatever these are worth.
    """

    role: str
    here: int
    open_places: int
    more_to_fill: int
    enough: int

    @property
    def more(self) -> int:
        """Return how many people are missing to fill every place and keep the limits of a month."""
        return max(self.more_to_fill, self.enough - self.here, 0)

    @property
    def text(self) -> str:
        """Say it in one line.

        >>> Need("social_worker", 1, 33, 6, 7).text
        'social_worker: 1 here, 33 places open: 6 more would fill them; 7 in all keep the limits of a month'
        """
        filled = f"{self.open_places} places open: {self.more_to_fill} more would fill them"
        told = filled if self.open_places else "every place filled"
        return f"{self.role}: {self.here} here, {told}; {self.enough} in all keep the limits of a month"


def needs(problem: Problem, plan: Plan) -> tuple[Need, ...]:
    """Return what every role of the plan needs; a newcomer is trained, tested, never away."""
    return tuple(_need(problem, plan, role) for role in dict.fromkeys(slot.role for slot in problem.slots))


def _need(problem: Problem, plan: Plan, role: str) -> Need:
    slots = [slot for slot in problem.slots if slot.role == role]
    left = [
        replace(slot, headcount=missing)
        for slot in sorted(slots, key=lambda one: (one.starts_at, one.band))
        if (missing := slot.headcount - len(plan.get(slot, ()))) > 0
    ]
    contract = _usual_contract(problem, role)
    return Need(
        role=role,
        here=sum(problem.can_be_rung(person.id) for person in problem.of_role(role)),
        open_places=sum(slot.headcount for slot in left),
        more_to_fill=_newcomers(problem, role, contract, left),
        enough=_enough(problem, role, contract, slots),
    )


def _usual_contract(problem: Problem, role: str) -> Contract:
    found = Counter(problem.terms_of(person.id).contract for person in problem.of_role(role))
    return found.most_common(1)[0][0] if found else contract_of_role(role)


def _newcomers(problem: Problem, role: str, contract: Contract, left: Sequence[Slot]) -> int:
    """Let one newcomer after the other take what they may; a slot that none may take is not counted."""
    many, slots = 0, list(left)
    while slots:
        many += 1
        people = stand_ins(role, contract)
        board = Board(staffed_by(replace(problem, slots=tuple(slots)), people))
        (person_id,) = people
        for slot in slots:
            if board.in_the_way(slot, person_id) is None:
                board.add(slot, person_id)
        if not any(board.plan.values()):
            return many - 1
        fewer = (replace(slot, headcount=board.missing(slot)) for slot in slots)
        slots = [slot for slot in fewer if slot.headcount]
    return many


def _enough(problem: Problem, role: str, contract: Contract, slots: Sequence[Slot]) -> int:
    """Divide what there is to do by what one person may, month by month and limit by limit; one at least."""
    people = stand_ins(role, contract)
    (person_id,) = people
    whole = staffed_by(replace(problem, slots=tuple(slots)), people)
    found = [max((slot.headcount for slot in slots), default=0)]
    for cap in caps(whole, person_id, slots):
        all_together = sum(many * slot.headcount for slot, many in cap.counted.items())
        found += [ceil(all_together / cap.most)] if cap.most else []
    return max(found)
