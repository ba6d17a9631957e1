"""Who is on duty at a moment? Shifts are half-open: the end of one is the beginning of the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hotline.errors import BadInput

LONGEST_SHIFT = timedelta(days=7, hours=1)
"""A week on call, also the one with 25 hours in a day. The store counts on it: see `oncall/store.py`."""

SIGNAL = "duty"
"""Announced by whatever changes who is on duty, once it is committed."""


@dataclass(frozen=True)
class Shift:
    """One person's duty in one role from `starts_at` until just before `ends_at`.

    `withdrawn`: they said "I can't, now". It is read with the rota and is no part of the shift itself.
    """

    person_id: str
    role: str
    starts_at: datetime
    ends_at: datetime
    withdrawn: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise BadInput("a shift needs moments with an offset, as 2026-11-22T20:00+01:00")
        if self.ends_at <= self.starts_at:
            raise BadInput("the shift ends before it starts; exchange or correct its moments")
        if self.ends_at - self.starts_at > LONGEST_SHIFT:
            raise BadInput("the shift is longer than a week; check its dates, or write one shift a week")


def duty_at(shifts: Iterable[Shift], at: datetime) -> tuple[Shift, ...]:
    """Return the shifts that run at a moment, earliest first.

    >>> from datetime import UTC
    >>> night = Shift("anna", "volunteer", datetime(2026, 11, 22, 19, tzinfo=UTC),
    ...               datetime(2026, 11, 23, 7, tzinfo=UTC))
    >>> len(duty_at([night], night.starts_at)), len(duty_at([night], night.ends_at))
    (1, 0)
    """
    return _in_order(shift for shift in shifts if shift.starts_at <= at < shift.ends_at)


def duty_between(shifts: Iterable[Shift], start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return the shifts that run at some moment of `[start, end)`, earliest first."""
    if end <= start:
        return ()
    return _in_order(shift for shift in shifts if shift.starts_at < end and start < shift.ends_at)


def _in_order(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    return tuple(
        sorted(shifts, key=lambda shift: (shift.starts_at, shift.ends_at, shift.role, shift.person_id))
    )
