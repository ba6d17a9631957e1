"""What of one person's time do the rules look at: shifts, worked hours, absences, limits? Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hotline.contract_rules import ContractRules
from hotline.oncall.proof.hours import Calendar
from hotline.oncall.proof.spans import Span, union
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.terms import Absence, Terms

Finding = tuple[Span, str]
"""When a rule is broken, and the sentence that says so."""


class Work(StrEnum):
    """Why somebody worked: called out while on call, or in ordinary hours known from elsewhere."""

    CALL_OUT = "call_out"
    ORDINARY = "ordinary"


@dataclass(frozen=True)
class WorkedPeriod:
    """Somebody worked from `starts_at` until just before `ends_at`; `heavy`: they marked the call so."""

    person_id: str
    starts_at: datetime
    ends_at: datetime
    heavy: bool = False
    work: Work = Work.CALL_OUT

    @property
    def span(self) -> Span:
        """Return when."""
        return Span(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Duty:
    """One person's time around the stretch that is proved; `all_shifts` are everybody's.

    What is older than what is given counts as free: averages are as good as the history they are given.
    """

    person: Person
    terms: Terms
    limits: ContractRules
    shifts: tuple[Shift, ...]
    worked: tuple[WorkedPeriod, ...]
    absences: tuple[Absence, ...]
    all_shifts: Sequence[Shift]
    new_people: frozenset[str]
    calendar: Calendar
    proved: Span

    @property
    def zone(self) -> ZoneInfo:
        """Return where the wall is."""
        return self.calendar.zone

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return each shift's time, earliest first."""
        return tuple(Span(one.starts_at, one.ends_at) for one in self.shifts)

    @property
    def blocks(self) -> tuple[Span, ...]:
        """Return the time on duty; shifts that touch are one block."""
        return union(self.spans)

    @property
    def on_call(self) -> tuple[Span, ...]:
        """Return the time on call: none, where every hour on duty is work."""
        return () if self.limits.duty_is_work else self.blocks

    @property
    def planned_work(self) -> tuple[Span, ...]:
        """Return the work that was planned: ordinary hours, and shifts where they are work."""
        ordinary = [one.span for one in self.worked if one.work == Work.ORDINARY]
        return union([*ordinary, *(self.spans if self.limits.duty_is_work else ())])

    @property
    def call_outs(self) -> tuple[WorkedPeriod, ...]:
        """Return the work that nobody planned."""
        return tuple(one for one in self.worked if one.work == Work.CALL_OUT)

    @property
    def work(self) -> tuple[Span, ...]:
        """Return all work, call-outs included."""
        return union([*self.planned_work, *(one.span for one in self.call_outs)])

    def local_day(self, moment: datetime) -> date:
        """Return the date on the wall."""
        return self.calendar.local_day(moment)


def weeks_back(proved: Span, days: int) -> Iterator[Span]:
    """Yield windows of so many times 24 hours that end in what is proved, latest first, a week apart."""
    ends_at = proved.ends_at
    while ends_at > proved.starts_at:
        yield Span(ends_at - timedelta(days=days), ends_at)
        ends_at -= timedelta(days=7)
