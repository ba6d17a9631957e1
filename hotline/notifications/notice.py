"""Which notice goes to whom, by which channel, and when is it tried again? Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_ATTEMPTS = 3
TRY_AGAIN = timedelta(minutes=5)


class Channel(StrEnum):
    """How a notice reaches a person."""

    TEXT = "text"
    CALL = "call"


@dataclass(frozen=True)
class Notice:
    """A content-free message to one member of staff; `about` is the moment it speaks of."""

    id: str
    person_id: str
    call_id: str | None
    kind: str
    channel: Channel
    about: datetime
    created_at: datetime
    attempts: int
    sid: str | None
    state: str
    closed_at: datetime | None = None


def channel_for(phone: str, sms_number: str) -> Channel:
    """Return a text for a mobile when the service has a number that can text, otherwise a call.

    >>> channel_for("+393400000001", "+393400000099"), channel_for("+390781000001", "+393400000099")
    (<Channel.TEXT: 'text'>, <Channel.CALL: 'call'>)
    """
    return Channel.TEXT if sms_number and phone.startswith("+393") else Channel.CALL
