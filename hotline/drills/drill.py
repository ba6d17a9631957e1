"""What is a practice call, how may it end, and when is it forgotten? Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CODE_HOLDS = timedelta(minutes=10)
"""So long after the ring somebody may still tell the code that was spoken."""

LONGEST = timedelta(minutes=3)
"""A practice call whose last word was lost counts as ended after this long."""


class Result(StrEnum):
    """How a practice call ended, as people read it."""

    CONFIRMED = "confirmed"
    PASSED = "passed"
    NO_KEY = "no_key"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    MADE_WAY = "made_way"
    UNKNOWN = "unknown"
    HEARD = "heard"


RESULT_OF_STATUS = {"busy": Result.BUSY, "no-answer": Result.NO_ANSWER, "failed": Result.FAILED}
MEANING = {
    Result.CONFIRMED: "pressed 1: the phone works, the person knows the key",
    Result.PASSED: "pressed 2: the phone works",
    Result.NO_KEY: "picked up, but no key was pressed (a voicemail, or keys that do not reach us)",
    Result.BUSY: "busy",
    Result.NO_ANSWER: "not picked up",
    Result.FAILED: "could not be rung: check the number and the phone",
    Result.MADE_WAY: "ended, because a real call needed the phone",
    Result.HEARD: "the spoken code was heard: the phone works",
    Result.UNKNOWN: "nobody told us how it ended",
}


@dataclass(frozen=True)
class Drill:
    """One practice call to one person; moments are UTC. `code`: digits that it says instead of asking."""

    id: str
    person_id: str
    asked_by: str
    asked_at: datetime
    sid: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: Result | None = None
    code: str | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the phone may still ring or be in use."""
        return self.ended_at is None


def result_of(drill: Drill, status: str) -> Result:
    """Return how a practice call ended, from the last status of its leg."""
    if drill.result is not None:
        return drill.result
    if drill.answered_at is not None or status == "completed":
        return Result.NO_KEY
    return RESULT_OF_STATUS.get(status, Result.UNKNOWN)
