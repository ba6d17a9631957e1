"""What would an override break: what cannot be, which rules, which coverage? Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hotline.oncall.overrides.override import Override, changed
from hotline.oncall.proof.broken import Broken, Level
from hotline.oncall.proof.coverage import Gap, gaps
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.proof.rules import broken_rules
from hotline.oncall.proof.spans import Span, without
from hotline.oncall.shifts import LONGEST_SHIFT, Shift
from hotline.people.person import Person
from hotline.people.terms import Absence, Terms
from hotline.phone_number import is_dialable, mask
from hotline.profile import Profile

LOOK_AROUND = timedelta(weeks=5)
"""So far before and after it the rules of rest and of turns a month look."""

_A_FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True)
class Surroundings:
    """What is known around the overrides: who is on, who everybody is, on what terms, who is away."""

    profile: Profile
    shifts: Sequence[Shift]
    people: Mapping[str, Person]
    terms: Mapping[str, Terms]
    absences: Sequence[Absence]
    holidays: Collection[date]
    countries: Collection[str] = ("IT",)
    worked: Sequence[WorkedPeriod] = ()


@dataclass(frozen=True)
class Verdict:
    """What overrides would bring about; only the impossible refuses, the rest needs a reason.

    `broken` and `gaps` are new: what is broken already, with them or without, is not held against them, nor
    what they only make smaller: of a hole that nobody filled, less.
    """

    impossible: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[Broken, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing stands against them."""
        return not (self.impossible or self.broken or self.gaps)

    def lines(self, surroundings: Surroundings) -> list[str]:
        """Return a line for everything that is newly broken or uncovered, in local time."""
        zone = surroundings.profile.service.timezone

        def line(what: str, one: Broken | Gap, whose: str = "") -> str:
            begins, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
            return f"{what} {begins:%Y-%m-%d %H:%M} - {ends:%Y-%m-%d %H:%M} {whose}{one.text}"

        def named(one: Broken) -> str:
            person = surroundings.people.get(one.person_id or "")
            return f"{person.name}: " if person else ""

        rules = [line(one.rule, one, named(one)) for one in self.broken]
        return [*rules, *(line("gap", one) for one in self.gaps)]


def verdict(around: Surroundings, wanted: Sequence[Override], now: datetime) -> Verdict:
    """Return what overrides would bring about, against what holds without them."""
    found = tuple(impossible(around, wanted, now))
    if found:
        return Verdict(impossible=found)
    after = changed(around.shifts, wanted)
    first, last = min(one.starts_at for one in wanted), max(one.ends_at for one in wanted)
    known = frozenset(_rules(around, around.shifts, first, last))
    broken = [one for one in _rules(around, after, first, last) if _is_new(one, known)]
    open_already = _gaps(around, around.shifts, first, last)
    return Verdict(
        broken=tuple(one for one in broken if one.level == Level.ERROR),
        gaps=tuple(one for one in _gaps(around, after, first, last) if _opens(one, open_already)),
        warnings=tuple(one for one in broken if one.level != Level.ERROR),
    )


def _is_new(one: Broken, known: Collection[Broken]) -> bool:
    """Tell whether a rule is broken newly; one for all together, where it was kept for some of that time."""
    if one.person_id is not None:
        return one not in known
    alike = [other for other in known if (other.rule, other.text) == (one.rule, one.text)]
    return _is_longer(one, alike)


def _opens(one: Gap, known: Collection[Gap]) -> bool:
    """Tell whether for some of the time of a gap somebody is missing who was not missing before."""

    def as_bad(other: Gap) -> bool:
        same = (other.lack.lacking, other.lack.category) == (one.lack.lacking, one.lack.category)
        return same and set(one.lack.tiers) <= set(other.lack.tiers)

    return _is_longer(one, [other for other in known if as_bad(other)])


def _is_longer(one: Broken | Gap, known: Collection[Broken] | Collection[Gap]) -> bool:
    spans = (Span(other.starts_at, other.ends_at) for other in known)
    return bool(without(Span(one.starts_at, one.ends_at), spans))


def impossible(around: Surroundings, wanted: Sequence[Override], now: datetime) -> Iterator[str]:
    """Yield what cannot be, whatever reason is given, one sentence each."""
    if never := [text for one in wanted for text in _not_at_such_a_time(one, now)]:
        yield from never
        return
    for one in wanted:
        if one.off_id is not None and not _is_on(around.shifts, one):
            who = _name(around, one.off_id)
            yield f"{who} is not on duty all that time as {one.role}; hotline duty --at tells who is"
        if one.on_id is not None:
            yield from _cannot_be_on(around, one)
    yield from _twice(around, wanted)


def _not_at_such_a_time(one: Override, now: datetime) -> Iterator[str]:
    if one.ends_at <= one.starts_at:
        yield "it ends before it begins; exchange or correct the moments"
    elif one.starts_at < now:
        yield "it begins in the past, which is never rewritten; let it begin now or later"
    elif one.ends_at - one.starts_at > LONGEST_SHIFT:
        yield "it is longer than a week; make one for each week"


def _cannot_be_on(around: Surroundings, one: Override) -> Iterator[str]:
    person = around.people.get(one.on_id or "")
    if person is None:
        yield "nobody has this phone; import the person first"
    elif one.on_id == one.off_id:
        yield f"{person.name} cannot stand in for themselves; choose somebody else"
    elif not person.active:
        yield f"{person.name} is no longer active; choose somebody else"
    elif not is_dialable(person.phone, around.countries):
        yield f"{person.name} has no usable phone: {mask(person.phone)} is not in the allowed countries"
    elif person.role != one.role:
        yield f"{person.name} is a {person.role}, not a {one.role}; choose somebody else"


def _is_on(shifts: Sequence[Shift], one: Override) -> bool:
    """Tell whether somebody is on duty for all of the time for which they are to be off."""
    on = [Span(s.starts_at, s.ends_at) for s in shifts if (s.person_id, s.role) == (one.off_id, one.role)]
    return one.starts_at >= one.ends_at or not without(Span(one.starts_at, one.ends_at), on)


def _twice(around: Surroundings, wanted: Sequence[Override]) -> Iterator[str]:
    """Yield who would be on duty twice at once, beside what is left to them."""
    taken = [*changed(around.shifts, [replace(one, on_id=None) for one in wanted if one.off_id])]
    for added in (one.addition for one in wanted):
        if added is None:
            continue
        if any(one.person_id == added.person_id and _overlap(one, added) for one in taken):
            who = _name(around, added.person_id)
            yield f"{who} would be on duty twice at once; choose somebody else or another time"
        taken.append(added)


def _overlap(one: Shift, other: Shift) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _rules(
    around: Surroundings, shifts: Sequence[Shift], first: datetime, last: datetime
) -> tuple[Broken, ...]:
    return broken_rules(
        shifts,
        around.people,
        around.terms,
        around.absences,
        around.profile.service.timezone,
        around.holidays,
        first,
        last + _A_FORTNIGHT,
        around.worked,
        around.profile.rules,
        around.countries,
    )


def _gaps(around: Surroundings, shifts: Sequence[Shift], first: datetime, last: datetime) -> tuple[Gap, ...]:
    people = tuple(around.people.values())
    found = gaps(around.profile, shifts, people, first, last, around.countries, around.absences)
    return tuple(one for one in found if one.is_open)


def _name(around: Surroundings, person_id: str | None) -> str:
    person = around.people.get(person_id or "")
    return person.name if person is not None else "somebody unknown"
