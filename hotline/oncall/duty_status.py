"""Am I on duty, until when, who is with me, and when am I next? Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hotline.oncall.cover import who_answers
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.profile import ROLES


@dataclass(frozen=True)
class Colleague:
    """Somebody else who answers now, in a role."""

    name: str
    role: str


@dataclass(frozen=True)
class DutyStatus:
    """Whether somebody is on duty: `until` is None off duty; `withdrawn`: they said "I can't, now".

    `colleagues` are the others who answer now, role by role; `next_shifts` begin later, earliest first.
    """

    until: datetime | None
    withdrawn: bool
    colleagues: tuple[Colleague, ...]
    next_shifts: tuple[Shift, ...]


def duty_status_of(
    person_id: str, on_duty: Iterable[Shift], people: Iterable[Person], next_shifts: tuple[Shift, ...]
) -> DutyStatus:
    """Tell a person's status from the shifts that run now."""
    running = tuple(on_duty)
    mine = [shift for shift in running if shift.person_id == person_id]
    name_of = {person.id: person.name for person in people if person.active}
    others = {
        (name_of[shift.person_id], shift.role)
        for shift in who_answers(running)
        if shift.person_id != person_id and shift.person_id in name_of
    }
    return DutyStatus(
        until=max((shift.ends_at for shift in mine), default=None),
        withdrawn=any(shift.withdrawn for shift in mine),
        colleagues=tuple(
            Colleague(name, role)
            for name, role in sorted(others, key=lambda one: (ROLES.index(one[1]), one[0]))
        ),
        next_shifts=next_shifts,
    )
