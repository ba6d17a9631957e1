"""Who may ask the API, as what, and until when? Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from secrets import token_urlsafe
from typing import Any

PREFIX = "pis_"
"""So begins every token, that one in the wrong place is noticed."""

_BYTES = 32
_WINDOW = timedelta(minutes=10)
_MOST_WRONG = 10


class Role(StrEnum):
    """What a token opens: the whole rota, figures without any name, or a person's own."""

    COORDINATOR = "coordinator"
    READER = "reader"
    SELF = "self"


@dataclass(frozen=True)
class Token:
    """A token as it is kept: whose it is, what it opens, for how long. The secret itself is not kept."""

    id: str
    person_id: str
    role: Role
    name: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_valid(self, at: datetime) -> bool:
        """Tell whether it opens anything at a moment."""
        return self.revoked_at is None and at < self.expires_at

    def as_json(self, names: Mapping[str, str], zone: tzinfo, at: datetime) -> dict[str, Any]:
        """Return the shape that `hotline token list --json` promises."""
        used = self.last_used_at
        ended = "revoked" if self.revoked_at else "expired"
        return {
            "id": self.id,
            "role": self.role,
            "person": names.get(self.person_id, self.person_id),
            "name": self.name,
            "state": "valid" if self.is_valid(at) else ended,
            "made_at": self.made_at.astimezone(zone).isoformat(timespec="seconds"),
            "made_by": self.made_by,
            "expires_at": self.expires_at.astimezone(zone).isoformat(timespec="seconds"),
            "last_used_at": used.astimezone(zone).isoformat(timespec="seconds") if used else None,
        }


@dataclass(frozen=True)
class Wrong:
    """How many wrong tokens came from one address since a moment."""

    count: int
    since: datetime

    def after_one_more(self, at: datetime) -> "Wrong":
        """Return the count with one more; an old count begins anew."""
        return Wrong(self.count + 1, self.since) if at < self.since + _WINDOW else Wrong(1, at)

    def is_enough(self, at: datetime) -> bool:
        """Tell whether this address is told to wait.

        >>> from datetime import UTC
        >>> nine = datetime(2026, 11, 22, 9, tzinfo=UTC)
        >>> Wrong(9, nine).is_enough(nine), Wrong(10, nine).is_enough(nine + timedelta(minutes=9))
        (False, True)
        >>> Wrong(10, nine).is_enough(nine + timedelta(minutes=10))
        False
        """
        return self.count >= _MOST_WRONG and at < self.since + _WINDOW

    def seconds_left(self, at: datetime) -> int:
        """Return how many seconds until the count begins anew."""
        return max(1, int((self.since + _WINDOW - at).total_seconds()))


def new_secret(prefix: str = "") -> str:
    """Return a secret of 256 random bits."""
    return f"{prefix}{token_urlsafe(_BYTES)}"
