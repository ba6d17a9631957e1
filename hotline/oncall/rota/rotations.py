"""Whose turn is it: weekly, every so many weeks, shift after shift, or on the nth weekday? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Every(StrEnum):
    """After how long the turn passes on."""

    SHIFT = "shift"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class NthWeekday:
    """The first, second … fifth (1-5) or last (-1) Monday, Tuesday … (0-6) of a month."""

    nth: int
    weekday: int

    def is_on(self, day: date) -> bool:
        """Tell whether a local day is it.

        >>> NthWeekday(1, 5).is_on(date(2026, 12, 5)), NthWeekday(-1, 5).is_on(date(2026, 12, 26))
        (True, True)
        """
        if day.weekday() != self.weekday:
            return False
        if self.nth == -1:
            return (day + timedelta(days=7)).month != day.month
        return (day.day - 1) // 7 + 1 == self.nth


@dataclass(frozen=True)
class Rotation:
    """An order of people who take turns in a band, from the local day `since` until `until` (included).

    `every` WEEK with `weeks` 2 passes the turn on every second Monday. `only_on` limits it to one weekday of
    the month, and there it replaces the rotations without such a limit. `people` are on together.
    """

    band: str
    order: tuple[str, ...]
    every: Every
    since: date
    weeks: int = 1
    people: int = 1
    until: date | None = None
    only_on: NthWeekday | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it says anything about a local day."""
        begun = day >= self.since and (self.until is None or day <= self.until)
        return begun and bool(self.order) and (self.only_on is None or self.only_on.is_on(day))

    def turn(self, day: date, shifts_before: int) -> int:
        """Return the number of the turn on a local day; `shifts_before` counts those since it began."""
        if self.every == Every.SHIFT:
            return shifts_before
        if self.every == Every.MONTH:
            return (day.year - self.since.year) * 12 + day.month - self.since.month
        return (_monday(day) - _monday(self.since)).days // (7 * self.weeks)

    def on_turn(self, turn: int) -> tuple[str, ...]:
        """Return who is on at a turn: as many as are on together, each once.

        >>> nights = Rotation("notte", ("anna", "bruno", "dora"), Every.SHIFT, date(2026, 12, 1), people=2)
        >>> [nights.on_turn(turn) for turn in range(3)]
        [('anna', 'bruno'), ('dora', 'anna'), ('bruno', 'dora')]
        """
        first = turn * self.people
        picked = (self.order[(first + place) % len(self.order)] for place in range(self.people))
        return tuple(dict.fromkeys(picked))


def in_force(rotations: Sequence[Rotation], day: date) -> tuple[Rotation, ...]:
    """Return the rotations of a band that hold on a local day: those of the nth weekday alone, if any do."""
    holding = [rotation for rotation in rotations if rotation.holds_on(day)]
    special = [rotation for rotation in holding if rotation.only_on is not None]
    return tuple(special or holding)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
