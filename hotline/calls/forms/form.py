"""Which call needs a form of first contact, and who owes it? Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from hotline.calls.call import OFFENSIVE, Call

LOOK_BACK = timedelta(days=14)
"""A form that is missing for longer is asked for no more: nobody would remember the call."""

NO_FORM = frozenset({OFFENSIVE, "prank"})
"""Flags of a call of which the key after it, or at its end, has said all that a form could."""

_HELPERS = frozenset({"interpreter"})
"""Roles of people who help whoever answers, and write nothing."""


@dataclass(frozen=True)
class Spoke:
    """One of ours spoke with the person of a call, once: in the call, or calling back, which has no role.

    `since` is when they came into the room, with or before the person.
    """

    call_id: str
    person_id: str
    role: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class MissingForm:
    """A call whose form nobody has noted; `owed_by` is None where it is not known who spoke."""

    call: Call
    owed_by: str | None

    def line(self, name: str | None, zone: tzinfo) -> str:
        """Return it on one line: when the call came in, who writes the form, and which call it is."""
        return f"{self._at(zone)}  {name or 'somebody'}  {self.call.sid}"

    def as_json(self, name: str | None, zone: tzinfo) -> dict[str, str | None]:
        """Return the shape that `hotline forms list --json` promises, one of a list."""
        return {"call": self.call.sid, "at": self._at(zone), "name": name}

    def _at(self, zone: tzinfo) -> str:
        return self.call.came_in_at.astimezone(zone).isoformat(timespec="minutes")


def needs_form(call: Call) -> bool:
    """Tell whether a call in which somebody was spoken with needs a form."""
    return not NO_FORM & call.flags


def who_owes(spoke: Iterable[Spoke]) -> str | None:
    """Return who writes the form of a call: whoever spoke last; of several until the end, the first there.

    So it is whoever took over where a call was handed over, and whoever answered where a colleague joined.
    It is nobody where none of ours is known to have spoken, as while the database was away.
    """
    times = defaultdict[str, list[Spoke]](list)
    for one in spoke:
        if one.role not in _HELPERS:
            times[one.person_id].append(one)
    if not times:
        return None
    ended = {person_id: max(one.until for one in those) for person_id, those in times.items()}
    last = [person_id for person_id in times if ended[person_id] == max(ended.values())]
    return min(last, key=lambda person_id: min(one.since for one in times[person_id]))


def missing_of(calls: Iterable[Call], spoke: Iterable[Spoke]) -> tuple[MissingForm, ...]:
    """Return which of these calls, of which no form is noted, need one, and who owes it, in their order."""
    by_call = defaultdict[str, list[Spoke]](list)
    for one in spoke:
        by_call[one.call_id].append(one)
    return tuple(MissingForm(call, who_owes(by_call[call.id])) for call in calls if needs_form(call))
