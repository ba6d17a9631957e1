"""What is owed to a caller: a call back, or a second look? Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What is owed."""

    CALL_BACK = "call_back"
    REVIEW = "review"


@dataclass(frozen=True)
class FollowUp:
    """Something owed to a caller, due at a moment, of a grade that says whom it may wake."""

    id: str
    call_id: str
    kind: Kind
    state: str
    grade: str
    created_at: datetime
    due_at: datetime
    owner_id: str | None = None
    done_at: datetime | None = None
