"""What would a draft change, what in it is impossible, and whom does it lack? Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hotline.oncall.festive import festive_days
from hotline.oncall.overrides.override import Override
from hotline.oncall.proof.broken import Broken, Level
from hotline.oncall.proof.coverage import Gap
from hotline.oncall.rota.bands import moment_of
from hotline.oncall.rota.diff import PersonDiff, diff_as_json, diff_lines
from hotline.oncall.rota.impossible import Impossible
from hotline.oncall.rota.rota import Filled, Rota
from hotline.oncall.rota.version import Version
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.profile import Profile

_MOST_SHOWN = 20


@dataclass(frozen=True)
class Review:
    """A draft beside what is in force: `shifts` are what it means from `from_at` to the local day `last`.

    `diffs` are of what people really have, overrides counted; `idle` are those that replace nobody then.
    """

    version: Version
    rota: Rota
    at: datetime
    from_at: datetime
    last: date
    shifts: tuple[Shift, ...]
    diffs: tuple[PersonDiff, ...]
    impossible: tuple[Impossible, ...]
    missing: tuple[Filled, ...]
    rules: tuple[Broken, ...]
    gaps: tuple[Gap, ...]
    idle: tuple[Override, ...]
    people: Mapping[str, Person]

    @property
    def names(self) -> dict[str, str]:
        """Return the names of everybody, by id."""
        return {one.id: one.name for one in self.people.values()}

    @property
    def broken(self) -> tuple[str, ...]:
        """Return what is broken or uncovered and can be published for a reason, a line each."""
        rules = [self._rule_line(one) for one in self.rules if one.level == Level.ERROR]
        return (
            *rules,
            *(self._gap_line(one) for one in self.gaps if one.is_open),
            *map(_missing_line, self.missing),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what should be looked at, a line each."""
        rules = (self._rule_line(one) for one in self.rules if one.level != Level.ERROR)
        return (*map(self._idle_line, self.idle), *rules)

    def _rule_line(self, one: Broken) -> str:
        whose = f"{self.names.get(one.person_id, one.person_id)}: " if one.person_id else ""
        return f"{one.rule} {self._stretch(one)} {whose}{one.text}"

    def _gap_line(self, one: Gap) -> str:
        return f"gap {self._stretch(one)} {one.text}"

    def _idle_line(self, one: Override) -> str:
        on, off = (self.names.get(who or "", "somebody") for who in (one.on_id, one.off_id))
        whole = f"{on} stands in for {off}, who is not on all that time: {on} is on beside whoever is"
        return f"override {one.number} {self._stretch(one)} {whole} (hotline override call-off ends it)"

    def _stretch(self, one: Broken | Gap | Override) -> str:
        begins, ends = one.starts_at.astimezone(self.rota.zone), one.ends_at.astimezone(self.rota.zone)
        return f"{begins:%Y-%m-%d %H:%M} - {ends:%Y-%m-%d %H:%M}"

    def lines(self) -> list[str]:
        """Return the lines that show it to whoever decides."""
        zone = self.rota.zone
        begins = self.from_at.astimezone(zone)
        changed = diff_lines(self.diffs, self.names, zone)
        drafter = self.names.get(self.version.drafted_by, self.version.drafted_by)
        kind = "Version" if self.version.published_at else "Draft"
        drafted = f"{kind} {self.version.number}, drafted by {drafter}"
        return [
            f"{drafted}: from {begins:%Y-%m-%d %H:%M} to {self.last}, {len(self.shifts)} shifts",
            *_part("What changes for whom", changed, len(changed)),
            *_part("Impossible: it cannot be published", [one.text for one in self.impossible]),
            *_part("Broken or uncovered: it can be published for a reason", self.broken),
            *_part("To look at", self.warnings),
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the same for scripts."""
        zone = self.rota.zone
        return {
            "draft": self.version.number,
            "from": self.from_at.astimezone(zone).isoformat(),
            "to": self.last.isoformat(),
            "shifts": len(self.shifts),
            "changes": diff_as_json(self.diffs, self.names, zone),
            "impossible": [one.text for one in self.impossible],
            "broken": list(self.broken),
            "warnings": list(self.warnings),
        }


def with_holidays(rota: Rota, profile: Profile, last: date) -> Rota:
    """Return a rota with the holidays from its beginning, where its turns are counted from, to `last`."""
    first = min([rota.starts_on, *(one.since for one in rota.rotations)])
    if first > last:
        return rota
    known = festive_days(profile.patron_days, first, last, profile.service.country)
    return replace(rota, holidays=frozenset(known))


def begins_at(rota: Rota, now: datetime) -> datetime:
    """Return from when a rota can be in force: its first local day, and never before now."""
    return max(now, moment_of(rota.starts_on, datetime.min.time(), rota.zone))


def missing_in(rota: Rota, from_at: datetime, last: date) -> tuple[Filled, ...]:
    """Return the slots for which the rules name too few people."""
    first = from_at.astimezone(rota.zone).date() - timedelta(days=1)
    return tuple(one for one in rota.filled(first, last) if one.missing and one.slot.ends_at > from_at)


def _missing_line(one: Filled) -> str:
    slot = one.slot
    return f"{slot.day} {slot.band}: {one.missing} of {slot.headcount} {slot.role} missing"


def _part(title: str, lines: Any, most: int = _MOST_SHOWN) -> list[str]:
    found = list(lines)
    if not found:
        return [f"{title}: nothing"]
    more = [f"  … and {len(found) - most} more"] if len(found) > most else []
    return [f"{title}:", *(f"  {line}" for line in found[:most]), *more]
