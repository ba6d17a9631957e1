"""What happened in a call, for a script and for a tired person to read?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from hotline.calls import store
from hotline.calls.call import Call, Leg, LegResult, LegState
from hotline.calls.rooms import store as rooms
from hotline.calls.story import Happening, ending, length, plain, timeline
from hotline.database import Transaction
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp
from hotline.people import store as people
from hotline.phone_number import mask

PUBLIC_FLAGS = ("cannot_speak", "redial", "withheld", "keyed_112")


@dataclass(frozen=True)
class Talk:
    """Who talked with the caller, in which role, from when, and for how many seconds (None: still)."""

    name: str
    role: str
    since: datetime
    seconds: int | None


@dataclass(frozen=True)
class CallReport:
    """One call with its attempts, conversations and timeline; names are staff's, the number is masked."""

    call: Call
    legs: tuple[Leg, ...]
    names: Mapping[str, str]
    talks: tuple[Talk, ...]
    follow_up: FollowUp | None
    timeline: tuple[Happening, ...]
    zone: tzinfo

    @property
    def answered_by(self) -> Leg | None:
        """Return the leg of whoever has the call, or had it last."""
        accepted = [leg for leg in self.legs if leg.result == LegResult.ACCEPTED]
        winner = next((leg for leg in accepted if leg.id == self.call.winner), None)
        return winner or (accepted[-1] if accepted and self.talks else None)

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `hotline call --json` promises."""
        call, answered = self.call, self.answered_by
        return {
            "sid": call.sid,
            "caller": mask(call.caller) if call.caller else "withheld" if call.withheld else "forgotten",
            "category": call.category,
            "language": call.language,
            "flags": [flag for flag in PUBLIC_FLAGS if flag in call.flags],
            "state": call.position.value,
            "outcome": call.outcome,
            "came_in_at": self._local(call.came_in_at),
            "answered_by": None if answered is None else self._person(answered),
            "attempts": [{**self._person(leg), "result": self._result(leg)} for leg in self.legs],
            "conversations": [
                {
                    "name": talk.name,
                    "role": talk.role,
                    "since": self._local(talk.since),
                    "seconds": talk.seconds,
                }
                for talk in self.talks
            ],
            "follow_up": self._owed(),
            "timeline": [
                {"at": self._local(moment.at), "event": moment.event, "detail": moment.detail}
                for moment in self.timeline
            ],
        }

    def lines(self) -> list[str]:
        """Return the call as a story: what became of it, then a line a moment, in local time."""
        call, zone = self.call, self.zone
        who = "a hidden number" if call.withheld else self.as_json()["caller"]
        about = ", ".join(plain(part) for part in (call.category or "no category", call.language))
        return [
            f"{call.came_in_at.astimezone(zone):%d/%m/%Y %H:%M:%S}: a call from {who} ({about})",
            *self._outcome(),
            *self._still_owed(),
            "",
            *timeline(self.timeline, zone),
            "",
            f"  Call {call.sid}",
        ]

    def _outcome(self) -> list[str]:
        if not self.talks:
            return [ending(self.call.outcome, self.call.position)]
        told = []
        for talk in self.talks:
            waited = length((talk.since - self.call.came_in_at).total_seconds())
            talked = "is talking with the caller" if talk.seconds is None else "talked with the caller"
            for_how_long = "" if talk.seconds is None else f" for {length(talk.seconds)}"
            told.append(f"{talk.name} ({plain(talk.role)}) {talked}{for_how_long}, after a wait of {waited}.")
        return told

    def _still_owed(self) -> list[str]:
        owed = self.follow_up
        if owed is None:
            return []
        if owed.done_at is not None:
            return [f"The {plain(owed.kind)} that was owed is done."]
        due = owed.due_at.astimezone(self.zone)
        return [f"Still owed: {plain(owed.kind)}, {plain(owed.state)}, by {due:%H:%M on %d/%m}."]

    def _person(self, leg: Leg) -> dict[str, str]:
        return {"name": self.names.get(leg.person_id, "somebody"), "role": leg.role}

    def _result(self, leg: Leg) -> str | None:
        return leg.result if not leg.is_open or leg.state == LegState.ROOM else None

    def _owed(self) -> dict[str, Any] | None:
        if self.follow_up is None:
            return None
        due_at = self._local(self.follow_up.due_at)
        return {"kind": self.follow_up.kind, "state": self.follow_up.state, "due_at": due_at}

    def _local(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).isoformat(timespec="milliseconds")


def report_of(tx: Transaction, call: Call, zone: tzinfo) -> CallReport:
    """Read everything known of a call."""
    legs = store.legs_of(tx, call.id)
    person_of = {leg.id: leg for leg in legs}
    events = store.events_of(tx, call.id)
    met = {leg.person_id for leg in legs} | {row.person_id for row in events if row.person_id}
    names = {p.id: p.name for p in people.people_by_ids(tx, met)}
    talks = tuple(
        Talk(
            names.get(person_of[row.leg_id].person_id, "somebody"),
            person_of[row.leg_id].role,
            row.met_at,
            None if row.ended_at is None else round((row.ended_at - row.met_at).total_seconds()),
        )
        for row in rooms.conversations_of(tx, call.id)
        if row.met_at is not None
    )
    happened = tuple(
        Happening(row.at, row.event, row.detail, names.get(row.person_id or "", "").partition(" ")[0])
        for row in store.events_of(tx, call.id)
    )
    return CallReport(call, legs, names, talks, owed.of_call(tx, call.id), happened, zone)


def call_line(call: Call, zone: tzinfo) -> str:
    """Return one call on one line, for a list."""
    outcome = call.outcome or ("staff" if call.ended_at is not None else call.position)
    shown = mask(call.caller) if call.caller else "withheld" if call.withheld else "forgotten"
    came_in = f"{call.came_in_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return f"{came_in}  {call.sid}  {shown:<10}  {call.category or '-':<4}  {outcome}"
