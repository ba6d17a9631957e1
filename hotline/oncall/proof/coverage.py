"""When could a call find too few people, for which category, in which tier? Pure.

Not minute by minute: nothing changes but where a shift, a night or the clocks begin or end. Between two such
moments the ring plan is asked once, the same one that decides about a live call.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise

from hotline.oncall.proof.hours import Calendar
from hotline.oncall.proof.spans import Span
from hotline.oncall.proof.there import there
from hotline.oncall.shifts import Shift
from hotline.oncall.tiers import PLURALS, Circumstances, Planned, ring_plan
from hotline.people.person import Person
from hotline.people.terms import Absence
from hotline.phone_number import is_dialable
from hotline.profile import Category, Profile

LEAST_LEVELS = 2
VOLUNTEER, SOCIAL_WORKER = "volunteer", "social_worker"


class Lacking(StrEnum):
    """What is missing: a second level for a category, or one of the people whom R1 wants."""

    LEVELS = "levels"
    VOLUNTEER = "volunteer"
    SOCIAL_WORKER = "social_worker"
    BACKUP = "backup"


@dataclass(frozen=True)
class Lack:
    """What is missing; `tiers` have nobody who can be reached, `category` is None where R1 is meant.

    `levels` is how many are left. `covered_by`: the tier that covers it, so that nobody is alarmed.
    """

    lacking: Lacking
    tiers: tuple[str, ...]
    category: str | None = None
    levels: int = 0
    covered_by: str | None = None


@dataclass(frozen=True)
class Gap:
    """Something is missing from `starts_at` until just before `ends_at`, UTC."""

    starts_at: datetime
    ends_at: datetime
    lack: Lack

    @property
    def is_open(self) -> bool:
        """Tell whether nobody covers it."""
        return self.lack.covered_by is None

    @property
    def text(self) -> str:
        """Say in one sentence what is missing."""
        return said(self.lack)


NO_CATEGORY = "-"
"""The name given to calls of those who chose no category."""

State = frozenset[tuple[str, str]]
"""Who is on shift and can be reached, each with a role."""


def gaps(
    profile: Profile,
    shifts: Sequence[Shift],
    people: Sequence[Person],
    first: datetime,
    last: datetime,
    countries: Collection[str] = ("IT",),
    absences: Collection[Absence] = (),
) -> tuple[Gap, ...]:
    """Return every gap between two moments, earliest first; whoever is away fills none.

    Each category (and the caller who chose none) must find two levels with somebody who can be rung; a
    volunteer must be there, or the social worker covers; a social worker, and somebody who backs them up.
    """
    proof = _Proof(profile, usable(people, countries), countries)
    calendar = Calendar(profile.service.timezone, (), profile.night)
    reachable = {person.id for person in proof.people}
    resort = {person.id for person in proof.people if person.last_resort}
    # The last resort has no shifts that an absence could cut.
    away = [one for one in absences if one.person_id in resort]
    turns = [moment for one in away for moment in (one.starts_at, one.ends_at)]
    stretches = states(there(shifts, absences), reachable, calendar, first, last, turns)
    return joined((span, proof.lacks(state, span.starts_at, _away(away, span))) for span, state in stretches)


def _away(absences: Iterable[Absence], span: Span) -> frozenset[str]:
    return frozenset(one.person_id for one in absences if one.starts_at <= span.starts_at < one.ends_at)


def usable(people: Iterable[Person], countries: Collection[str]) -> tuple[Person, ...]:
    """Return who is active and has a phone that may be rung."""
    return tuple(one for one in people if one.active and is_dialable(one.phone, countries))


def states(
    shifts: Iterable[Shift],
    reachable: Collection[str],
    calendar: Calendar,
    first: datetime,
    last: datetime,
    turns: Iterable[datetime] = (),
) -> Iterator[tuple[Span, State]]:
    """Yield the stretches between two moments within which nothing changes, with who can be reached.

    Whoever said "I can't, now" does not count. At `turns` something else changes that the caller knows of.
    """
    if last <= first:
        return
    whole = Span(first.astimezone(UTC), last.astimezone(UTC))
    counted = [
        (Span(one.starts_at, one.ends_at), (one.person_id, one.role))
        for one in shifts
        if one.person_id in reachable and not one.withdrawn and one.starts_at < last and first < one.ends_at
    ]
    changes = {whole.starts_at, whole.ends_at, *calendar.turning_points(whole), *turns}
    changes |= {moment for span, _ in counted for moment in (span.starts_at, span.ends_at)}
    cuts = sorted(moment for moment in changes if whole.starts_at <= moment <= whole.ends_at)
    for starts_at, ends_at in pairwise(cuts):
        on = frozenset(pair for span, pair in counted if span.starts_at <= starts_at < span.ends_at)
        yield Span(starts_at, ends_at), on


def joined(found: Iterable[tuple[Span, Collection[Lack]]]) -> tuple[Gap, ...]:
    """Join what is missing without a break into one gap each, earliest first."""
    running: dict[Lack, Span] = {}
    done: list[Gap] = []
    for span, lacks in found:
        over = [lack for lack in running if lack not in lacks]
        done += [_gap(running.pop(lack), lack) for lack in over]
        for lack in lacks:
            began = running[lack].starts_at if lack in running else span.starts_at
            running[lack] = Span(began, span.ends_at)
    done += [_gap(span, lack) for lack, span in running.items()]
    return tuple(sorted(done, key=lambda one: (one.starts_at, one.ends_at, one.lack.lacking, str(one.lack))))


def _gap(span: Span, lack: Lack) -> Gap:
    return Gap(span.starts_at, span.ends_at, lack)


def wanted_by_r1(state: State, backup: Collection[str]) -> Iterator[Lack]:
    """Yield whom R1 misses: a volunteer (or the social worker covers), a social worker, a named back-up."""
    social_workers = {person for person, role in state if role == SOCIAL_WORKER}
    if not any(role == VOLUNTEER for _, role in state):
        covered_by = SOCIAL_WORKER if social_workers else None
        yield Lack(Lacking.VOLUNTEER, (VOLUNTEER,), covered_by=covered_by)
    if not social_workers:
        yield Lack(Lacking.SOCIAL_WORKER, (SOCIAL_WORKER,))
    named = {person for person, role in state if role in backup} | social_workers
    if len(named) < (2 if social_workers else 1):
        yield Lack(Lacking.BACKUP, tuple(backup))


@dataclass(frozen=True)
class _Proof:
    profile: Profile
    people: tuple[Person, ...]
    countries: Collection[str]
    known: dict[tuple[State, bool, frozenset[str]], tuple[Lack, ...]] = field(default_factory=dict)

    def lacks(self, state: State, at: datetime, away: frozenset[str] = frozenset()) -> tuple[Lack, ...]:
        """Return what is missing; rotas repeat, so each state is looked at once by day and once by night.

        `away` are those of last resort on whom nobody counts at that moment.
        """
        key = (state, self.profile.is_night(at), away)
        if key not in self.known:
            self.known[key] = (*self._r1(state), *self._levels(state, at, away))
        return self.known[key]

    def _r1(self, state: State) -> Iterator[Lack]:
        """Yield whom R1 misses, of the tiers that this service has."""
        tiers = {tier.role for tier in self.profile.tiers}
        for lack in wanted_by_r1(state, self.profile.rules.whole.backup):
            if tiers & set(lack.tiers):
                yield lack

    def _levels(self, state: State, at: datetime, away: frozenset[str]) -> Iterator[Lack]:
        everybody = self._reached(state, None, at, away)
        yield from _too_few(NO_CATEGORY, everybody)
        for category in self.profile.categories:
            reached = self._reached(state, category, at, away)
            # A caller of this category reaches the whole plan by a key.
            yield from _too_few(category.code, everybody if category.full_plan_key else reached)

    def _reached(
        self, state: State, category: Category | None, at: datetime, away: frozenset[str]
    ) -> Mapping[str, bool]:
        """Return which tiers of the category find somebody."""
        planned = [Planned(person_id, role) for person_id, role in sorted(state)]
        ids = {person for person, _ in state}
        able = [
            person
            for person in self.people
            if person.id in ids or (person.last_resort and person.id not in away)
        ]
        code = None if category is None else category.code
        plan = ring_plan(
            self.profile, able, planned, code, at, Circumstances(allowed_countries=self.countries)
        )
        return {tier.role: bool(tier.people) for tier in plan.tiers}


def _too_few(category: str, reached: Mapping[str, bool]) -> Iterator[Lack]:
    levels = sum(reached.values())
    if levels < LEAST_LEVELS:
        empty = tuple(role for role, somebody in reached.items() if not somebody)
        yield Lack(Lacking.LEVELS, empty, category, levels)


def said(lack: Lack) -> str:
    """Say in one sentence what is missing.

    >>> said(Lack(Lacking.LEVELS, ("volunteer",), "VIO", 1))
    'VIO: one level only, volunteers cannot be reached'
    """
    if lack.lacking == Lacking.LEVELS:
        left = "one level only" if lack.levels else "nobody at all"
        nobody = " and ".join(PLURALS[role] for role in lack.tiers) or "any second tier"
        what = f"{left}, {nobody} cannot be reached"
        return f"no category chosen: {what}" if lack.category == NO_CATEGORY else f"{lack.category}: {what}"
    if lack.lacking == Lacking.VOLUNTEER:
        return "no volunteer" + (", the social worker covers" if lack.covered_by else ", and nobody covers")
    if lack.lacking == Lacking.SOCIAL_WORKER:
        return "no social worker on call"
    return "nobody on shift backs up the social worker on call"
