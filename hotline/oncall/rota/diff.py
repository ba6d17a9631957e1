"""For whom does a new rota change what? Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from hotline.oncall.shifts import Shift


@dataclass(frozen=True)
class PersonDiff:
    """What changes for one person: shifts that are theirs now, and shifts that are no longer."""

    person_id: str
    gained: tuple[Shift, ...]
    lost: tuple[Shift, ...]


def differences(before: Iterable[Shift], after: Iterable[Shift]) -> tuple[PersonDiff, ...]:
    """Return for each person whose shifts change what changes, the one with the earliest change first."""
    old, new = set(before), set(after)
    gained, lost = _by_person(new - old), _by_person(old - new)
    found = [
        PersonDiff(person_id, tuple(gained.get(person_id, ())), tuple(lost.get(person_id, ())))
        for person_id in {*gained, *lost}
    ]
    return tuple(sorted(found, key=lambda one: (_first(one), one.person_id)))


def diff_lines(diffs: Iterable[PersonDiff], names: dict[str, str], zone: tzinfo) -> list[str]:
    """Return the lines that show who gains and loses what, in local time."""
    lines = []
    for one in diffs:
        lines.append(f"{names.get(one.person_id, one.person_id)}:")
        moves = [(shift, "-") for shift in one.lost] + [(shift, "+") for shift in one.gained]
        for shift, sign in sorted(moves, key=lambda move: (move[0].starts_at, move[1] == "+")):
            lines.append(f"  {sign} {shift_line(shift, zone)}")
    return lines


def diff_as_json(diffs: Iterable[PersonDiff], names: dict[str, str], zone: tzinfo) -> list[dict[str, Any]]:
    """Return the same for scripts."""
    return [
        {
            "name": names.get(one.person_id, one.person_id),
            "gained": [_as_json(shift, zone) for shift in one.gained],
            "lost": [_as_json(shift, zone) for shift in one.lost],
        }
        for one in diffs
    ]


def shift_line(shift: Shift, zone: tzinfo) -> str:
    """Write a shift in local time; the hours, for a night of 11 or 13 shows there."""
    starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    hours = (shift.ends_at - shift.starts_at).total_seconds() / 3600
    end = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%a %d %b %H:%M}"
    return f"{starts:%a %Y-%m-%d %H:%M} - {end} ({hours:g} h) {shift.role}"


def _by_person(shifts: Iterable[Shift]) -> dict[str, list[Shift]]:
    found: dict[str, list[Shift]] = {}
    for shift in sorted(shifts, key=lambda one: (one.starts_at, one.ends_at)):
        found.setdefault(shift.person_id, []).append(shift)
    return found


def _first(one: PersonDiff) -> Any:
    return min(shift.starts_at for shift in (*one.gained, *one.lost))


def _as_json(shift: Shift, zone: tzinfo) -> dict[str, str]:
    return {
        "role": shift.role,
        "starts_at": shift.starts_at.astimezone(zone).isoformat(),
        "ends_at": shift.ends_at.astimezone(zone).isoformat(),
    }
