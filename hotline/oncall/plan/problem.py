"""What is to be planned: which slots, by whom, beside what? Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property

from hotline.contract_rules import DutyRules
from hotline.oncall.plan.wished import Wished
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.proof.fairness import weighed
from hotline.oncall.proof.hours import Calendar
from hotline.oncall.proof.rules import terms_or_usual
from hotline.oncall.proof.spans import ONE_DAY, Span, parts_within, union
from hotline.oncall.rota.bands import Slot, moment_of
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.terms import Absence, Terms
from hotline.phone_number import is_dialable

Plan = Mapping[Slot, tuple[str, ...]]
"""Who is on in each slot, by id; a slot that is not named has nobody."""

LOOK_BACK = timedelta(weeks=5)
"""So far back the load that somebody carries already is counted."""


@dataclass(frozen=True)
class Problem:
    """The slots that begin on the local days `first` to `last` (included), and all that decides about them.

    `kept` are the shifts before, beside and after, which no plan changes. `calendar` has the holidays, and
    the service's night for the weights.
    """

    first: date
    last: date
    slots: tuple[Slot, ...]
    people: Mapping[str, Person]
    terms: Mapping[str, Terms]
    absences: tuple[Absence, ...]
    wished: Wished
    kept: tuple[Shift, ...]
    worked: tuple[WorkedPeriod, ...]
    calendar: Calendar
    rules: DutyRules
    single: Collection[str] = frozenset()
    countries: Collection[str] = ("IT",)

    @property
    def places(self) -> int:
        """Return how many places there are in all slots together."""
        return sum(slot.headcount for slot in self.slots)

    @cached_property
    def span(self) -> Span:
        """Return the time that is proved: the days, and until the last slot has ended."""
        zone = self.calendar.zone
        ends = moment_of(self.last + ONE_DAY, time(), zone)
        return Span(moment_of(self.first, time(), zone), max([ends, *(slot.ends_at for slot in self.slots)]))

    def of_role(self, role: str) -> tuple[Person, ...]:
        """Return who is active in a role, by name."""
        return self._of_role.get(role, ())

    @cached_property
    def _of_role(self) -> dict[str, tuple[Person, ...]]:
        found: dict[str, tuple[Person, ...]] = {}
        for person in sorted(self.people.values(), key=lambda one: (one.name.casefold(), one.id)):
            if person.active:
                found[person.role] = (*found.get(person.role, ()), person)
        return found

    def kept_by(self, person_id: str) -> tuple[Shift, ...]:
        """Return the kept shifts of somebody."""
        return self._kept_by.get(person_id, ())

    @cached_property
    def _kept_by(self) -> dict[str, tuple[Shift, ...]]:
        found: dict[str, tuple[Shift, ...]] = {}
        for one in sorted(self.kept, key=lambda kept: kept.starts_at):
            found[one.person_id] = (*found.get(one.person_id, ()), one)
        return found

    def can_be_rung(self, person_id: str) -> bool:
        """Tell whether somebody has a phone that may be rung."""
        return is_dialable(self.people[person_id].phone, self.countries)

    def terms_of(self, person_id: str) -> Terms:
        """Return somebody's terms; of whom nothing is known, those of their role."""
        return terms_or_usual(self.people[person_id], self.terms)

    def weight(self, slot: Slot) -> float:
        """Return the weighted hours of a slot."""
        return self._weights[slot]

    @cached_property
    def _weights(self) -> dict[Slot, float]:
        return {slot: self._weighed([span_of(slot)]) for slot in self.slots}

    @cached_property
    def carried(self) -> dict[str, float]:
        """Return the weighted hours that everybody carries from the weeks before, heavy calls with them."""
        before = Span(self.span.starts_at - LOOK_BACK, self.span.starts_at)
        found = {}
        for person_id in self.people:
            theirs = [span_of(one) for one in self.kept_by(person_id)]
            heavy = [
                one
                for one in self.worked
                if one.heavy and one.person_id == person_id and one.span.within(before)
            ]
            found[person_id] = self._weighed(parts_within(theirs, before), len(heavy))
        return found

    def _weighed(self, spans: Iterable[Span], heavy: int = 0) -> float:
        return weighed(self.calendar.hours_by_kind(union(spans)), heavy, self.rules.weights)


def span_of(one: Slot | Shift) -> Span:
    """Return the time of a slot or a shift."""
    return Span(one.starts_at, one.ends_at)


def shift_of(slot: Slot, person_id: str) -> Shift:
    """Return the shift of somebody who is on in a slot."""
    return Shift(person_id, slot.role, slot.starts_at, slot.ends_at)


def shifts_of(plan: Plan) -> Iterator[Shift]:
    """Yield every shift of a plan."""
    for slot, people in plan.items():
        for person_id in people:
            yield shift_of(slot, person_id)


def overlap(one: Slot | Shift, other: Slot | Shift) -> bool:
    """Tell whether two have a moment in common."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
