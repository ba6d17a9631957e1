"""Who is on, by the rules, from one local day to another? Before anybody swaps or falls ill. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hotline.oncall.rota.bands import Band, Slot, slots
from hotline.oncall.rota.rotations import Rotation, in_force
from hotline.oncall.shifts import Shift


@dataclass(frozen=True)
class Assignment:
    """Who fills one slot in person, whatever the rotations say: the work of a planner or a coordinator."""

    band: str
    day: date
    people: tuple[str, ...]


@dataclass(frozen=True)
class Filled:
    """A slot and who is on; fewer than its headcount is a gap."""

    slot: Slot
    people: tuple[str, ...]

    @property
    def missing(self) -> int:
        """Return how many people are missing."""
        return max(0, self.slot.headcount - len(self.people))

    def shifts(self) -> Iterator[Shift]:
        """Yield a shift for everybody who is on."""
        for person_id in self.people:
            yield Shift(person_id, self.slot.role, self.slot.starts_at, self.slot.ends_at)


@dataclass(frozen=True)
class Rota:
    """Bands, rotations and assignments, from the local day `starts_on` until `ends_on` (included), if any.

    In a tier of `single` one person is on at a time, never two.
    """

    zone: ZoneInfo
    starts_on: date
    bands: tuple[Band, ...]
    rotations: tuple[Rotation, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    ends_on: date | None = None
    single: frozenset[str] = frozenset()
    holidays: Collection[date] = field(default=frozenset(), compare=False)

    def filled(self, first: date, last: date) -> Iterator[Filled]:
        """Yield every slot that begins from `first` to `last` (included), with the people who are on."""
        first = max(first, self.starts_on)
        last = min(last, self.ends_on) if self.ends_on is not None else last
        by_band = {band.name: [r for r in self.rotations if r.band == band.name] for band in self.bands}
        by_hand = {(one.band, one.day): one.people for one in self.assignments}
        counted = Counter[Rotation]()
        # Turns that pass on with every shift are counted from where their rotation begins.
        begins = min([first, *(rotation.since for rotation in self.rotations)])
        for slot in slots(self.bands, begins, last, self.zone, self.holidays):
            on: list[str] = []
            for rotation in in_force(by_band[slot.band], slot.day):
                on += rotation.on_turn(rotation.turn(slot.day, counted[rotation]))
                counted[rotation] += 1
            if slot.day >= first:
                yield Filled(slot, by_hand.get((slot.band, slot.day), tuple(dict.fromkeys(on))))

    def shifts(self, first: date, last: date) -> tuple[Shift, ...]:
        """Return the shifts that begin from `first` to `last` (included)."""
        return tuple(shift for filled in self.filled(first, last) for shift in filled.shifts())


def horizon(today: date, weeks: int) -> date:
    """Return the last local day of a horizon of so many weeks."""
    return today + timedelta(weeks=weeks) - timedelta(days=1)
