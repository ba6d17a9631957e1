"""What is particular to this Ambito: its name, keys, categories, languages, tiers, night and numbers?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.contract_rules import DutyRules, shipped_rules
from hotline.errors import BadInput

ROLES = ("volunteer", "social_worker", "coordinator")
USUAL = None
"""In a category's own ring order: this tier joins when it usually does."""

VERIFIED_WITHIN = timedelta(days=183)
RingOrder = Mapping[str, int | None]


@dataclass(frozen=True)
class Service:
    """Name the service; texts are by language code."""

    name: Mapping[str, str]
    short_name: Mapping[str, str]
    controller: Mapping[str, str]
    spoken_number: Mapping[str, str]
    phone_number: str
    number_kept_days: int
    timezone: ZoneInfo
    country: str
    staff_language: str


@dataclass(frozen=True)
class Language:
    """A language callers may choose; the first of a profile has no key and is spoken unasked."""

    code: str
    key: str | None = None


@dataclass(frozen=True)
class MenuKeys:
    """The digits that are not categories."""

    languages: str
    person: str
    call_back: str


@dataclass(frozen=True)
class Tier:
    """Seconds after which the people of a role join the ringing, by night and by day."""

    role: str
    night_after: int
    day_after: int


@dataclass(frozen=True)
class Category:
    """What a call is about, and what follows from it.

    `careful`: quiet hold, any key means "I cannot speak", a call-back is not offered in the hold.
    `closing_number`: whoever could not be helped is given a number of this category's own; careful ones are.
    `ring_night` and `ring_day`, where given, name exactly the tiers that ring, first things first.
    """

    code: str
    key: str
    spoken: str
    grade: str
    urgent: bool = False
    careful: bool = False
    professional: bool = False
    full_plan_key: bool = False
    closing_number: bool = False
    ring_night: RingOrder | None = None
    ring_day: RingOrder | None = None


@dataclass(frozen=True)
class PatronDay:
    """A local holiday of one municipality, the same date every year."""

    municipality: str
    name: str
    month: int
    day: int


@dataclass(frozen=True)
class UsefulNumber:
    """A number to give by voice, never to dial; `verified_on` is when a person last checked it."""

    number: str
    name: str
    purpose: str
    hours: str = ""
    verified_on: date | None = None
    languages: tuple[str, ...] = ()

    def is_verified(self, today: date) -> bool:
        """Tell whether a person checked it within six months; a day that lies ahead is a slip of the pen."""
        return self.verified_on is not None and timedelta(0) <= today - self.verified_on <= VERIFIED_WITHIN


