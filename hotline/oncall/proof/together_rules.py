"""Is there always who must be there, and who can do what callers may need? R1 and R20. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC

from hotline.contract_rules import WholeRules
from hotline.oncall.proof.coverage import (
    Gap,
    Lack,
    Lacking,
    State,
    joined,
    said,
    states,
    usable,
    wanted_by_r1,
)
from hotline.oncall.proof.duty import Finding
from hotline.oncall.proof.hours import Calendar
from hotline.oncall.proof.spans import Span
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.terms import Terms


@dataclass(frozen=True)
class Together:
    """Everybody's shifts, and what all together must fulfil."""

    shifts: tuple[Shift, ...]
    people: Mapping[str, Person]
    terms: Mapping[str, Terms]
    calendar: Calendar
    proved: Span
    rules: WholeRules
    countries: Collection[str]

    def stretches(self) -> Iterator[tuple[Span, State]]:
        """Yield who can be reached, stretch by stretch."""
        reachable = {person.id for person in usable(self.people.values(), self.countries)}
        return states(self.shifts, reachable, self.calendar, self.proved.starts_at, self.proved.ends_at)


def somebody_there(together: Together) -> Iterator[Finding]:
    """R1, founding text: always a volunteer (or the social worker covers), a social worker, a back-up."""
    backup = together.rules.backup
    missing = joined((span, tuple(wanted_by_r1(state, backup))) for span, state in together.stretches())
    for gap in missing:
        if gap.is_open:
            yield _span(gap), said(gap.lack)


def capable(together: Together) -> Iterator[Finding]:
    """R20, an assumption of this service: somebody on duty can do each thing that a caller may ask for."""
    for wanted in together.rules.capabilities:
        able = {one.person_id for one in together.terms.values() if wanted in one.qualifications}
        lack = Lack(Lacking.LEVELS, ())
        missing = joined(
            (span, () if able & {person for person, _ in state} else (lack,))
            for span, state in together.stretches()
        )
        for gap in missing:
            yield _span(gap), f"nobody on duty has the qualification {wanted}"


def _span(gap: Gap) -> Span:
    return Span(gap.starts_at.astimezone(UTC), gap.ends_at.astimezone(UTC))
