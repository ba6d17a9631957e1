"""How much of what may one person have, firmly or at the price of a warning? As sums, for a solver. Pure.

What cannot be said as a sum (weekly rest in fourteen days, R4) is left to `mend.py`, which asks the proof.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import TypeVar

from hotline.oncall.plan.problem import Problem, span_of
from hotline.oncall.proof.broken import Level
from hotline.oncall.proof.duty import weeks_back
from hotline.oncall.proof.hours import nights_held
from hotline.oncall.proof.rules import level_of
from hotline.oncall.proof.spans import ONE_DAY, Span, days_of, parts_within, wall_hours
from hotline.oncall.rota.bands import Slot
from hotline.oncall.shifts import Shift

_MINUTE = timedelta(minutes=1)
Month = tuple[int, int]
_Timed = TypeVar("_Timed", Slot, Shift)


@dataclass(frozen=True)
class Cap:
    """At most so much of these slots, each with what it counts; passing a `firm` one is an error."""

    counted: Mapping[Slot, int]
    most: int
    firm: bool = False


@dataclass(frozen=True)
class Run:
    """At most so many of these days on duty, each day with the slots that make it one; more is a warning."""

    days: tuple[tuple[Slot, ...], ...]
    most: int


def caps(problem: Problem, person_id: str, slots: Sequence[Slot]) -> Iterator[Cap]:
    """Yield the limits of somebody's months and hours: R5, R7, R12."""
    yield from _times_on_call(problem, person_id, slots)
    yield from _shifts_a_month(problem, person_id, slots)
    yield from _worked_hours(problem, person_id, slots)


def runs(problem: Problem, person_id: str, slots: Sequence[Slot]) -> Iterator[Run]:
    """Yield how many nights and days running somebody may be on duty, R17; one night is a matter of pairs."""
    limits = problem.rules.contracts[problem.terms_of(person_id).contract]
    zone, kept = problem.calendar.zone, [span_of(one) for one in problem.kept_by(person_id)]
    nights: dict[date, list[Slot]] = defaultdict(list)
    days: dict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        for evening in nights_held([span_of(slot)], zone):
            nights[evening].append(slot)
        for day in days_of(span_of(slot), zone):
            days[day].append(slot)
    if limits.nights_running > 1:
        yield from _windows(nights, limits.nights_running, nights_held(kept, zone))
    if limits.days_running:
        yield from _windows(days, limits.days_running, {day for one in kept for day in days_of(one, zone)})


def _windows(on: Mapping[date, Sequence[Slot]], most: int, kept: Collection[date]) -> Iterator[Run]:
    """Yield every stretch of one day more than may be; days that are kept leave less of it."""
    firsts = {day - ONE_DAY * back for day in on for back in range(most + 1)}
    for first in sorted(firsts):
        window = [first + ONE_DAY * ahead for ahead in range(most + 1)]
        days = tuple(tuple(on[day]) for day in window if day in on and day not in kept)
        left = most - sum(day in kept for day in window)
        if days and len(days) > left >= 0:
            yield Run(days, left)


def _times_on_call(problem: Problem, person_id: str, slots: Sequence[Slot]) -> Iterator[Cap]:
    """R7: times of twelve hours of the wall, by month; shifts that touch are as many times or fewer."""
    limits = problem.rules.contracts[problem.terms_of(person_id).contract]
    level = level_of("R7", Level.ERROR, limits.levels)
    if level is None or limits.duty_is_work or not limits.on_call_a_month or not limits.on_call_hours:
        return
    unit, zone = timedelta(hours=limits.on_call_hours), problem.calendar.zone

    def months(one: Slot | Shift) -> Iterator[Month]:
        times = ceil(wall_hours(span_of(one), zone) / limits.on_call_hours)
        return (_month(problem, one.starts_at + unit * number) for number in range(times))

    counted, kept = _by_month(slots, months), _by_month(problem.kept_by(person_id), months)
    for month, of_month in counted.items():
        left = limits.on_call_a_month - sum(kept.get(month, {}).values())
        yield Cap(of_month, max(0, left), firm=level == Level.ERROR)


def _shifts_a_month(problem: Problem, person_id: str, slots: Sequence[Slot]) -> Iterator[Cap]:
    """R12: shifts by day, and shifts by night, by month."""
    limits = problem.rules.contracts[problem.terms_of(person_id).contract]
    level, zone = level_of("R12", Level.WARNING, limits.levels), problem.calendar.zone
    if level is None:
        return
    for by_night, most in ((False, limits.day_shifts_a_month), (True, limits.night_shifts_a_month)):

        def months(one: Slot | Shift, by_night: bool = by_night) -> Iterator[Month]:
            if bool(nights_held([span_of(one)], zone)) == by_night:
                yield _month(problem, one.starts_at)

        counted, kept = _by_month(slots, months), _by_month(problem.kept_by(person_id), months)
        for month, of_month in counted.items() if most else ():
            left = max(0, most - sum(kept.get(month, {}).values()))
            yield Cap(of_month, left, firm=level == Level.ERROR)


def _worked_hours(problem: Problem, person_id: str, slots: Sequence[Slot]) -> Iterator[Cap]:
    """R5, in minutes: the hours of every window, where being on duty is work."""
    limits = problem.rules.contracts[problem.terms_of(person_id).contract]
    level = level_of("R5", Level.ERROR, limits.levels)
    if level is None or not limits.duty_is_work or not limits.average_week_hours or not limits.average_weeks:
        return
    worked = [one.span for one in problem.worked if one.person_id == person_id]
    worked += [span_of(one) for one in problem.kept_by(person_id)]
    for window in weeks_back(problem.span, limits.average_weeks * 7):
        counted = {slot: minutes for slot in slots if (minutes := _minutes([span_of(slot)], window))}
        most = limits.average_week_hours * limits.average_weeks * 60 - _minutes(worked, window)
        yield Cap(counted, max(0, most), firm=level == Level.ERROR)


def _by_month(
    found: Sequence[_Timed], months: Callable[[_Timed], Iterator[Month]]
) -> dict[Month, dict[_Timed, int]]:
    counted: dict[Month, dict[_Timed, int]] = defaultdict(lambda: defaultdict(int))
    for one in found:
        for month in months(one):
            counted[month][one] += 1
    return counted


def _month(problem: Problem, moment: datetime) -> Month:
    day = problem.calendar.local_day(moment)
    return day.year, day.month


def _minutes(spans: Sequence[Span], window: Span) -> int:
    return sum(one.length // _MINUTE for one in parts_within(spans, window))