@dataclass(frozen=True)
class NightHours:
    """Local wall-clock night, half-open: `20:00-08:00` begins at 20:00:00 and is over at 08:00:00."""

    starts: time
    ends: time

    @classmethod
    def parse(cls, text: str) -> "NightHours":
        """Read `HH:MM-HH:MM`; raise `BadInput` for anything else or a night without length.

        >>> night = NightHours.parse("20:00-08:00")
        >>> night.contains(time(20)), night.contains(time(7, 59)), night.contains(time(8))
        (True, True, False)
        """
        found = re.fullmatch(r"\s*([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)\s*", text)
        if found is None:
            raise BadInput(f"the night {text!r} is not understood; write it as 20:00-08:00")
        from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
        night = cls(time(from_hour, from_minute), time(to_hour, to_minute))
        if night.starts == night.ends:
            raise BadInput(f"the night {text!r} begins and ends at the same time; write it as 20:00-08:00")
        return night

    def contains(self, wall: time) -> bool:
        """Tell whether the wall-clock time `wall` is in the night."""
        if self.starts < self.ends:
            return self.starts <= wall < self.ends
        return wall >= self.starts or wall < self.ends

    def beginning_on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the night that begins on local `day`, in UTC: 11 or 13 hours long when clocks change."""
        last_day = day if self.starts < self.ends else day + timedelta(days=1)
        return _utc(day, self.starts, zone), _utc(last_day, self.ends, zone)


def _utc(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class AskingHours:
    """When staff are asked to confirm a shift, local wall time; nobody is asked in the `quiet` hours.

    Whose shift begins before `early_before` is asked at `evening` on the day before, everybody else `ahead`
    of it; who has not confirmed is rung so long (`grace`) after it began.
    """

    evening: time = time(18)
    early_before: time = time(10)
    ahead: timedelta = timedelta(hours=1)
    quiet: NightHours = NightHours(time(21, 30), time(8))
    grace: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Interpreter:
    """Somebody outside the rota who may be called in for a language."""

    name: str
    number: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Handover:
    """What is told in the morning, at which local wall times, and how long notes for the next shift are kept.

    Between `call_from` and `call_to` the coordinators telephone whoever had a heavy call in the night.
    """

    list_at: time = time(8, 30)
    call_from: time = time(10)
    call_to: time = time(12)
    notes_kept_days: int = 30


@dataclass(frozen=True)
class Profile:
    """Everything about one Ambito that is data and not code."""

    service: Service
    languages: tuple[Language, ...]
    keys: MenuKeys
    tiers: tuple[Tier, ...]
    categories: tuple[Category, ...]
    night: NightHours
    patron_days: tuple[PatronDay, ...]
    municipalities: tuple[str, ...]
    partners: tuple[str, ...]
    numbers: tuple[UsefulNumber, ...]
    interpreters: tuple[Interpreter, ...]
    wording_folder: Path | None
    source: Path
    rules: DutyRules = field(default_factory=shipped_rules)
    handover: Handover = field(default_factory=Handover)
    asking: AskingHours = field(default_factory=AskingHours)

    @property
    def default_language(self) -> str:
        """Return the language spoken unasked."""
        return self.languages[0].code

    @property
    def danger_category(self) -> Category | None:
        """Return the category of a caller who keyed 1 1 2: the first careful one."""
        return next((category for category in self.categories if category.careful), None)

    def category(self, code: str | None) -> Category | None:
        """Return the category, or None for no code or one that this profile does not know (any more)."""
        return next((category for category in self.categories if category.code == code), None)

    def category_of_key(self, key: str) -> Category | None:
        """Return the category that a digit chooses."""
        return next((category for category in self.categories if category.key == key), None)

    def language_of_key(self, key: str) -> str | None:
        """Return the language that a digit chooses after the key for languages."""
        return next((language.code for language in self.languages if language.key == key), None)

    def is_night(self, moment: datetime) -> bool:
        """Tell whether `moment` (aware) falls in the local night."""
        return self.night.contains(moment.astimezone(self.service.timezone).time())

    def ring_order(self, code: str | None, moment: datetime) -> tuple[tuple[str, int], ...]:
        """Return the tiers that ring for a category at `moment` as (role, seconds), soonest first.

        Tiers that join at the same second keep the order of the profile: that is their priority.
        """
        at_night = self.is_night(moment)
        usual = {tier.role: tier.night_after if at_night else tier.day_after for tier in self.tiers}
        category = self.category(code)
        own = None if category is None else (category.ring_night if at_night else category.ring_day)
        order: RingOrder = usual if own is None else own
        delays = [(role, usual[role] if after is USUAL else after) for role, after in order.items()]
        return tuple(sorted(delays, key=lambda delay: delay[1]))

    def after_seconds(self, code: str | None, role: str, moment: datetime) -> int | None:
        """Return after how many seconds a role joins, or None if it does not ring at all."""
        return dict(self.ring_order(code, moment)).get(role)

    def with_night(self, text: str, given_by: str = "night") -> "Profile":
        """Return the profile with another night, as `20:00-08:00`; raise BadInput naming who gave it."""
        try:
            return replace(self, night=NightHours.parse(text))
        except BadInput as error:
            raise BadInput(f"{given_by}: {error}") from None

    def with_tiers(self, night: Sequence[int] | None = None, day: Sequence[int] | None = None) -> "Profile":
        """Return the profile with other usual delays in seconds, one for each of its tiers, in its order."""
        for delays in (night, day):
            if delays is not None and (len(delays) != len(self.tiers) or min(delays, default=0) < 0):
                roles = ", ".join(tier.role for tier in self.tiers)
                given = ",".join(map(str, delays)) or "nothing"
                raise BadInput(
                    f"the delays of the tiers must be {len(self.tiers)} numbers ({roles}), not {given}"
                )
        tiers = tuple(
            Tier(
                tier.role,
                tier.night_after if night is None else night[position],
                tier.day_after if day is None else day[position],
            )
            for position, tier in enumerate(self.tiers)
        )
        return replace(self, tiers=tiers)
