"""What did the service write down about a call?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hotline.calls import store
from hotline.calls.call import Call
from hotline.calls.rooms import store as rooms
from hotline.database import Database
from hotline.followups import store as owed
from hotline.notifications import store as notices
from hotline.people import store as people


@dataclass(frozen=True)
class Attempt:
    """One ring of one phone."""

    name: str
    role: str
    result: str | None
    began_at: datetime


@dataclass(frozen=True)
class Told:
    """One notice to a member of staff."""

    name: str
    kind: str
    channel: str


@dataclass(frozen=True)
class Record:
    """Everything that was written down about one call."""

    call: Call
    attempts: tuple[Attempt, ...]
    answered_by: str | None
    follow_up: str | None
    follow_up_grade: str | None
    told: tuple[Told, ...]
    timeline: tuple[tuple[datetime, str, str, str], ...]
    seconds_together: tuple[float, ...]

    @property
    def events(self) -> list[str]:
        """Return the names of the events, in order."""
        return [event for _, event, _, _ in self.timeline]

    @property
    def rung(self) -> list[str]:
        """Return who was rung, in order, each time."""
        return [attempt.name for attempt in self.attempts]


Written = Callable[[], Record]
"""Read what was written down about the latest call."""


def last_call(database: Database) -> Record:
    """Return the record of the call that came in last."""
    with database.reading() as tx:
        call = store.recent_calls(tx, 1)[0]
        names = {person.id: person.name.split()[0] for person in people.everybody(tx)}
        legs = store.legs_of(tx, call.id)
        due = owed.of_call(tx, call.id)
        events = store.events_of(tx, call.id)
        rings = [names[event.person_id] for event in events if event.event == "ring"]
        legs = tuple(sorted(legs, key=lambda leg: (leg.created_at, rings.index(names[leg.person_id]))))
        return Record(
            call=call,
            attempts=tuple(
                Attempt(names[leg.person_id], leg.role, leg.result, leg.created_at) for leg in legs
            ),
            answered_by=next((names[leg.person_id] for leg in legs if leg.id == call.winner), None),
            follow_up=due.kind if due else None,
            follow_up_grade=due.grade if due else None,
            told=tuple(
                Told(names[notice.person_id], notice.kind, notice.channel)
                for notice in notices.about_call(tx, call.id)
            ),
            timeline=tuple(
                (event.at, event.event, event.detail, names.get(event.person_id, "")) for event in events
            ),
            seconds_together=tuple(
                (talk.ended_at - talk.met_at).total_seconds()
                for talk in rooms.conversations_of(tx, call.id)
                if talk.met_at and talk.ended_at
            ),
        )
