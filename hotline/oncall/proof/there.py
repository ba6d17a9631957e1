"""Who of those whom the rota names is really there, and who is away? Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from hotline.oncall.proof.spans import Span, without
from hotline.oncall.shifts import Shift
from hotline.people.terms import Absence


def there(shifts: Iterable[Shift], absences: Collection[Absence]) -> Iterator[Shift]:
    """Yield shifts without the hours in which their person is away.

    They still ring for a call, for a sick colleague may be the last one: but nobody counts on them.

    >>> from datetime import UTC, datetime
    >>> from hotline.people.terms import AbsenceKind
    >>> hours = [datetime(2026, 11, 22, hour, tzinfo=UTC) for hour in (8, 10, 12, 14)]
    >>> ill = Absence("anna", hours[1], hours[2], AbsenceKind.SICKNESS)
    >>> day = Shift("anna", "volunteer", hours[0], hours[3])
    >>> [(piece.starts_at.hour, piece.ends_at.hour) for piece in there([day], [ill])]
    [(8, 10), (12, 14)]
    """
    away: dict[str, list[Span]] = {}
    for one in absences:
        away.setdefault(one.person_id, []).append(Span(one.starts_at, one.ends_at))
    for shift in shifts:
        for piece in without(Span(shift.starts_at, shift.ends_at), away.get(shift.person_id, ())):
            yield replace(shift, starts_at=piece.starts_at, ends_at=piece.ends_at)
