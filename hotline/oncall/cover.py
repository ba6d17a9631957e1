"""Who cannot, for which shift, who may take it, and who answers meanwhile? Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.phone_number import is_dialable

LAST_RESORT_ROLE = "coordinator"
NO_SHOW, NIGHT = "no_show", "night"
UNHEARD = (NO_SHOW, NIGHT)
"""In place of how it was said: nobody said anything, the person was not heard when they were asked."""


EVERYBODY_TWICE = 2
WITHIN = timedelta(hours=24)
"""Of one shift, everybody is asked at most so often within so long by one person's changes of mind.

Whose number is forged can seem to say "I can't" and "I can" in turn without end, and each time a text goes to
everybody at home, and costs. "I can't" holds however often it is said. The third time only those are told who
must know, and nobody is told any more that all is well again: from then on they look themselves.
"""


@dataclass(frozen=True)
class Withdrawal:
    """Somebody said "I can't, now": from `said_at` to `until` they ring only if nobody else of the role does.

    Cover is sought until somebody else takes it (`taken_by`), or they can again (`back_at`). Of whoever was
    not heard (`said_by` is one of `UNHEARD`) nothing is taken away: they ring on, and somebody is added.
    """

    id: str
    person_id: str
    role: str
    starts_at: datetime
    said_at: datetime
    until: datetime
    said_by: str
    last_one: bool
    taken_by: str | None = None
    taken_at: datetime | None = None
    back_at: datetime | None = None

    @property
    def is_unheard(self) -> bool:
        """Tell whether they said nothing, and were only not heard."""
        return self.said_by in UNHEARD

    def is_open(self, at: datetime) -> bool:
        """Tell whether cover is still sought."""
        return self.taken_by is None and self.back_at is None and at < self.until


class CannotOutcome(StrEnum):
    """What came of "I can't, now"."""

    RECORDED = "recorded"
    ALREADY = "already"
    OFF_DUTY = "off_duty"


@dataclass(frozen=True)
class CannotNow:
    """What came of it; `ask` are to be asked for cover, `tell` are the social worker and the coordinator.

    Both are empty unless it was recorded just now. `last_one`: nobody else of the role can be reached, so
    this person stays in the plan as the last choice.
    """

    outcome: CannotOutcome
    withdrawal: Withdrawal | None = None
    ask: tuple[Person, ...] = ()
    tell: tuple[Person, ...] = ()

    @property
    def last_one(self) -> bool:
        """Tell whether nobody else of the role could be reached when it was said."""
        return self.withdrawal is not None and self.withdrawal.last_one


class CoverOutcome(StrEnum):
    """What came of "I take it"."""

    YOURS = "yours"
    BACK = "back"
    TAKEN = "taken"
    ON_DUTY = "on_duty"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Cover:
    """What came of taking a shift; `shift` is the taker's own from now on, `freed` who may rest instead.

    `too_often`: they have changed their mind so often that nobody is disturbed for it any more.
    """

    outcome: CoverOutcome
    withdrawal: Withdrawal | None = None
    shift: Shift | None = None
    freed: Person | None = None
    too_often: bool = False


@dataclass(frozen=True)
class Rota:
    """Everybody, and the shifts that run now."""

    people: tuple[Person, ...]
    on_duty: tuple[Shift, ...]
    countries: Collection[str] = ("IT",)

    def others(self, person_id: str, role: str) -> tuple[Person, ...]:
        """Return who else of a role can be reached and has not said that they cannot."""
        ids = {one.person_id for one in self.on_duty if one.role == role and not one.withdrawn}
        away = {one.person_id for one in self.on_duty if one.withdrawn} | {person_id}
        able = [person for person in self.people if person.id not in away and self._reachable(person)]
        on_duty = tuple(person for person in able if person.id in ids)
        if on_duty or role != LAST_RESORT_ROLE:
            return on_duty
        return tuple(person for person in able if person.last_resort)

    def to_ask(self, person_id: str, role: str) -> tuple[Person, ...]:
        """Return who may be asked for cover: the same role, reachable, off shift."""
        on_shift = {one.person_id for one in self.on_duty}
        return tuple(
            person
            for person in self.people
            if person.role == role
            and person.id != person_id
            and person.id not in on_shift
            and self._reachable(person)
        )

    def to_tell(self, person_id: str) -> tuple[Person, ...]:
        """Return who must know: the social workers on duty, and the coordinators, else the last resort."""
        told = (*self.others(person_id, "social_worker"), *self.coordinators(person_id))
        return tuple(dict.fromkeys(told))

    def coordinators(self, but: str) -> tuple[Person, ...]:
        """Return the other coordinators on duty, else the last resort."""
        return self.others(but, LAST_RESORT_ROLE)

    def _reachable(self, person: Person) -> bool:
        return person.active and is_dialable(person.phone, self.countries)


def said_lately(known: Iterable[Withdrawal], said: Withdrawal, now: datetime) -> tuple[Withdrawal, ...]:
    """Return how often the same person has said it lately of the same shift, oldest first."""
    same = (said.person_id, said.role, said.until)
    mine = [one for one in known if (one.person_id, one.role, one.until) == same]
    return tuple(one for one in mine if not one.is_unheard and one.said_at > now - WITHIN)


def who_answers(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """Leave out who said that they cannot, wherever somebody else of the role is on duty.

    >>> from dataclasses import replace
    >>> from datetime import UTC
    >>> night = datetime(2026, 11, 22, 19, tzinfo=UTC), datetime(2026, 11, 23, 7, tzinfo=UTC)
    >>> anna, bruno = Shift("anna", "volunteer", *night), Shift("bruno", "volunteer", *night)
    >>> [one.person_id for one in who_answers([replace(anna, withdrawn=True), bruno])]
    ['bruno']
    >>> [one.person_id for one in who_answers([replace(anna, withdrawn=True)])]
    ['anna']
    """
    found = tuple(shifts)
    there = {one.role for one in found if not one.withdrawn}
    return tuple(one for one in found if not one.withdrawn or one.role not in there)


def asked_for(withdrawals: Iterable[Withdrawal], person: Person, at: datetime) -> Withdrawal | None:
    """Choose what "I take it" means: one's own first, then the oldest that is open, then the newest taken."""
    of_role = sorted((one for one in withdrawals if one.role == person.role), key=lambda one: one.said_at)
    own = [one for one in of_role if one.person_id == person.id and one.back_at is None]
    still_open = [one for one in of_role if one.is_open(at) and one.person_id != person.id]
    taken = [one for one in of_role if one.taken_by is not None and one.person_id != person.id]
    return next(iter((*own, *still_open, *reversed(taken))), None)
