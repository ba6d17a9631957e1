"""Which two slots should one person not have both, and which slot warns whoever has it? Pure.

The rules of the proof are asked themselves, for a stand-in of each contract: about rest (R2), parts that are
too short (R8), shifts that touch and are one long block (R12), and two nights running (R16).
"""

from collections.abc import Iterator
from functools import cached_property

from hotline.oncall.plan.judge import Judge
from hotline.oncall.plan.problem import Problem, overlap, shift_of
from hotline.oncall.plan.stand_in import staffed_by, stand_ins
from hotline.oncall.proof.spans import ONE_DAY
from hotline.oncall.rota.bands import Slot
from hotline.people.terms import Contract


class Pairs:
    """What the rules say of the slots of one role under one contract, whoever has them."""

    def __init__(self, problem: Problem, role: str, contract: Contract) -> None:
        people = stand_ins(role, contract)
        self._person = next(iter(people))
        self._judge = Judge(staffed_by(problem, people))
        self._slots = sorted(
            (one for one in problem.slots if one.role == role), key=lambda one: (one.starts_at, one.ends_at)
        )

    @cached_property
    def warned(self) -> dict[Slot, int]:
        """Return how many warnings a slot alone breaks."""
        return {slot: self._warnings(slot) for slot in self._slots}

    @cached_property
    def firm(self) -> tuple[tuple[Slot, Slot], ...]:
        """Return the pairs that break an error which neither breaks alone."""
        return tuple(
            (one, other)
            for one, other in self._near()
            if len(self._errors(one, other)) > len(self._errors(one) | self._errors(other))
        )

    @cached_property
    def warning(self) -> tuple[tuple[Slot, Slot], ...]:
        """Return the pairs that break more warnings than both alone."""
        return tuple(
            (one, other)
            for one, other in self._near()
            if self._warnings(one, other) > self.warned[one] + self.warned[other]
        )

    def _near(self) -> Iterator[tuple[Slot, Slot]]:
        """Yield the pairs of which the second begins within a day of the end of the first."""
        for number, one in enumerate(self._slots):
            for other in self._slots[number + 1 :]:
                if other.starts_at > one.ends_at + ONE_DAY:
                    break
                if not overlap(one, other):
                    yield one, other

    def _errors(self, *slots: Slot) -> set[str]:
        found = self._judge.errors(self._person, [shift_of(slot, self._person) for slot in slots])
        return {one.rule for one in found}

    def _warnings(self, *slots: Slot) -> int:
        return len(self._judge.warnings(self._person, [shift_of(slot, self._person) for slot in slots]))


def pairs_of(problem: Problem) -> dict[tuple[str, Contract], Pairs]:
    """Return what the rules say for every role and contract that somebody has."""
    found: dict[tuple[str, Contract], Pairs] = {}
    for person in problem.people.values():
        key = (person.role, problem.terms_of(person.id).contract)
        if key not in found:
            found[key] = Pairs(problem, *key)
    return found
