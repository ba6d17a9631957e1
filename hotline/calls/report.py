"""What happened in a call, for a script and for a tired person to read?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from hotline.calls import store
from hotline.calls.call import Call, Leg, LegResult, LegState
from hotline.calls.rooms import store as rooms
from hotline.database import Transaction
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp
from hotline.people import store as people
from hotline.phone_number import mask

PUBLIC_FLAGS = ("cannot_speak", "redial", "withheld", "keyed_112")

_STORY = {
    "came_in": "the call comes in",
    "key": "the caller presses {detail}",
    "category": "the call is about {detail}",
    "language": "the caller chooses the language {detail}",
    "ringing_began": "phones begin to ring",
    "ringing_resumed": "phones begin to ring again",
    "ring": "{name} is rung ({detail})",
    "dial": "{name} is rung by the caller's own line ({detail})",
    "redirect_late": "a late redirect took the caller out of the room; they meet again in the next",
    "ring_failed": "{name} could not be rung ({detail})",
    "picked_up": "{name}'s phone is picked up",
    "passed_on": "{name} passes it on",
    "accepted": "{name} accepts ({detail})",
    "joined": "the caller is brought to the room",
    "joined_too": "{name} joins ({detail})",
    "met": "they talk",
    "room_ended": "the conversation ends {detail}",
    "responder_gone": "the responder's line is gone; the caller is asked to stay",
    "leg_ended": "{name}'s phone: {detail}",
    "everybody_tried": "everybody has been tried",
    "told_honestly": "the caller is told that nobody has answered, and hears 112",
    "flag": "noted: {detail}",
    "caller_left": "the caller hangs up",
    "found_gone": "the exchange says that the caller is gone",
    "found_ended": "the exchange says that {name}'s line has ended ({detail})",
    "pass_lost": "the caller's line had gone silent and is taken back",
    "outcome": "outcome: {detail}",
    "follow_up": "follow-up stored: {detail}",
    "coordinators_told": "coordinators told: {detail}",
    "ceiling": "the caller has waited an hour",
}


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    event: str
    detail: str
    text: str


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
    timeline: tuple[Moment, ...]
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
        """Return the call as a story, a line a moment, in local time."""
        data = self.as_json()
        about = ", ".join(filter(None, [data["category"], data["language"], *data["flags"]]))
        outcome = self.call.outcome or self.call.position
        lines = [f"Call {self.call.sid} from {data['caller']}: {outcome} ({about})"]
        for moment in self.timeline:
            lines.append(f"  {moment.at.astimezone(self.zone):%H:%M:%S}  {moment.text}")
        for talk in self.talks:
            length = "still talking" if talk.seconds is None else f"for {talk.seconds} s"
            lines.append(f"  {talk.name} ({talk.role}) talked with the caller {length}")
        if self.follow_up is not None:
            due = f"{self.follow_up.due_at.astimezone(self.zone):%d/%m %H:%M}"
            lines.append(f"  Follow-up: {self.follow_up.kind}, {self.follow_up.state}, due {due}")
        return lines

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
    names = {p.id: p.name for p in people.people_by_ids(tx, {leg.person_id for leg in legs})}
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
    timeline = tuple(
        Moment(
            row.at,
            row.event,
            row.detail,
            _told(row.event, row.detail, names.get(row.person_id or "", "somebody")),
        )
        for row in store.events_of(tx, call.id)
    )
    return CallReport(call, legs, names, talks, owed.of_call(tx, call.id), timeline, zone)


def _told(event: str, detail: str, name: str) -> str:
    return _STORY.get(event, f"{event} {{detail}}").format(detail=detail, name=name.split()[0]).rstrip()


def call_line(call: Call, zone: tzinfo) -> str:
    """Return one call on one line, for a list."""
    outcome = call.outcome or call.position
    shown = mask(call.caller) if call.caller else "withheld" if call.withheld else "forgotten"
    came_in = f"{call.came_in_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return f"{came_in}  {call.sid}  {shown:<10}  {call.category or '-':<4}  {outcome}"
