"""Who may take a shift, and who best: able, like whoever offers it, rested, least loaded? Pure.

It serves to ask people in a sensible order. No score is kept or shown: only the order, and the facts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.contract_rules import WholeRules
from hotline.oncall.overrides.verdict import Surroundings
from hotline.oncall.proof.broken import Broken, Level
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.proof.fairness import weighed
from hotline.oncall.proof.hours import Calendar
from hotline.oncall.proof.rules import broken_rules
from hotline.oncall.proof.spans import Span, parts_within, union
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.terms import Wish, Wishes
from hotline.phone_number import is_dialable

RESTED = 11.0
"""So many free hours before and after it are a rest, as R2 has it."""

LOAD_WEEKS = timedelta(weeks=4)
"""The load of so many weeks before and after it is weighed."""

_NOTHING_TOGETHER = WholeRules(levels={"R1": "off", "R20": "off"})
"""What all must fulfil together is the same whoever takes it, and costs the most to prove."""

_A_FORTNIGHT, _ONE_DAY = timedelta(days=14), timedelta(days=1)


@dataclass(frozen=True)
class Substitute:
    """Somebody who could take it: what they lack, which rules of theirs it breaks, how rested they are.

    `lacks` are languages and qualifications of whoever offers it; `rest_hours` are the fewer ones of those
    since and until their neighbouring shifts, None without any near; `load` orders, and is never shown.
    """

    person: Person
    lacks: tuple[str, ...]
    broken: tuple[Broken, ...]
    rest_hours: float | None
    load: float

    @property
    def order(self) -> tuple[bool, int, bool, float, str, str]:
        """Return what sorts the best to the front."""
        tired = self.rest_hours is not None and self.rest_hours < RESTED
        return (
            bool(self.broken),
            len(self.lacks),
            tired,
            self.load,
            self.person.name.casefold(),
            self.person.id,
        )


def substitutes(
    around: Surroundings, shift: Shift, wishes: Iterable[Wish], now: datetime
) -> tuple[Substitute, ...]:
    """Return who may take a shift at all, the best first; those whose rules it breaks come last."""
    wanted = Span(max(shift.starts_at, now), shift.ends_at)
    able = [one for one in around.people.values() if _able(around, shift, wanted, one, wishes)]
    return tuple(sorted((_substitute(around, shift, wanted, one) for one in able), key=lambda one: one.order))


def _able(around: Surroundings, shift: Shift, wanted: Span, person: Person, wishes: Iterable[Wish]) -> bool:
    """Tell whether somebody could be asked: their role, reachable, free, and not against their word."""
    reachable = person.active and is_dialable(person.phone, around.countries)
    if not reachable or person.role != shift.role or person.id == shift.person_id:
        return False
    mine = [Span(one.starts_at, one.ends_at) for one in around.shifts if one.person_id == person.id]
    mine += [Span(one.starts_at, one.ends_at) for one in around.absences if one.person_id == person.id]
    zone = around.profile.service.timezone
    mine += [
        span
        for wish in wishes
        if wish.person_id == person.id and wish.wish == Wishes.IMPOSSIBLE
        for span in wished(wish, wanted, zone)
    ]
    return not any(span.within(wanted) for span in mine)


def wished(wish: Wish, near: Span, zone: ZoneInfo) -> Iterator[Span]:
    """Yield when a wish holds, around a stretch of time: wall time, whatever the clocks do."""
    day = near.starts_at.astimezone(zone).date() - _ONE_DAY
    while day <= near.ends_at.astimezone(zone).date():
        if day.weekday() in wish.days:
            last = day if wish.starts < wish.ends else day + _ONE_DAY
            begins = datetime.combine(day, wish.starts, zone)
            ends = datetime.combine(last, wish.ends, zone)
            yield Span(begins, ends)
        day += _ONE_DAY


def _substitute(around: Surroundings, shift: Shift, wanted: Span, person: Person) -> Substitute:
    mine = [one for one in around.shifts if one.person_id == person.id]
    spans = [Span(one.starts_at, one.ends_at) for one in mine]
    gaps = [(wanted.starts_at - one.ends_at) for one in spans if one.ends_at <= wanted.starts_at]
    gaps += [(one.starts_at - wanted.ends_at) for one in spans if wanted.ends_at <= one.starts_at]
    return Substitute(
        person=person,
        lacks=tuple(sorted(_strengths(around, shift.person_id) - _strengths(around, person.id))),
        broken=tuple(_newly_broken(around, mine, shift, wanted, person)),
        rest_hours=min((gap / timedelta(hours=1) for gap in gaps), default=None),
        load=_load(around, spans, wanted, person),
    )


def _strengths(around: Surroundings, person_id: str) -> set[str]:
    person, terms = around.people.get(person_id), around.terms.get(person_id)
    qualifications = {one.value for one in terms.qualifications} if terms is not None else set[str]()
    return qualifications | set(person.languages if person is not None else ())


def _newly_broken(
    around: Surroundings, mine: Sequence[Shift], shift: Shift, wanted: Span, person: Person
) -> Iterator[Broken]:
    """Yield the rules of one person that the shift would break; what holds for all together is no matter."""
    added = Shift(person.id, shift.role, wanted.starts_at, wanted.ends_at)
    before = set(_of_one(around, mine, wanted))
    for one in _of_one(around, (*mine, added), wanted):
        if one.person_id == person.id and one.level == Level.ERROR and one not in before:
            yield one


def _of_one(around: Surroundings, shifts: Sequence[Shift], wanted: Span) -> tuple[Broken, ...]:
    return broken_rules(
        shifts,
        around.people,
        around.terms,
        around.absences,
        around.profile.service.timezone,
        around.holidays,
        wanted.starts_at,
        wanted.ends_at + _A_FORTNIGHT,
        _worked_by(around, shifts),
        replace(around.profile.rules, whole=_NOTHING_TOGETHER),
        around.countries,
    )


def _worked_by(around: Surroundings, shifts: Sequence[Shift]) -> tuple[WorkedPeriod, ...]:
    whose = {one.person_id for one in shifts}
    return tuple(one for one in around.worked if one.person_id in whose)


def _load(around: Surroundings, spans: Iterable[Span], wanted: Span, person: Person) -> float:
    """Return the weighted hours of the weeks before and after it, as `hotline fairness` counts them."""
    window = Span(wanted.starts_at - LOAD_WEEKS, wanted.ends_at + LOAD_WEEKS)
    profile = around.profile
    calendar = Calendar(profile.service.timezone, around.holidays, profile.night)
    heavy = [one for one in around.worked if one.person_id == person.id and one.heavy]
    heavy_calls = sum(one.span.within(window) is not None for one in heavy)
    hours = calendar.hours_by_kind(parts_within(union(spans), window))
    return weighed(hours, heavy_calls, profile.rules.weights)
