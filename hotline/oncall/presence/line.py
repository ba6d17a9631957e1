"""Who is next in line for a shift whose person is not heard: free, rested, least loaded? Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from hotline.oncall.presence.due import Block, blocks
from hotline.oncall.shifts import Shift
from hotline.people.person import Person

LOOK_BACK, LOOK_AHEAD = timedelta(days=28), timedelta(days=2)
"""Whose shifts are looked at: what they carried lately, and what they are about to begin."""

REST = timedelta(hours=11)


def in_line(
    people: Iterable[Person], shifts: Iterable[Shift], now: datetime, until: datetime
) -> tuple[Person, ...]:
    """Return who may be asked for the time from `now` to `until`, best first.

    First whoever has no duty of their own in that time, then whoever is rested before and after it (R2), then
    whoever was on duty for the fewest hours lately; names decide the rest, so that it is always the same.
    """
    of: dict[str, list[Block]] = {}
    for block in blocks(shifts):
        of.setdefault(block.person_id, []).append(block)

    def order(person: Person) -> tuple[bool, bool, timedelta, str, str]:
        theirs = of.get(person.id, [])
        taken = any(_meets(one, now, until) for one in theirs)
        tired = any(_meets(one, now - REST, until + REST) for one in theirs)
        carried = sum((min(one.ends_at, now) - one.starts_at for one in theirs if one.starts_at < now), _NONE)
        return (taken, tired, carried, person.name.casefold(), person.id)

    return tuple(sorted(people, key=order))


_NONE = timedelta(0)


def _meets(block: Block, start: datetime, end: datetime) -> bool:
    return block.starts_at < end and start < block.ends_at
