"""What is wrong with the line that a person must hear of, in words without content, and how often? Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Trouble(StrEnum):
    """What can be wrong with the line."""

    REFUSED = "refused"
    REST = "rest"
    DATABASE = "database"
    FALLBACK = "fallback"
    TICKS = "ticks"
    GAP = "gap"
    OWED = "owed"


_SAY_AGAIN = timedelta(hours=1)
SAY_AGAIN: Mapping[Trouble, timedelta] = {Trouble.GAP: timedelta(hours=12)}
"""A trouble that lasts is written about again after this time; where none is given, after an hour."""

_WORDS: Mapping[Trouble, tuple[str, str]] = {
    Trouble.REFUSED: (
        "a signed webhook was refused",
        "Calls may be failing. Compare TWILIO_AUTH_TOKEN and HOTLINE_PUBLIC_URL with Twilio's console.",
    ),
    Trouble.REST: (
        "phones cannot be rung by REST",
        "Callers are connected one person at a time. Look at Twilio's status page and at the token.",
    ),
    Trouble.DATABASE: (
        "the database does not answer",
        "Callers are connected by the backstop file. Restart the database or free its disk.",
    ),
    Trouble.FALLBACK: (
        "a caller was served without us",
        "The static fallback or the backstop file answered a call. See hotline calls for what is owed.",
    ),
    Trouble.TICKS: (
        "a job of the ticker is stuck",
        "Ask /health/ready which one; restart this replica.",
    ),
    Trouble.GAP: (
        "a call within 24 hours would find too few people",
        "hotline coverage says when and which; fill the gap in the rota.",
    ),
    Trouble.OWED: (
        "nobody has taken what is owed to a caller",
        "Phones are being rung about it, so far in vain. hotline follow-ups says for which call.",
    ),
}


@dataclass(frozen=True)
class Letter:
    """An e-mail about the line; it names nobody and quotes nothing."""

    subject: str
    body: str


def letter_about(trouble: Trouble, service: str, now: datetime) -> Letter:
    """Write about one trouble."""
    what, remedy = _WORDS[trouble]
    return Letter(
        f"{service}: {what}", f"{now:%Y-%m-%d %H:%M} UTC\n{service}: {what}.\n\n{remedy}\n\ndocs/runbook.md\n"
    )


def is_due(trouble: Trouble, written_at: datetime | None, now: datetime) -> bool:
    """Tell whether a trouble may be written about (again)."""
    return written_at is None or now - written_at >= SAY_AGAIN.get(trouble, _SAY_AGAIN)
