"""How are duty and ring plan written for a terminal and for scripts?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from hotline.oncall.shifts import Shift
from hotline.oncall.tiers import PLURALS, RingPlan
from hotline.people.person import Person
from hotline.profile import ROLES, Profile


@dataclass(frozen=True)
class DutyReport:
    """Who is on duty at a moment, by role; every role is there, also without people."""

    at: datetime
    night: bool
    people: Mapping[str, tuple[Person, ...]]

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Return the names of those on duty, by role."""
        return {role: tuple(one.name for one in people) for role, people in self.people.items()}

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `hotline duty --json` promises."""
        by_role = {role: [{"name": name} for name in names] for role, names in self.names.items()}
        return {"at": self.at.isoformat(), "night": self.night, **by_role}

    def lines(self) -> list[str]:
        """Return the lines that `hotline duty` prints."""
        band = "night" if self.night else "day"
        shown = {role: ", ".join(map(_shown, people)) for role, people in self.people.items()}
        by_role = [f"  {PLURALS[role]}: {names or 'nobody'}" for role, names in shown.items()]
        return [f"On duty at {_moment(self.at)} ({band}):", *by_role]


def duty_report(
    profile: Profile, people: Iterable[Person], on_duty: Iterable[Shift], at: datetime
) -> DutyReport:
    """Return who is on duty at `at`, in local time."""
    on_shift = {(shift.person_id, shift.role) for shift in on_duty}
    by_name = sorted(people, key=lambda person: (person.name.casefold(), person.id))
    found = {role: tuple(one for one in by_name if (one.id, role) in on_shift) for role in ROLES}
    return DutyReport(at.astimezone(profile.service.timezone), profile.is_night(at), found)


def ring_plan_as_json(plan: RingPlan, zone: tzinfo) -> dict[str, Any]:
    """Return the shape that `hotline ring-plan --json` promises."""
    return {
        "at": plan.at.astimezone(zone).isoformat(),
        "category": plan.category,
        "tiers": [
            {
                "role": tier.role,
                "after_seconds": tier.after_seconds,
                "people": [{"name": person.name} for person in tier.people],
            }
            for tier in plan.tiers
        ],
        "left_out": [{"name": one.person.name, "reason": one.reason} for one in plan.left_out],
    }


def ring_plan_lines(plan: RingPlan, zone: tzinfo) -> list[str]:
    """Return the lines that `hotline ring-plan` prints."""
    about = f"category {plan.category}" if plan.category else "no category"
    lines = [f"Ring plan at {_moment(plan.at.astimezone(zone))}, {about}:"]
    for tier in plan.tiers:
        names = ", ".join(person.name for person in tier.people) or "nobody"
        lines.append(f"  {tier.after_seconds:>3} s  {PLURALS[tier.role]}: {names}")
    if plan.left_out:
        lines.append("Left out:")
        lines += [f"  {one.person.name}: {one.reason}" for one in plan.left_out]
    return lines


def _shown(person: Person) -> str:
    return person.name if person.takes_texts else f"{person.name} (calls only: wrote STOP)"


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M %Z")
