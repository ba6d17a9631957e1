"""What is one text that came in, and may its sender be answered today? Pure."""

from dataclasses import dataclass
from datetime import datetime

MOST_ANSWERS = 12
"""So many answers go to one phone on one day: two machines must not thank each other all night."""


@dataclass(frozen=True)
class IncomingText:
    """One text; texts of a sender for which one thing is owed share a `thread_id`, the first one's id.

    `sender` is a number in E.164, or None where the network hides it; erased after some time, as the body.
    """

    id: str
    sid: str
    thread_id: str
    sender: str | None
    body: str | None
    pictures: int
    person_id: str | None
    came_in_at: datetime


@dataclass(frozen=True)
class Sender:
    """What is known of a phone that has texted: the thread it is in, and what it was answered on `day`.

    What asks others for something counts as an answer too, where none can go out.
    """

    sender_hash: str
    day: str
    thread_id: str | None = None
    answers: int = 0
    neutral: int = 0

    @property
    def may_be_told_once(self) -> bool:
        """Tell whether the neutral answer has not gone out on this day."""
        return self.neutral == 0

    @property
    def may_be_answered(self) -> bool:
        """Tell whether a command may still be answered on this day."""
        return self.answers < MOST_ANSWERS
