"""Which coming shifts are of somebody who is away then? Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import tzinfo

from hotline.oncall.rota.diff import shift_line
from hotline.oncall.shifts import Shift
from hotline.people.terms import Absence

MOST_LINES = 20


def shifts_of_absent(shifts: Iterable[Shift], absences: Iterable[Absence]) -> tuple[Shift, ...]:
    """Return the shifts that an absence of the same person touches, as they are given.

    >>> from datetime import UTC, datetime
    >>> from hotline.people.terms import AbsenceKind
    >>> night = Shift("anna", "volunteer", datetime(2026, 12, 4, 19, tzinfo=UTC),
    ...               datetime(2026, 12, 5, 7, tzinfo=UTC))
    >>> early, late = night.ends_at.replace(hour=6), night.ends_at.replace(day=9)
    >>> away = [Absence("anna", begins, late, AbsenceKind.LEAVE) for begins in (early, night.ends_at)]
    >>> [len(shifts_of_absent([night], [one])) for one in away]
    [1, 0]
    """
    away: dict[str, list[Absence]] = {}
    for one in absences:
        away.setdefault(one.person_id, []).append(one)
    return tuple(
        shift for shift in shifts if any(_touches(shift, one) for one in away.get(shift.person_id, ()))
    )


def absent_lines(found: Collection[Shift], names: Mapping[str, str], zone: tzinfo) -> list[str]:
    """Return a line for each shift of somebody who is away, in local time; of many only the first."""
    shown = [
        f"{names[one.person_id]}: {shift_line(one, zone)}: away; offer it or override it" for one in found
    ]
    more = len(shown) - MOST_LINES
    return [*shown[:MOST_LINES], *([f"... and {more} more"] if more > 0 else [])]


def _touches(shift: Shift, absence: Absence) -> bool:
    return absence.starts_at < shift.ends_at and shift.starts_at < absence.ends_at
