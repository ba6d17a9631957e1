"""What in a rota cannot be, whatever reason is given: one person twice at once, nobody to ring? Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.oncall.rota.diff import shift_line
from hotline.oncall.rota.rota import Rota
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.phone_number import is_dialable, mask


@dataclass(frozen=True)
class Impossible:
    """Something that refuses a rota; from when to when, and of whom, where that is known."""

    text: str
    person_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def impossible(
    rota: Rota, shifts: Iterable[Shift], people: Mapping[str, Person], countries: Collection[str]
) -> tuple[Impossible, ...]:
    """Return everything impossible in the shifts that a rota means."""
    ordered = sorted(shifts, key=lambda one: (one.starts_at, one.ends_at, one.person_id))
    named = {person for one in rota.rotations for person in one.order}
    named |= {person for one in rota.assignments for person in one.people}
    return (
        *_unreachable(sorted(named | {shift.person_id for shift in ordered}), people, countries),
        *_twice(ordered, people, rota.zone),
        *_crowded(ordered, rota.single, people, rota.zone),
    )


def _unreachable(
    ids: Iterable[str], people: Mapping[str, Person], countries: Collection[str]
) -> Iterator[Impossible]:
    for person_id in ids:
        person = people.get(person_id)
        if person is None:
            yield Impossible(f"nobody has the id {person_id}: take them out of the rota", person_id)
        elif not person.active:
            yield Impossible(f"{person.name} is no longer active: take them out of the rota", person_id)
        elif not is_dialable(person.phone, countries):
            reason = (
                f"{person.name} has no usable phone: {mask(person.phone)} is not in the allowed countries"
            )
            yield Impossible(reason, person_id)


def _twice(shifts: Iterable[Shift], people: Mapping[str, Person], zone: ZoneInfo) -> Iterator[Impossible]:
    running: dict[str, Shift] = {}
    for shift in shifts:
        before = running.get(shift.person_id)
        if before is not None and shift.starts_at < before.ends_at:
            name = people[shift.person_id].name if shift.person_id in people else shift.person_id
            until = min(before.ends_at, shift.ends_at)
            text = f"{name} is on twice at once: {shift_line(before, zone)}, and {shift_line(shift, zone)}"
            yield Impossible(text, shift.person_id, shift.starts_at, until)
        if before is None or shift.ends_at > before.ends_at:
            running[shift.person_id] = shift


def _crowded(
    shifts: Iterable[Shift], single: Collection[str], people: Mapping[str, Person], zone: ZoneInfo
) -> Iterator[Impossible]:
    running: dict[str, Shift] = {}
    for shift in shifts:
        before = running.get(shift.role)
        others = before is not None and before.person_id != shift.person_id
        if before is not None and others and shift.role in single and shift.starts_at < before.ends_at:
            names = [people[one].name for one in (before.person_id, shift.person_id) if one in people]
            text = f"{' and '.join(names)} are both {shift.role}, a tier of one: {shift_line(shift, zone)}"
            yield Impossible(text, None, shift.starts_at, min(before.ends_at, shift.ends_at))
        if before is None or shift.ends_at > before.ends_at:
            running[shift.role] = shift
