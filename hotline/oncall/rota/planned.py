"""Which shifts does a rota mean from a moment on, beside those that have begun? Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from hotline.oncall.rota.rota import Rota
from hotline.oncall.shifts import Shift

_LONGEST_BAND = timedelta(days=2)
"""A band lasts 24 hours of the wall at most: what runs at a moment began at most so long before, in days."""


def planned(rota: Rota, from_at: datetime, last: date, begun: Iterable[Shift] = ()) -> tuple[Shift, ...]:
    """Return the shifts from a moment until those that begin on the local day `last`, earliest first.

    What runs at that moment begins then. Shifts that have `begun` are kept as they are: nobody is on twice
    beside their own, and in a single-person tier nobody joins before the one who has begun is done.
    """
    first = from_at.astimezone(rota.zone).date() - _LONGEST_BAND
    kept = [shift for shift in begun if shift.ends_at > from_at]
    found: list[Shift] = []
    for shift in rota.shifts(first, last):
        if shift.ends_at > from_at:
            held = [one for one in kept if _holds(one, shift, rota.single)]
            found += _free(shift, from_at, held)
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.role, one.person_id)))


def _holds(one: Shift, shift: Shift, single: Iterable[str]) -> bool:
    return one.role == shift.role and (one.person_id == shift.person_id or one.role in single)


def _free(shift: Shift, from_at: datetime, held: Iterable[Shift]) -> Iterator[Shift]:
    """Yield the parts of a shift after `from_at` that nothing holds."""
    starts_at = max(shift.starts_at, from_at)
    for one in sorted(held, key=lambda held: held.starts_at):
        if one.starts_at >= shift.ends_at or one.ends_at <= starts_at:
            continue
        if one.starts_at > starts_at:
            yield Shift(shift.person_id, shift.role, starts_at, one.starts_at)
        starts_at = one.ends_at
    if starts_at < shift.ends_at:
        yield Shift(shift.person_id, shift.role, starts_at, shift.ends_at)
