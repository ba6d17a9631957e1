"""Has somebody heard what they were told, or must it be said again? Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.notifications.notice import Channel, Notice, NoticeState

MOST_TIMES = 3
"""A voicemail takes nothing in; after the third call somebody must look at the list."""


class Hearing(StrEnum):
    """How far somebody has heard of something."""

    NOT_TOLD = "not_told"
    WAITING = "waiting"
    MISSED = "missed"
    HEARD = "heard"
    GIVEN_UP = "given_up"


def hearing(told: Sequence[Notice], now: datetime, again_after: timedelta) -> Hearing:
    """Return how far one person has heard what these notices said, oldest first.

    A text counts when it has left; a call when a key was pressed in it.
    """
    if not told:
        return Hearing.NOT_TOLD
    if any(one.state == NoticeState.TAKEN or _has_left(one) for one in told):
        return Hearing.HEARD
    if told[-1].is_open or now - told[-1].created_at < again_after:
        return Hearing.WAITING
    rung = sum(one.channel == Channel.CALL for one in told)
    return Hearing.GIVEN_UP if rung >= MOST_TIMES else Hearing.MISSED


def _has_left(one: Notice) -> bool:
    return one.channel == Channel.TEXT and one.sid is not None and one.state == NoticeState.SENT
