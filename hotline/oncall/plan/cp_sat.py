"""Which plan fills most, warns least and shares the load best? The solver OR-Tools CP-SAT is asked. Pure.

The only file that meets it: an optional extra, loaded when it is needed. It works role after role on parts of
the plan that are small enough to be solved: some people's month, some days of all. See decision 16.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from hotline.errors import BadInput
from hotline.oncall.plan.problem import Plan, Problem, shifts_of
from hotline.oncall.plan.statement import Place, Statement
from hotline.oncall.proof.spans import ONE_DAY

_WORK_A_SECOND = 0.2
"""The solver counts its own work, which is the same on every machine; about so much is done in a second."""

_WORK_BEFORE_A_PART, _WORK_A_PART = 0.01, 0.3
_PEOPLE_A_PART, _PLACES_A_PART = 6, 120
"""Parts that are solved within the work that they may take: so many people, or days with so many places."""


def is_installed() -> bool:
    """Tell whether the solver is here."""
    return find_spec("ortools") is not None


def cp_sat(problem: Problem, plan: Plan, seconds: float) -> Plan:
    """Return a better plan, or the same, after about so many seconds of work.

    The same problem gives the same plan, on a slow machine later. Raise `BadInput` without the solver.
    """
    cp_model = _solver()
    left, found = seconds * _WORK_A_SECOND, dict(plan)
    roles = sorted({slot.role for slot in problem.slots}, key=lambda role: (len(problem.of_role(role)), role))
    for number, role in enumerate(roles):
        others = {slot: people for slot, people in found.items() if slot.role != role}
        of_role = replace(
            problem,
            slots=tuple(slot for slot in problem.slots if slot.role == role),
            kept=(*problem.kept, *shifts_of(others)),
        )
        # The small ones are soon as good as they get; the largest team, at the end, has all that is left.
        search = _Search(cp_model, of_role, found, left / (1 if number == len(roles) - 1 else 6))
        search.run()
        left -= search.worked
        found |= search.plan()
    return found


def _solver() -> Any:
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        raise BadInput("the solver is missing: pip install 'hotline[plan]', or use --solver greedy") from None
    return cp_model


class _Search:
    """The search for one role: `taken` is the best known, by everybody in every slot."""

    def __init__(self, cp_model: Any, problem: Problem, plan: Plan, work: float) -> None:
        self._cp_model, self._problem, self._work = cp_model, problem, work
        self._model = cp_model.CpModel()
        self._on = Statement(problem, self._model).on
        self._taken = {place: place[0] in plan.get(place[1], ()) for place in self._on}
        self._cost: float | None = None
        self.worked = 0.0

    def plan(self) -> Plan:
        """Return the best plan known."""
        return {
            slot: tuple(one.id for one in self._problem.of_role(slot.role) if self._taken.get((one.id, slot)))
            for slot in self._problem.slots
        }

    def run(self) -> None:
        """Solve part after part, until none gets better or the work is done."""
        self._solve(set())
        while self._is_better_after(self._some_people) or self._is_better_after(self._some_days):
            pass

    def _is_better_after(self, parts: Callable[[], Iterator[set[Place]]]) -> bool:
        before = self._cost
        for part in parts():
            if self.worked >= self._work:
                return False
            self._solve(part)
        return self._cost != before

    def _solve(self, free: set[Place]) -> None:
        """Solve with everything but a part fixed as it is best known."""
        self._model.clear_hints()
        for place, on in self._on.items():
            if place not in free:
                self._model.add_hint(on, self._taken[place])
        solver = self._cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.symmetry_level = 0
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.fix_variables_to_their_hinted_value = True
        solver.parameters.max_deterministic_time = _WORK_A_PART
        status = solver.solve(self._model)
        self.worked += solver.response_proto.deterministic_time + _WORK_BEFORE_A_PART
        if status not in (self._cp_model.OPTIMAL, self._cp_model.FEASIBLE):
            return
        if self._cost is None or solver.objective_value < self._cost:
            self._cost = solver.objective_value
            self._taken = {place: solver.boolean_value(on) for place, on in self._on.items()}

    def _some_people(self) -> Iterator[set[Place]]:
        """Yield the months of a few, of whom half carry most and half least."""
        people = sorted({person_id for person_id, _ in self._on})
        half = max(1, min(_PEOPLE_A_PART, len(people) // 2) // 2)
        for first in range(0, (len(people) + 1) // 2, half):
            loads = self._loads()
            ordered = sorted(people, key=lambda one: (loads[one], one))
            last = len(ordered) - first
            part = {*ordered[first : first + half], *ordered[max(0, last - half) : last]}
            yield {place for place in self._on if place[0] in part}

    def _some_days(self) -> Iterator[set[Place]]:
        """Yield stretches of days that overlap by half."""
        days = (self._problem.last - self._problem.first).days + 1
        length = max(2, min(days, days * _PLACES_A_PART // max(1, len(self._on))))
        for ahead in range(0, days, max(1, length // 2)):
            first = self._problem.first + ONE_DAY * ahead
            last = first + timedelta(days=length - 1)
            yield {place for place in self._on if first <= place[1].day <= last}

    def _loads(self) -> Mapping[str, float]:
        loads = dict(self._problem.carried)
        for (person_id, slot), taken in self._taken.items():
            loads[person_id] += taken * self._problem.weight(slot)
        return loads
