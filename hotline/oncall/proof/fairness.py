"""Who carries how much: hours on duty, weighted, by name in the order of the alphabet? Pure.

It serves a fair rota. There is no ranking and no score: nothing is sorted by it, nobody is compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.contract_rules import Weights
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.proof.hours import Calendar, HourKind
from hotline.oncall.proof.spans import Span, union
from hotline.people.person import Person

_WHOLE = 100


@dataclass(frozen=True)
class Share:
    """What one person carried: real hours of each kind, heavy calls, and all of it in weighted hours."""

    person: Person
    hours: Mapping[HourKind, float]
    heavy_calls: int
    weighted: float

    @property
    def total(self) -> float:
        """Return the real hours."""
        return sum(self.hours.values())


def shares(
    people: Iterable[Person],
    on_duty: Mapping[tuple[str, str], Sequence[Span]],
    worked: Iterable[WorkedPeriod],
    calendar: Calendar,
    weights: Weights,
) -> tuple[Share, ...]:
    """Return everybody who is active or was on duty, by name."""
    heavy = [one.person_id for one in worked if one.heavy]
    found = []
    for person in sorted(people, key=lambda one: (one.name.casefold(), one.id)):
        spans = union(span for (who, _), theirs in on_duty.items() if who == person.id for span in theirs)
        if not person.active and not spans:
            continue
        hours = calendar.hours_by_kind(spans)
        calls = heavy.count(person.id)
        found.append(Share(person, hours, calls, weighed(hours, calls, weights)))
    return tuple(found)


def weighed(hours: Mapping[HourKind, float], heavy_calls: int, weights: Weights) -> float:
    """Return weighted hours; what weighs more adds up.

    >>> weights = Weights(night_extra_percent=50, holiday_extra_percent=100, heavy_call_hours=4)
    >>> weighed({HourKind.WEEKDAY: 4, HourKind.NIGHT: 2, HourKind.HOLIDAY_NIGHT: 2}, 1, weights)
    16.0
    """
    night, holiday = weights.night_extra_percent, weights.holiday_extra_percent
    extra = {
        HourKind.WEEKDAY: 0,
        HourKind.NIGHT: night,
        HourKind.HOLIDAY: holiday,
        HourKind.HOLIDAY_NIGHT: night + holiday,
    }
    percents = sum(many * (_WHOLE + extra[kind]) for kind, many in hours.items())
    return float(percents / _WHOLE + heavy_calls * weights.heavy_call_hours)


def shares_as_json(found: Iterable[Share]) -> list[dict[str, Any]]:
    """Return the shape that `hotline fairness --json` promises."""
    return [
        {
            "name": one.person.name,
            "role": one.person.role,
            "hours": {kind.value: round(many, 2) for kind, many in one.hours.items()},
            "heavy_calls": one.heavy_calls,
            "weighted_hours": round(one.weighted, 2),
        }
        for one in found
    ]


def share_lines(found: Sequence[Share]) -> list[str]:
    """Return the table that `hotline fairness` prints."""
    width = max([len("name"), *(len(one.person.name) for one in found)])
    lines = [f"{'name':<{width}}  {'role':<13}    hours    night  holiday  heavy  weighted"]
    for one in found:
        night = one.hours[HourKind.NIGHT] + one.hours[HourKind.HOLIDAY_NIGHT]
        holiday = one.hours[HourKind.HOLIDAY] + one.hours[HourKind.HOLIDAY_NIGHT]
        lines.append(
            f"{one.person.name:<{width}}  {one.person.role:<13}  {one.total:>7.1f}  {night:>7.1f}  "
            f"{holiday:>7.1f}  {one.heavy_calls:>5}  {one.weighted:>8.1f}"
        )
    return lines
