"""Where is a call, and where does a leg go next? Snapshots, lifecycles and the one decision. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.ivr.flows.room_v1 import PRIVATE
from hotline.ivr.nodes import Position

BY_BACKSTOP, ELSEWHERE = "backstop_answered", "fallback"
"""Flags: a person answered without the database; the caller is with documents or Dials that are not ours."""

MET_WITHOUT_PROOF = timedelta(seconds=3)
"""Both in the room for this long count as having met, though the room's callback was lost."""


class LegState(StrEnum):
    """Where a responder's leg is."""

    INTENDED = "intended"
    RINGING = "ringing"
    WHISPER = "whisper"
    ROOM = "room"
    ENDED = "ended"


class LegEvent(StrEnum):
    """What can happen to a responder's leg."""

    RUNG = "rung"
    ANSWERED = "answered"
    CLAIMED = "claimed"
    OVER = "over"


LEG_LIFECYCLE: dict[tuple[LegState, LegEvent], LegState] = {
    (LegState.INTENDED, LegEvent.RUNG): LegState.RINGING,
    (LegState.INTENDED, LegEvent.ANSWERED): LegState.WHISPER,  # the ring's own answer may come later
    (LegState.RINGING, LegEvent.ANSWERED): LegState.WHISPER,
    (LegState.WHISPER, LegEvent.CLAIMED): LegState.ROOM,
    (LegState.INTENDED, LegEvent.OVER): LegState.ENDED,
    (LegState.RINGING, LegEvent.OVER): LegState.ENDED,
    (LegState.WHISPER, LegEvent.OVER): LegState.ENDED,
    (LegState.ROOM, LegEvent.OVER): LegState.ENDED,
}


class LegResult(StrEnum):
    """How a leg ended, as people read it."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_KEY = "no_key"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


RESULT_OF_STATUS = {
    "busy": LegResult.BUSY,
    "no-answer": LegResult.NO_ANSWER,
    "failed": LegResult.FAILED,
    "canceled": LegResult.CANCELED,
}


class CallOutcome(StrEnum):
    """How a call ended for the caller."""

    ANSWERED = "answered"
    PROMISED = "promised"
    UNREACHED = "unreached"
    ABANDONED = "abandoned"


GOODBYE, OFFENSIVE = "goodbye", "offensive"
CLOSED_FLAGS = frozenset({GOODBYE, OFFENSIVE})
"""Flags of a call that its responder has ended."""


@dataclass(frozen=True)
class Call:
    """A call as stored; moments are UTC."""

    id: str
    sid: str
    caller: str | None
    caller_hash: str | None
    withheld: bool
    flow_version: int
    position: Position
    node: str
    turn: int
    language: str
    category: str | None
    flags: frozenset[str]
    keys: tuple[tuple[str, datetime], ...]
    said: int
    came_in_at: datetime
    rung_at: datetime | None = None
    said_at: datetime | None = None
    honest_at: datetime | None = None
    ring_check_at: datetime | None = None
    whisper_until: datetime | None = None
    pass_due_at: datetime | None = None
    winner: str | None = None
    room: str | None = None
    joined_at: datetime | None = None
    between_at: datetime | None = None
    caller_left_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: CallOutcome | None = None
    follows: str | None = None
    prefers: str | None = None
    side_room: str | None = None

    @property
    def is_closed(self) -> bool:
        """Tell whether the responder has ended the call."""
        return bool(CLOSED_FLAGS & self.flags)

    @property
    def is_waiting(self) -> bool:
        """Tell whether phones may be rung for this call now."""
        return (
            not self.is_closed
            and self.rung_at is not None
            and self.winner is None
            and self.caller_left_at is None
            and self.position == Position.HOLD
            and self.between_at is None
            and self.node != "lost"
            and ELSEWHERE not in self.flags
        )


@dataclass(frozen=True)
class Leg:
    """One ring of one person's phone for a call."""

    id: str
    call_id: str
    person_id: str
    role: str
    sid: str | None
    state: LegState
    node: str
    turn: int
    result: LegResult | None
    created_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    dialled: bool = False
    errand: str | None = None
    afterwards: str | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the phone may still be rung or in use."""
        return self.ended_at is None

    @property
    def has_private_word(self) -> bool:
        """Tell whether this leg is, or is about to be, in a room without the caller."""
        return self.state == LegState.ROOM and self.node == PRIVATE


class Whereto(StrEnum):
    """Where a leg goes at the start of a turn."""

    FLOW = "flow"
    WAIT = "wait"
    ROOM = "room"
    BETWEEN = "between"
    LOST = "lost"
    GONE = "gone"
    THANKS = "thanks"
    ENDED = "ended"
    OVER = "over"


def where_now(call: Call, moved: bool, being_moved: bool) -> Whereto:
    """Decide where the caller's leg goes, once what this turn reports has been taken in.

    `moved`: this turn is the redirect that we asked for; `being_moved`: that redirect is being sent, or its
    effect is on its way. Then a hold pass only waits: redirect and pass can never both move the caller.
    """
    if call.caller_left_at is not None:
        return Whereto.OVER
    if call.position == Position.HOLD and call.is_closed:
        return Whereto.ENDED
    if call.winner is None:
        return Whereto.LOST if call.between_at is not None else Whereto.FLOW
    if call.room is None:
        return Whereto.BETWEEN
    if moved or call.position == Position.ROOM or call.between_at is not None:
        return Whereto.ROOM
    return Whereto.WAIT if being_moved else Whereto.ROOM


def responder_where_now(call: Call, leg: Leg, no_responder: bool = False) -> Whereto:
    """Decide where a responder's leg goes, once what this turn reports has been taken in.

    `no_responder`: only an interpreter is with the caller, so that who was rung back may come to them. In the
    room's end the caller's own report may still be on its way: until it comes, the leg waits.
    """
    if not leg.is_open:
        return Whereto.OVER
    if call.caller_left_at is not None:
        met = leg.state == LegState.ROOM and call.joined_at is not None and leg.node != "gone"
        return Whereto.THANKS if met else Whereto.GONE
    if leg.state != LegState.ROOM:
        called_in = leg.errand is not None and (leg.errand != "back" or no_responder)
        return Whereto.FLOW if call.winner is None or called_in else Whereto.LOST
    if call.room is not None:
        return Whereto.ROOM
    return Whereto.ROOM if call.position == Position.HOLD else Whereto.BETWEEN


def have_met(room_met_at: datetime | None, joined_at: datetime | None, now: datetime) -> datetime | None:
    """Return since when two people talked: the room's own word, or both having been in it for a while."""
    if room_met_at is not None:
        return room_met_at
    return joined_at if joined_at is not None and now - joined_at >= MET_WITHOUT_PROOF else None


def outcome_of(call: Call, ever_met: bool, promised: bool, everybody_tried: bool) -> CallOutcome:
    """Return how the call ended for the caller who has just left."""
    if ever_met:
        return CallOutcome.ANSWERED
    if promised:
        return CallOutcome.PROMISED
    return CallOutcome.UNREACHED if everybody_tried or call.honest_at else CallOutcome.ABANDONED
