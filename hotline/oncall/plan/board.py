"""Who is on in which slot while a plan grows, what each of them carries, and who may join? Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from hotline.oncall.plan.judge import Judge
from hotline.oncall.plan.problem import Plan, Problem, overlap, shift_of, span_of
from hotline.oncall.proof.broken import Broken
from hotline.oncall.rota.bands import Slot
from hotline.oncall.shifts import Shift

NO_PHONE = "no usable phone"
IMPOSSIBLE = "impossible time"
ON_ALREADY = "on already"
TAKEN = "a tier of one, taken"
_BY_RULE = {
    "R11": "away",
    "R13": "training not valid",
    "R14": "other contract",
    "R18": "phone never tested",
}


@dataclass
class Board:
    """A plan as it grows; `judge` knows the rules."""

    problem: Problem
    judge: Judge = field(init=False)
    _people: dict[Slot, list[str]] = field(default_factory=dict)
    _shifts: dict[str, list[Shift]] = field(default_factory=lambda: defaultdict(list))
    _loads: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _alone: dict[tuple[str, Slot], str | None] = field(default_factory=dict)
    _warned: dict[str, frozenset[Broken]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.judge = Judge(self.problem)

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> "Board":
        """Return a board with a plan on it, whatever the rules say."""
        board = cls(problem)
        for slot, people in plan.items():
            for person_id in people:
                board.add(slot, person_id)
        return board

    @property
    def plan(self) -> Plan:
        """Return the plan, every slot of the problem in it."""
        return {slot: tuple(self._people.get(slot, ())) for slot in self.problem.slots}

    def add(self, slot: Slot, person_id: str) -> None:
        """Put somebody on."""
        self._people.setdefault(slot, []).append(person_id)
        self._shifts[person_id].append(shift_of(slot, person_id))
        self._loads[person_id] += self.problem.weight(slot)
        self._warned.pop(person_id, None)

    def people(self, slot: Slot) -> tuple[str, ...]:
        """Return who is on in a slot."""
        return tuple(self._people.get(slot, ()))

    def missing(self, slot: Slot) -> int:
        """Return how many people a slot lacks."""
        return slot.headcount - len(self._people.get(slot, ()))

    def shifts(self, person_id: str) -> tuple[Shift, ...]:
        """Return the planned shifts of somebody."""
        return tuple(self._shifts.get(person_id, ()))

    def load(self, person_id: str) -> float:
        """Return the weighted hours that somebody carries, from before and by the plan."""
        return self.problem.carried[person_id] + self._loads[person_id]

    def warned(self, person_id: str) -> frozenset[Broken]:
        """Return the warnings that somebody's planned shifts break, as if they were always alone."""
        if person_id not in self._warned:
            self._warned[person_id] = self.judge.warnings(person_id, self.shifts(person_id))
        return self._warned[person_id]

    def beside(self, slot: Slot) -> tuple[Shift, ...]:
        """Return every planned shift that has a moment of a slot."""
        return tuple(
            shift_of(one, person_id)
            for one, people in self._people.items()
            if overlap(one, slot)
            for person_id in people
        )

    def is_taken(self, slot: Slot) -> bool:
        """Tell whether somebody is on, at a moment of a slot, in its tier of one."""
        return slot.role in self.problem.single and any(
            people and one.role == slot.role and overlap(one, slot) for one, people in self._people.items()
        )

    def alone_in_the_way(self, slot: Slot, person_id: str) -> str | None:
        """Say why somebody cannot have a slot whatever else is planned, None if they can."""
        key = (person_id, slot)
        if key not in self._alone:
            self._alone[key] = self._in_the_way(slot, person_id, ())
        return self._alone[key]

    def in_the_way(self, slot: Slot, person_id: str) -> str | None:
        """Say why somebody cannot have a slot beside all that is planned, None if they can."""
        if (always := self.alone_in_the_way(slot, person_id)) is not None:
            return always
        if self.is_taken(slot):
            return TAKEN
        return self._in_the_way(slot, person_id, self.shifts(person_id))

    def _in_the_way(self, slot: Slot, person_id: str, shifts: Iterable[Shift]) -> str | None:
        problem, planned = self.problem, tuple(shifts)
        if not problem.can_be_rung(person_id):
            return NO_PHONE
        if problem.wished.is_impossible(person_id, span_of(slot)):
            return IMPOSSIBLE
        if any(overlap(one, slot) for one in (*problem.kept_by(person_id), *planned)):
            return ON_ALREADY
        broken = self.judge.errors(person_id, (*planned, shift_of(slot, person_id)))
        before = self.judge.errors(person_id, planned) if broken else frozenset()
        return _said({one.rule for one in broken - before})


def _said(rules: Collection[str]) -> str | None:
    """Say what stands in the way: what is about the person first, then the limits they would pass.

    >>> _said({"R7", "R11"}), _said({"R7", "R4"})
    ('away', 'would break R4')
    """
    if not rules:
        return None
    ordered = sorted(rules, key=lambda rule: (rule not in _BY_RULE, int(rule[1:])))
    return _BY_RULE.get(ordered[0], f"would break {ordered[0]}")
