"""What is one message to one member of staff? Content-free, by text or by a call. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.people.person import Person


class Channel(StrEnum):
    """How a notice reaches a person."""

    TEXT = "text"
    CALL = "call"


class NoticeState(StrEnum):
    """What became of a notice; `unwanted` is one that nobody needs any more while it is being sent."""

    SENT = "sent"
    TAKEN = "taken"
    UNHEARD = "unheard"
    UNWANTED = "unwanted"


@dataclass(frozen=True)
class Notice:
    """A content-free message to one member of staff; `about` is the moment it speaks of."""

    id: str
    person_id: str
    call_id: str
    kind: str
    channel: Channel
    about: datetime
    created_at: datetime
    state: NoticeState = NoticeState.SENT
    sid: str | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether its phone may still ring or be in use."""
        return self.closed_at is None


def can_text(phone: str, sms_number: str) -> bool:
    """Tell whether the service has a number that can text, and this phone receives texts.

    >>> can_text("+393400000001", "+393400000099"), can_text("+390781000001", "+393400000099")
    (True, False)
    """
    return bool(sms_number) and phone.startswith("+393")


def takes_texts(person: Person, sms_number: str) -> bool:
    """Tell whether this person can be texted: who wrote STOP is told everything by calls."""
    return person.takes_texts and can_text(person.phone, sms_number)
