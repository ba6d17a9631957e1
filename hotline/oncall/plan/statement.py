"""How is the problem of one role said to a solver: what may not be, and what everything costs? Pure.

`model` is the solver's own; only `cp_sat.py` knows whose.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from hotline.oncall.plan.board import Board
from hotline.oncall.plan.limits import Cap, Run, caps, runs
from hotline.oncall.plan.pairs import Pairs, pairs_of
from hotline.oncall.plan.problem import Problem, span_of
from hotline.oncall.rota.bands import Slot

_OPEN_PLACE, _WARNING, _PREFERRED, _SPREAD, _ABOVE = 1_000_000, 10_000, 100, 20, 2
"""What an open place costs, a warning, a wish that is not met; a tenth of a weighted hour between the most
and the least loaded, and one above the middle. Fewer warnings never buy a gap."""

_TENTHS = 10
Place = tuple[str, Slot]
"""Somebody in a slot."""


class Statement:
    """One role's problem in a model: `on` has a variable for everybody in every slot that they may have."""

    def __init__(self, problem: Problem, model: Any) -> None:
        self._problem, self._model = problem, model
        board = Board(problem)
        self._judge = board.judge
        self.on: dict[Place, Any] = {
            (person.id, slot): model.new_bool_var("")
            for slot in problem.slots
            for person in problem.of_role(slot.role)
            if board.alone_in_the_way(slot, person.id) is None
        }
        self._slots: dict[str, list[Slot]] = defaultdict(list)
        self._able: dict[Slot, list[Place]] = defaultdict(list)
        for person_id, slot in self.on:
            self._slots[person_id].append(slot)
            self._able[slot].append((person_id, slot))
        self._costs: list[Any] = []
        self._say()

    def _say(self) -> None:
        self._places()
        pairs = pairs_of(self._problem)
        for person_id, slots in self._slots.items():
            person = self._problem.people[person_id]
            self._never_two(slots, [person_id])
            self._pairs(person_id, pairs[person.role, self._problem.terms_of(person_id).contract])
            for cap in caps(self._problem, person_id, slots):
                self._cap(person_id, cap)
            for run in runs(self._problem, person_id, slots):
                self._run(person_id, run)
        self._preferences()
        self._company()
        self._capabilities()
        self._shares()
        self._model.minimize(sum(self._costs))

    def _places(self) -> None:
        """No slot has more people than it asks for, a tier of one never two; open places cost most."""
        for slot in self._problem.slots:
            on = self._sum(self._able[slot])
            self._model.add(on <= slot.headcount)
            self._costs.append(_OPEN_PLACE * (slot.headcount - on))
        for role in self._problem.single:
            self._never_two([one for one in self._problem.slots if one.role == role], list(self._slots))

    def _never_two(self, slots: Sequence[Slot], people: Sequence[str]) -> None:
        """Let at most one slot be taken of those that run when each begins: so never two at any moment."""
        for slot in slots:
            running = [one for one in slots if one.starts_at <= slot.starts_at < one.ends_at]
            if len(running) > 1:
                self._model.add(self._sum((who, one) for one in running for who in people) <= 1)

    def _pairs(self, person_id: str, pairs: Pairs) -> None:
        for one, other in pairs.firm:
            self._model.add(self._sum([(person_id, one), (person_id, other)]) <= 1)
        for one, other in pairs.warning:
            if (person_id, one) in self.on and (person_id, other) in self.on:
                self._warn(self._sum([(person_id, one), (person_id, other)]) - 1, 1)
        for slot, warnings in pairs.warned.items():
            self._costs.append(_WARNING * warnings * self._sum([(person_id, slot)]))

    def _cap(self, person_id: str, cap: Cap) -> None:
        counted = sum(many * self.on[person_id, slot] for slot, many in cap.counted.items())
        if cap.firm:
            self._model.add(counted <= cap.most)
        else:
            self._warn(counted - cap.most, sum(cap.counted.values()))

    def _run(self, person_id: str, run: Run) -> None:
        days = []
        for slots in run.days:
            days.append(self._model.new_bool_var(""))
            for slot in slots:
                self._model.add_implication(self.on[person_id, slot], days[-1])
        self._warn(sum(days) - run.most, len(days))

    def _warn(self, beyond: Any, most: int) -> None:
        """Let whatever is beyond a limit cost a warning."""
        broken = self._model.new_int_var(0, most, "")
        self._model.add(broken >= beyond)
        self._costs.append(_WARNING * broken)

    def _preferences(self) -> None:
        for (person_id, slot), on in self.on.items():
            if self._problem.wished.is_preferred(person_id, span_of(slot)):
                self._costs.append(_PREFERRED * (1 - on))

    def _company(self) -> None:
        """R15: let somebody new be on beside a volunteer who is not."""
        for (person_id, slot), on in self.on.items():
            if slot.role == "volunteer" and self._judge.is_new(person_id):
                beside = [
                    place
                    for one in self._problem.slots
                    if one.starts_at <= slot.starts_at and slot.ends_at <= one.ends_at
                    for place in self._able[one]
                    if not self._judge.is_new(place[0])
                ]
                self._warn(on - self._sum(beside), 1)

    def _capabilities(self) -> None:
        """R20: whenever somebody comes or goes, let somebody on duty have what callers may ask for."""
        problem, whole = self._problem, self._problem.span
        moments = {slot.starts_at for slot in problem.slots}
        moments |= {at for one in problem.kept for at in (one.starts_at, one.ends_at)}
        within = sorted(at for at in moments if whole.starts_at <= at < whole.ends_at)
        for wanted in problem.rules.whole.capabilities:
            able = {one for one, terms in problem.terms.items() if wanted in terms.qualifications}
            kept = [one for one in problem.kept if one.person_id in able]
            for moment in within:
                if not any(one.starts_at <= moment < one.ends_at for one in kept):
                    running = [one for one in problem.slots if one.starts_at <= moment < one.ends_at]
                    self._warn(1 - self._sum((who, one) for one in running for who in able), 1)

    def _shares(self) -> None:
        """Keep the most and the least loaded near each other, and nobody far above the middle."""
        loads = [self._load(person_id) for person_id in self._slots]
        if len(loads) < 2:
            return
        people, problem = list(self._slots), self._problem
        whole = sum(problem.weight(slot) * slot.headcount for slot in problem.slots)
        carried = [problem.carried[person_id] for person_id in people]
        middle, ceiling = _tenths((whole + sum(carried)) / len(people)), _tenths(whole + max(carried))
        most, least = (self._model.new_int_var(0, ceiling, "") for _ in range(2))
        for load in loads:
            above = self._model.new_int_var(0, ceiling, "")
            for said in (load <= most, load >= least, above >= load - middle):
                self._model.add(said)
            self._costs.append(_ABOVE * above)
        self._costs.append(_SPREAD * (most - least))

    def _load(self, person_id: str) -> Any:
        slots = self._slots[person_id]
        planned = sum(_tenths(self._problem.weight(slot)) * self.on[person_id, slot] for slot in slots)
        return _tenths(self._problem.carried[person_id]) + planned

    def _sum(self, places: Iterable[Place]) -> Any:
        return sum(self.on[place] for place in places if place in self.on)


def _tenths(hours: float) -> int:
    return round(hours * _TENTHS)
