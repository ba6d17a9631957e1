"""What is owed to a caller, to whom does it belong now, and by when? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

PROMISED_WITHIN = timedelta(minutes=30)
"""A person calls back within this time at the latest, rounded up to a full five minutes."""

MORNING_HOUR = 10
"""What may wait until the morning is due at this local hour; it is looked at from half past eight."""

LOOK_AHEAD = timedelta(minutes=90)
OWNED_FOR = timedelta(minutes=10)
"""So long an owner is left in peace; without an attempt it then rings again."""

READ_AGAIN = timedelta(minutes=1)
"""So long after a further text its reader is rung again: people often send several in a row."""

MOST_ATTEMPTS = 3
AGAIN_WHEN_BUSY, AGAIN = timedelta(minutes=2), timedelta(minutes=5)
_ROUNDED_TO = 5


class Kind(StrEnum):
    """What is owed: a call, somebody who looks at it and is ready if they ring again, or a reader."""

    CALL_BACK = "call_back"
    REVIEW = "review"
    TEXT = "text"


class State(StrEnum):
    """Where a follow-up is. Owned is not done."""

    OPEN = "open"
    OWNED = "owned"
    DONE = "done"


class Event(StrEnum):
    """What can happen to a follow-up."""

    TAKEN = "taken"
    LET_GO = "let_go"
    FINISHED = "finished"
    ASKED_AGAIN = "asked_again"


LIFECYCLE: dict[tuple[State, Event], State] = {
    (State.OPEN, Event.TAKEN): State.OWNED,
    (State.OWNED, Event.TAKEN): State.OWNED,  # handed over to the next on duty
    (State.OWNED, Event.LET_GO): State.OPEN,
    (State.OPEN, Event.FINISHED): State.DONE,
    (State.OWNED, Event.FINISHED): State.DONE,
    (State.DONE, Event.ASKED_AGAIN): State.OPEN,  # kept in the call, and then they want more done
}


class Result(StrEnum):
    """How a follow-up ended."""

    IN_THE_CALL = "in_the_call"
    TALKED = "talked"
    NOT_REACHED = "not_reached"
    WRONG_PERSON = "wrong_person"
    READ = "read"
    LOOKED_AT = "looked_at"


@dataclass(frozen=True)
class FollowUp:
    """Something owed to a caller; `grade` says whom it may wake, `alarm_at` when somebody is rung next.

    `call_id` is the call it is owed for; where texts are owed a reader, the thread of those texts.
    While the caller is still on the line there is no `alarm_at`, nor when a review has been understood.
    """

    id: str
    call_id: str
    kind: Kind
    state: State
    grade: str
    created_at: datetime
    due_at: datetime
    owner_id: str | None = None
    owned_at: datetime | None = None
    alarm_at: datetime | None = None
    alarm_step: int = 0
    attempts: int = 0
    outcome: Result | None = None
    done_at: datetime | None = None

    @property
    def first_alarm_at(self) -> datetime:
        """Return when the first alarm rings: at once, or ahead of the hour at which it is due."""
        return self.created_at if self.grade == "at_once" else self.due_at - LOOK_AHEAD


@dataclass(frozen=True)
class CallBack:
    """One attempt to ring the person: a room, the owner's leg (of a notice), and the called leg."""

    id: str
    follow_up_id: str
    notice_id: str
    person_id: str
    room: str
    began_at: datetime
    sid: str | None = None
    result: str | None = None
    met_at: datetime | None = None
    ended_at: datetime | None = None


def to_take(owed: Sequence[FollowUp], person_id: str) -> tuple[FollowUp, ...]:
    """Return what somebody may take now: their own calls back, then what nobody has, most urgent first."""
    mine = [
        one
        for one in owed
        if one.state == State.OWNED and one.owner_id == person_id and one.kind == Kind.CALL_BACK
    ]
    # Before its alarms begin the caller is still on the line.
    nobodys = [one for one in owed if one.state == State.OPEN and one.alarm_at is not None]
    return (*mine, *sorted(nobodys, key=lambda one: (one.grade != "at_once", one.due_at)))


def due_hour(now: datetime, grade: str, zone: ZoneInfo) -> datetime:
    """Return by when a person calls back: soon, on a full five minutes, or at ten in the morning.

    >>> rome = ZoneInfo("Europe/Rome")
    >>> night = datetime(2026, 11, 22, 3, 13, tzinfo=rome)
    >>> due_hour(night, "at_once", rome).strftime("%H:%M"), due_hour(night, "morning", rome).strftime("%H:%M")
    ('03:45', '10:00')
    """
    soon = now + PROMISED_WITHIN
    missing = -soon.minute % _ROUNDED_TO
    soon = soon.replace(second=0, microsecond=0) + timedelta(minutes=missing)
    if grade == "at_once":
        return soon
    local = soon.astimezone(zone)
    ten = local.replace(hour=MORNING_HOUR, minute=0)
    return ten if ten >= local else ten + timedelta(days=1)
