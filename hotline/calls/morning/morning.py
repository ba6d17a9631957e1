"""What has the time since yesterday morning left: calls, lost ones, heavy ones, what is owed, and forms?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from hotline.ambito import Handover
from hotline.calls import store as call_store
from hotline.calls.call import Call, CallOutcome
from hotline.calls.forms.actions import missing_forms
from hotline.calls.forms.form import MissingForm
from hotline.calls.morning import store
from hotline.calls.morning.store import HeavyCall
from hotline.calls.promise.redial import STAFF_FLAG
from hotline.calls.report import call_line
from hotline.database import Transaction
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp
from hotline.oncall.proof.spans import Span
from hotline.people import store as people
from hotline.people.person import Person

_MOST_BROKEN = 10


@dataclass(frozen=True)
class MorningList:
    """Everything of one list; what is owed is what is owed when it is read, however old it is; forms are
    missing still, of the fourteen days up to its end.

    `sids` are those of every call that it speaks of, `people` everybody whom it names; `broken` is what stays
    broken or uncovered in the rota in force, a line each, where whoever reads the list has asked.
    """

    window: Span
    calls: tuple[Call, ...]
    heavy: tuple[HeavyCall, ...]
    pending: tuple[FollowUp, ...]
    forms: tuple[MissingForm, ...]
    sids: Mapping[str, str]
    people: Mapping[str, Person]
    broken: tuple[str, ...] = ()

    @property
    def lost(self) -> tuple[Call, ...]:
        """Return the calls that ended unanswered after the ringing had begun."""
        return tuple(call for call in self.calls if is_lost(call))

    @property
    def counts(self) -> dict[str, int]:
        """Return the numbers that a text or a call tells."""
        return {
            "calls": len(self.calls),
            "lost": len(self.lost),
            "heavy": len(self.heavy),
            "pending": len(self.pending),
            "forms": len(self.forms),
        }

    @property
    def asks_for_something(self) -> bool:
        """Tell whether anybody has to do anything about it."""
        return bool(self.lost or self.heavy or self.pending or self.forms)

    def as_json(self, hours: Handover, zone: tzinfo) -> dict[str, Any]:
        """Return the shape that `hotline morning --json` prints."""
        return {
            "from": _local(self.window.starts_at, zone),
            "to": _local(self.window.ends_at, zone),
            **self.counts,
            "lost_calls": [
                {"call": call.sid, "at": _local(call.came_in_at, zone), "outcome": call.outcome}
                for call in self.lost
            ],
            "heavy_calls": [
                {
                    "call": self.sids[one.call_id],
                    "at": _local(one.at, zone),
                    "name": self._name(one.person_id),
                }
                for one in self.heavy
            ],
            "telephone_between": [f"{hours.call_from:%H:%M}", f"{hours.call_to:%H:%M}"],
            "still_owed": [
                {
                    "call": self.sids.get(one.call_id),
                    "kind": one.kind,
                    "state": one.state,
                    "due_at": _local(one.due_at, zone),
                    "owner": self._name(one.owner_id) if one.owner_id else None,
                }
                for one in self.pending
            ],
            "missing_forms": [one.as_json(self._owing(one), zone) for one in self.forms],
            "broken_in_the_rota": list(self.broken),
        }

    def lines(self, hours: Handover, zone: tzinfo) -> list[str]:
        """Return the lines that `hotline morning` prints."""
        begins, ends = (_local(moment, zone) for moment in (self.window.starts_at, self.window.ends_at))
        counts = ", ".join(f"{name} {number}" for name, number in self.counts.items())
        between = f"telephone between {hours.call_from:%H:%M} and {hours.call_to:%H:%M}"
        return [
            f"From {begins} to {ends}: {counts}.",
            *_part("Lost: nobody answered", [call_line(call, zone) for call in self.lost]),
            *_part(f"Heavy: {between}", [self._heavy_line(one, zone) for one in self.heavy]),
            *_part("Still owed", [self._owed_line(one, zone) for one in self.pending]),
            *_part("Forms missing", [one.line(self._owing(one), zone) for one in self.forms]),
            *_part("Broken in the rota in force, until it is mended", self._first_broken),
        ]

    @property
    def _first_broken(self) -> list[str]:
        more = len(self.broken) - _MOST_BROKEN
        rest = [f"… and {more} more: hotline rota show"] if more > 0 else []
        return [*self.broken[:_MOST_BROKEN], *rest]

    def _heavy_line(self, one: HeavyCall, zone: tzinfo) -> str:
        return f"{_local(one.at, zone)}  {self._name(one.person_id)} ({one.role})  {self.sids[one.call_id]}"

    def _owed_line(self, one: FollowUp, zone: tzinfo) -> str:
        owner = self._name(one.owner_id) if one.owner_id else "nobody"
        about = self.sids.get(one.call_id) or "texts: hotline texts"
        return f"by {_local(one.due_at, zone)}  {one.kind}  {one.state}, {owner}  {about}"

    def _owing(self, one: MissingForm) -> str | None:
        return self._name(one.owed_by) if one.owed_by else None

    def _name(self, person_id: str) -> str:
        return self.people[person_id].name if person_id in self.people else "somebody"


def is_lost(call: Call) -> bool:
    """Tell whether a caller left unanswered after phones had begun to ring, whatever was promised them."""
    return call.rung_at is not None and call.outcome not in (None, CallOutcome.ANSWERED)


def is_of_a_caller(call: Call) -> bool:
    """Tell whether somebody asked for help: one of ours at the staff door did not."""
    return call.outcome is not None or STAFF_FLAG not in call.flags


def morning_list(tx: Transaction, window: Span) -> MorningList:
    """Read the list of a window."""
    calls = tuple(
        call for call in store.came_in_between(tx, window.starts_at, window.ends_at) if is_of_a_caller(call)
    )
    heavy = store.heavy_between(tx, window.starts_at, window.ends_at)
    pending = owed.all_open(tx)
    forms = missing_forms(tx, window.ends_at)
    named = {one.person_id for one in heavy} | {one.owner_id for one in pending if one.owner_id}
    named |= {one.owed_by for one in forms if one.owed_by}
    return MorningList(
        window,
        calls,
        heavy,
        pending,
        forms,
        call_store.sids_of(tx, {one.call_id for one in heavy} | {one.call_id for one in pending}),
        {person.id: person for person in people.people_by_ids(tx, named)},
    )


def _local(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")


def _part(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []
