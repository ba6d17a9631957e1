"""How is it written who is, or will be, there: asked when, heard when, sought beside whom?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from hotline.oncall.presence.check import Check, Kind, Step
from hotline.oncall.presence.due import Block
from hotline.people.person import Person


@dataclass(frozen=True)
class Presence:
    """One block of shifts, or one night of the social worker, as it stands at a moment.

    `confirmed_at` is when they last said that they are, or will be, there; `asked_by` is `text` or `call`.
    """

    person: Person
    block: Block
    check: Check | None = None
    confirmed_at: datetime | None = None
    asked_by: str | None = None

    @property
    def heard_at(self) -> datetime | None:
        """Return when they were heard, if they were."""
        return (self.check.heard_at if self.check is not None else None) or self.confirmed_at

    @property
    def is_night(self) -> bool:
        """Tell whether it is about the call at the beginning of the night."""
        return self.check is not None and self.check.kind == Kind.NIGHT

    def state(self) -> str:
        """Return in one word how it stands."""
        check = self.check
        if check is not None and check.left_at is not None:
            return "checked out"
        if self.heard_at is not None:
            return "confirmed"
        if check is None:
            return "not asked"
        if check.cannot_at is not None:
            return "cannot"
        return {Step.ASKED: "asked", Step.MISSING: "not reached"}.get(check.step, "not heard")


def presence_as_json(found: Iterable[Presence], zone: tzinfo) -> list[dict[str, Any]]:
    """Return the shape that `hotline presence --json` promises."""
    return [
        {
            "name": one.person.name,
            "role": one.block.role,
            "night": one.is_night,
            "starts_at": _iso(one.block.starts_at, zone),
            "ends_at": _iso(one.block.ends_at, zone),
            "state": one.state(),
            "asked_at": _iso(one.check.asked_at if one.check is not None else None, zone),
            "asked_by": one.asked_by,
            "heard_at": _iso(one.heard_at, zone),
        }
        for one in found
    ]


def presence_lines(found: Iterable[Presence], at: datetime, zone: tzinfo) -> list[str]:
    """Return the lines that `hotline presence` prints."""
    lines = [f"Who is there at {at.astimezone(zone):%Y-%m-%d %H:%M %Z}, and who will be:"]
    rows = [_line(one, zone) for one in found]
    return [*lines, *(rows or ["  nobody is on duty, and nobody will be within a day"])]


def _line(one: Presence, zone: tzinfo) -> str:
    begins, ends = (moment.astimezone(zone) for moment in (one.block.starts_at, one.block.ends_at))
    times = f"{begins:%a %d %H:%M} to {ends:%a %d %H:%M}"
    what = f"{one.block.role}, the night's call" if one.is_night else one.block.role
    details: Mapping[str, datetime | None] = {
        f"asked by {one.asked_by or 'call'}": one.check.asked_at if one.check is not None else None,
        "heard": one.heard_at,
    }
    said = [f"{name} {moment.astimezone(zone):%a %H:%M}" for name, moment in details.items() if moment]
    return f"  {times}  {one.person.name} ({what}): {one.state()}" + (f"; {', '.join(said)}" if said else "")


def _iso(moment: datetime | None, zone: tzinfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="minutes")
