"""May the service ring this caller, on which number, and until when? Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SHORT_YES = timedelta(hours=2)
"""Whoever may be watched, or hides the number: their phone may be in other hands later."""

_NOON = 12


class Safety(StrEnum):
    """What the caller has said about being contacted."""

    NO = "no"
    NOT_ASKED = "not_asked"
    YES = "yes"


@dataclass(frozen=True)
class Contact:
    """What one caller has said: `number` is the one to ring, `keyed` one that still waits for its yes."""

    call_id: str
    safety: Safety
    number: str | None = None
    number_hash: str | None = None
    keyed: str | None = None
    until: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    """Who decided, and why, that a caller who was never asked is called all the same."""

    def allows(self, now: datetime) -> bool:
        """Tell whether somebody of ours may ring the number now."""
        decided = self.safety == Safety.NOT_ASKED and self.decided_by is not None
        return (
            (self.safety == Safety.YES or decided)
            and self.number is not None
            and self.until is not None
            and now < self.until
        )


def lapses_at(agreed_at: datetime, due_at: datetime, short: bool, zone: ZoneInfo) -> datetime:
    """Return when a yes ends: after two hours if it must be `short`, else at the noon after the due hour.

    >>> rome = ZoneInfo("Europe/Rome")
    >>> night = datetime(2026, 11, 22, 3, 0, tzinfo=rome)
    >>> lapses_at(night, night + timedelta(minutes=30), False, rome).isoformat()
    '2026-11-22T12:00:00+01:00'
    """
    if short:
        return agreed_at + SHORT_YES
    local = due_at.astimezone(zone)
    noon = local.replace(hour=_NOON, minute=0, second=0, microsecond=0)
    return noon if noon > local else noon + timedelta(days=1)


def safety_at_the_end(asked: bool, declined: bool, careful: bool, answered: bool) -> Safety:
    """Return what holds for a caller who said no yes: silence to the question is a no, and so is danger."""
    if declined or careful or (asked and not answered):
        return Safety.NO
    return Safety.NOT_ASKED
