"""Who rings for a call, in which order, after how many seconds, and why not the others?"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.phone_number import is_dialable
from hotline.profile import Profile

AFTER_SHIFT = timedelta(minutes=10)
"""So long after the end of a shift those already planned for a call are rung like the others."""

LAST_RESORT_TIER = "coordinator"
PLURALS = {"volunteer": "volunteers", "social_worker": "social workers", "coordinator": "coordinators"}
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Planned:
    """Somebody to ring in a role: on shift now, or planned earlier and not forgotten.

    `shift_ended_at` is None for the last resort, who never had a shift; `withdrawn` said "I can't, now".
    """

    person_id: str
    role: str
    on_shift: bool = True
    shift_ended_at: datetime | None = None
    withdrawn: bool = False


@dataclass(frozen=True)
class TierPlan:
    """The people of a tier in the order in which they are rung, seconds after the ringing began."""

    role: str
    after_seconds: int
    people: tuple[Person, ...]


@dataclass(frozen=True)
class LeftOut:
    """Somebody who is not rung, and why."""

    person: Person
    reason: str


@dataclass(frozen=True)
class RingPlan:
    """Who would ring for a category at a moment; the tiers are soonest first."""

    at: datetime
    category: str | None
    tiers: tuple[TierPlan, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def people(self) -> tuple[Person, ...]:
        """Return everybody who rings, in order."""
        return tuple(person for tier in self.tiers for person in tier.people)


@dataclass(frozen=True)
class Circumstances:
    """What else decides about one call: its language, its number, who is talking, whom we rang last."""

    language: str | None = None
    caller_number: str | None = None
    busy: Collection[str] = ()
    last_rung: Mapping[str, datetime] | None = None
    allowed_countries: Collection[str] = ("IT",)
    own_numbers: Collection[str] = ()
    """Numbers of the line itself: to ring one of them would be to ring ourselves."""
    resting: Collection[str] = ()
    """People after a heavy call: last in their tier."""


def planned_for(
    on_duty: Iterable[Shift],
    frozen: Iterable[tuple[str, str]] = (),
    ended: Mapping[tuple[str, str], datetime] | None = None,
    withdrawn: Collection[tuple[str, str]] = (),
) -> tuple[Planned, ...]:
    """Merge who is on duty now with the (person, role) pairs that a running call must not forget.

    A frozen pair without a known end of shift was planned as last resort, or its shift has been deleted:
    it rings as if on duty. `withdrawn` pairs said that they cannot, for a shift that has just ended.
    """
    now = {
        (shift.person_id, shift.role): Planned(shift.person_id, shift.role, withdrawn=shift.withdrawn)
        for shift in on_duty
    }
    kept = {
        pair: Planned(
            *pair, on_shift=False, shift_ended_at=(ended or {}).get(pair), withdrawn=pair in withdrawn
        )
        for pair in frozen
        if pair not in now
    }
    return (*now.values(), *kept.values())


def ring_plan(
    profile: Profile,
    people: Iterable[Person],
    planned: Iterable[Planned],
    category: str | None,
    at: datetime,
    circumstances: Circumstances | None = None,
) -> RingPlan:
    """Decide who rings: the tiers of the category at `at`, each with the people planned for its role.

    Nobody is in two tiers; without a coordinator on shift the last tier is the people of last resort;
    those whose shift ended more than ten minutes ago ring only if nobody else is left. Who said "I can't,
    now" rings only where their tier would be empty, and then with the last tier: the last choice.
    """
    drawing = _Drawing(profile, tuple(people), tuple(planned), category, at, circumstances or Circumstances())
    tiers = drawing.tiers(late=False)
    if not any(tier.people for tier in tiers):
        tiers = drawing.tiers(late=True)
    return RingPlan(at, category, tiers, drawing.left_out(tiers))


def lasting_obstacle(person: Person, circumstances: Circumstances) -> str | None:
    """Return why this phone can never be rung for such a call, whoever else is there; None if it can."""
    if not person.active:
        return "no longer active"
    if person.phone in circumstances.own_numbers:
        return "a number of this line itself"
    if person.phone == circumstances.caller_number:
        return "the caller's own number"
    if not is_dialable(person.phone, circumstances.allowed_countries):
        return "number not in the allowed countries"
    return None


@dataclass(frozen=True)
class _Drawing:
    profile: Profile
    everybody: tuple[Person, ...]
    planned: tuple[Planned, ...]
    category: str | None
    at: datetime
    circumstances: Circumstances

    def tiers(self, late: bool) -> tuple[TierPlan, ...]:
        """Return the tiers, with those long off duty only if `late`."""
        taken: set[str] = set()
        tiers = []
        for role, after in self.profile.ring_order(self.category, self.at):
            ids = self._ids(role, late) - taken
            members = [person for person in self.everybody if person.id in ids and not self._obstacle(person)]
            taken |= {person.id for person in members}
            tiers.append(TierPlan(role, after, tuple(sorted(members, key=self._priority))))
        return (*tiers, *self._last_choices(tiers, taken))

    def _last_choices(self, tiers: Sequence[TierPlan], taken: set[str]) -> Iterator[TierPlan]:
        """Return those who cannot, where nobody else of their role is left."""
        last = max((tier.after_seconds for tier in tiers), default=0)
        for tier in tiers:
            ids = {one.person_id for one in self.planned if one.role == tier.role and one.withdrawn} - taken
            members = [person for person in self.everybody if person.id in ids and not self._obstacle(person)]
            if members and not tier.people:
                taken |= {person.id for person in members}
                yield TierPlan(tier.role, last, tuple(sorted(members, key=self._priority)))

    def left_out(self, tiers: tuple[TierPlan, ...]) -> tuple[LeftOut, ...]:
        """Return everybody who is not rung, or not in each of their roles, with the reason."""
        tier_of = {person.id: tier.role for tier in tiers for person in tier.people}
        found = []
        for person in sorted(self.everybody, key=lambda one: (one.name.casefold(), one.id)):
            roles = {planned.role for planned in self.planned if planned.person_id == person.id}
            if person.id not in tier_of:
                found.append(LeftOut(person, self._obstacle(person) or self._reason(person)))
            elif roles - {tier_of[person.id]} and roles & {tier.role for tier in tiers} - {
                tier_of[person.id]
            }:
                found.append(LeftOut(person, f"already in an earlier tier ({PLURALS[tier_of[person.id]]})"))
        return tuple(found)

    def _ids(self, role: str, late: bool) -> set[str]:
        ids = {one.person_id for one in self.planned if one.role == role and (late or not self._is_late(one))}
        if role == LAST_RESORT_TIER and not self._has_coordinator():
            ids |= {person.id for person in self.everybody if person.last_resort}
        return ids - {one.person_id for one in self.planned if one.withdrawn}

    def _has_coordinator(self) -> bool:
        """Tell whether a coordinator is on shift who could be rung, now or after a conversation."""
        on_shift = {
            one.person_id
            for one in self.planned
            if one.role == LAST_RESORT_TIER and one.on_shift and not one.withdrawn
        }
        return any(person.id in on_shift and not self._lasting_obstacle(person) for person in self.everybody)

    def _is_late(self, planned: Planned) -> bool:
        return planned.shift_ended_at is not None and self.at - planned.shift_ended_at > AFTER_SHIFT

    def _priority(self, person: Person) -> tuple[bool, bool, datetime, str, str]:
        language = self.circumstances.language or self.profile.default_language
        last_rung = (self.circumstances.last_rung or {}).get(person.id, _NEVER)
        rests = person.id in self.circumstances.resting
        return (rests, language not in person.languages, last_rung, person.name.casefold(), person.id)

    def _lasting_obstacle(self, person: Person) -> str | None:
        return lasting_obstacle(person, self.circumstances)

    def _obstacle(self, person: Person) -> str | None:
        busy = "in another call" if person.id in self.circumstances.busy else None
        return self._lasting_obstacle(person) or busy

    def _reason(self, person: Person) -> str:
        """Return why a person whom nothing hinders is in no tier."""
        rings = [role for role, _ in self.profile.ring_order(self.category, self.at)]
        mine = [one for one in self.planned if one.person_id == person.id]
        silent = next((one.role for one in mine if one.role not in rings), None)
        if silent is None and not mine and person.last_resort and LAST_RESORT_TIER not in rings:
            silent = LAST_RESORT_TIER
        if any(one.withdrawn for one in mine):
            return "said that they cannot, until the end of the shift"
        if any(one.role in rings for one in mine):
            return "shift ended more than 10 minutes ago, and others are left"
        if silent is not None:
            band = "at night" if self.profile.is_night(self.at) else "by day"
            return f"this category rings no {PLURALS[silent]} {band}"
        if person.last_resort:
            return "last resort only, and a coordinator is on shift"
        return "not on shift now"
