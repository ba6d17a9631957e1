"""What does somebody's calendar hold, beside what it has served before? Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from hashlib import sha256
from typing import Any

from hotline.oncall.shifts import Shift


@dataclass(frozen=True)
class Feed:
    """The secret address of a person's calendar; the secret itself is not kept."""

    id: str
    person_id: str
    made_at: datetime
    made_by: str
    last_access_at: datetime | None = None

    def as_json(self, names: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
        """Return the shape that `hotline feed list --json` promises."""
        read = self.last_access_at
        return {
            "person": names.get(self.person_id, self.person_id),
            "made_at": self.made_at.astimezone(zone).isoformat(timespec="seconds"),
            "made_by": self.made_by,
            "last_access_at": read.astimezone(zone).isoformat(timespec="seconds") if read else None,
        }


@dataclass(frozen=True)
class Event:
    """A shift as the calendar knows it; `sequence` counts its changes, the last of them at `changed_at`."""

    uid: str
    role: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime
    cancelled: bool


def uid_of(shift: Shift) -> str:
    """Return the name by which calendars know a shift: it stays, whatever becomes of its end."""
    told = f"{shift.person_id} {shift.role} {shift.starts_at.timestamp():.6f}"
    return sha256(told.encode()).hexdigest()[:40]


def changed_events(served: Iterable[Event], shifts: Iterable[Shift], at: datetime) -> Iterator[Event]:
    """Yield what calendars must be told: shifts that are new, that end otherwise, that are off or on again.

    `shifts` are those of the period of which the calendar tells; whoever said "I can't" has them no longer.
    """
    known = {one.uid: one for one in served}
    wanted = {uid_of(one): one for one in shifts if not one.withdrawn}
    for uid, shift in wanted.items():
        before = known.get(uid)
        if before is None:
            yield Event(uid, shift.role, shift.starts_at, shift.ends_at, 0, at, cancelled=False)
        elif before.cancelled or before.ends_at != shift.ends_at:
            yield _again(before, at, ends_at=shift.ends_at, cancelled=False)
    for uid, before in known.items():
        if uid not in wanted and not before.cancelled:
            yield _again(before, at, ends_at=before.ends_at, cancelled=True)


def _again(before: Event, at: datetime, ends_at: datetime, cancelled: bool) -> Event:
    sequence = before.sequence + 1
    return replace(before, ends_at=ends_at, sequence=sequence, changed_at=at, cancelled=cancelled)
