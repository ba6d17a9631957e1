"""What does a broken rule say: which, how bad, whose, from when to when? Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: an error needs the coordinator's written reason, a warning is shown."""

    ERROR = "E"
    WARNING = "W"


@dataclass(frozen=True)
class Broken:
    """One rule broken in one stretch of time, UTC, half-open; nobody in person where all are meant.

    `text` is one sentence without the person's name.
    """

    rule: str
    level: Level
    person_id: str | None
    starts_at: datetime
    ends_at: datetime
    text: str
