"""What is an override: who is off, who is on, from when to when, by whom and why? Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from hotline.oncall.rota.diff import PersonDiff, differences
from hotline.oncall.shifts import Shift


class Cause(StrEnum):
    """What an override was made for."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"
    TEMPORARY = "temporary"
    SWAP = "swap"


@dataclass(frozen=True)
class Override:
    """From `starts_at` until just before `ends_at`, `off_id` is off and `on_id` is on; one may be nobody.

    It cuts the shifts that were known when it was made, and those of every later version of the rota; what
    was added by hand after it stands. `group` holds together what was decided at once. `number` is 0 before
    it is stored. Called off before it begins it never counts; while it runs, it ends at that moment.
    """

    role: str
    off_id: str | None
    on_id: str | None
    starts_at: datetime
    ends_at: datetime
    cause: Cause
    made_by: str
    reason: str
    group: str
    number: int = 0
    made_at: datetime | None = None
    called_off_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Tell whether it ever had, or has, an effect."""
        return self.called_off_at is None or self.called_off_at > self.starts_at

    @property
    def removal(self) -> Shift | None:
        """Return what is taken from whoever is off."""
        return Shift(self.off_id, self.role, self.starts_at, self.ends_at) if self.off_id else None

    @property
    def addition(self) -> Shift | None:
        """Return the shift of whoever is on instead."""
        return Shift(self.on_id, self.role, self.starts_at, self.ends_at) if self.on_id else None


@dataclass(frozen=True, order=True)
class Off:
    """Somebody is off in a role from `starts_at` until just before `ends_at`."""

    person_id: str
    role: str
    starts_at: datetime
    ends_at: datetime

    def touches(self, shift: Shift) -> bool:
        """Tell whether it takes anything from a shift."""
        of_shift = (self.person_id, self.role) == (shift.person_id, shift.role)
        return of_shift and self.starts_at < shift.ends_at and shift.starts_at < self.ends_at


def left_of(shift: Shift, offs: Iterable[Off]) -> Iterator[Shift]:
    """Yield the pieces of a shift that are left, earliest first.

    >>> from datetime import UTC
    >>> night = Shift("anna", "volunteer", datetime(2026, 11, 22, 19, tzinfo=UTC),
    ...               datetime(2026, 11, 23, 7, tzinfo=UTC))
    >>> off = Off("anna", "volunteer", night.starts_at.replace(hour=21), night.starts_at.replace(hour=23))
    >>> [(piece.starts_at.hour, piece.ends_at.hour) for piece in left_of(night, [off])]
    [(19, 21), (23, 7)]
    """
    starts_at = shift.starts_at
    for off in sorted(off for off in offs if off.touches(shift)):
        if starts_at < off.starts_at:
            yield replace(shift, starts_at=starts_at, ends_at=off.starts_at)
        starts_at = max(starts_at, off.ends_at)
    if starts_at < shift.ends_at:
        yield replace(shift, starts_at=starts_at)


def left_of_all(shifts: Iterable[Shift], offs: Iterable[Off]) -> tuple[Shift, ...]:
    """Return what is left of many shifts, each in the order in which they are given."""
    by_person: dict[str, list[Off]] = {}
    for off in offs:
        by_person.setdefault(off.person_id, []).append(off)
    return tuple(piece for one in shifts for piece in left_of(one, by_person.get(one.person_id, ())))


def changed(shifts: Iterable[Shift], overrides: Iterable[Override]) -> tuple[Shift, ...]:
    """Return shifts as they would be with further overrides, which cut all of them, earliest first."""
    made = tuple(overrides)
    offs = [Off(one.off_id, one.role, one.starts_at, one.ends_at) for one in made if one.off_id]
    added = [one.addition for one in made if one.addition]
    found = dict.fromkeys((*left_of_all(shifts, offs), *added))
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.role, one.person_id)))


def what_changes(overrides: Iterable[Override]) -> tuple[PersonDiff, ...]:
    """Return what overrides give to whom and take from whom, for whoever must be told of it."""
    made = tuple(overrides)
    lost, gained = [one.removal for one in made], [one.addition for one in made]
    return differences(filter(None, lost), filter(None, gained))


def undone(one: Override, now: datetime) -> Override:
    """Return what changes when an override is called off: what is left of it goes back."""
    return replace(one, off_id=one.on_id, on_id=one.off_id, starts_at=max(one.starts_at, now))
