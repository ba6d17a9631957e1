"""Which rules would one person break with some shifts that they do not break without them? Pure.

The rules are those of the proof itself, so that a plan and the review of its draft cannot disagree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hotline.oncall.plan.problem import Problem
from hotline.oncall.proof.broken import Broken, Level
from hotline.oncall.proof.duty import Duty
from hotline.oncall.proof.hours import Calendar
from hotline.oncall.proof.rules import broken_by_one, new_people
from hotline.oncall.shifts import Shift


class Judge:
    """What the rules say about the people of one problem; what the kept shifts break is nobody's fault."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        # The rules know the night of the law, not the service's.
        self._calendar = Calendar(problem.calendar.zone, problem.calendar.holidays)
        today = self._calendar.local_day(problem.span.starts_at)
        self._new = frozenset(new_people(problem.people, problem.terms, today, problem.rules))
        self._alone: dict[str, Duty] = {}
        self._known: dict[tuple[str, Level], frozenset[Broken]] = {}

    def errors(self, person_id: str, shifts: Iterable[Shift]) -> frozenset[Broken]:
        """Return the errors that somebody's shifts add to what they have broken anyway."""
        return self._added(person_id, Level.ERROR, shifts, ())

    def warnings(
        self, person_id: str, shifts: Iterable[Shift], everybody: Sequence[Shift] = ()
    ) -> frozenset[Broken]:
        """Return the warnings that they add; `everybody`'s shifts tell who is alone."""
        return self._added(person_id, Level.WARNING, shifts, everybody)

    def is_new(self, person_id: str) -> bool:
        """Tell whether somebody began so lately that they should not be alone."""
        return person_id in self._new

    def _added(
        self, person_id: str, level: Level, shifts: Iterable[Shift], everybody: Sequence[Shift]
    ) -> frozenset[Broken]:
        duty, key = self._duty(person_id), (person_id, level)
        if key not in self._known:
            self._known[key] = frozenset(broken_by_one(duty, (level,)))
        theirs = tuple(sorted((*duty.shifts, *shifts), key=lambda one: one.starts_at))
        whole = replace(duty, shifts=theirs, all_shifts=(*duty.all_shifts, *everybody))
        return frozenset(broken_by_one(whole, (level,))) - self._known[key]

    def _duty(self, person_id: str) -> Duty:
        if person_id not in self._alone:
            self._alone[person_id] = self._kept_duty(person_id)
        return self._alone[person_id]

    def _kept_duty(self, person_id: str) -> Duty:
        problem, terms = self._problem, self._problem.terms_of(person_id)
        return Duty(
            person=problem.people[person_id],
            terms=terms,
            limits=problem.rules.contracts[terms.contract],
            shifts=problem.kept_by(person_id),
            worked=tuple(one for one in problem.worked if one.person_id == person_id),
            absences=tuple(one for one in problem.absences if one.person_id == person_id),
            all_shifts=problem.kept,
            new_people=self._new,
            calendar=self._calendar,
            proved=problem.span,
        )
