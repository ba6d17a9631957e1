"""Which PINs are fit for use, and how are they kept and checked?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hotline.errors import BadInput

_DIGITS = (6, 8)
MOST_WRONG = 3
LOCKED_FOR = timedelta(minutes=15)
"""So long after the third wrong PIN no PIN is asked; wrong ones further apart than this do not add up."""

# 19 MiB and two passes take about 30 ms: slow for a thief, unnoticed by a person at the staff door.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def fit_pin(pin: str) -> str:
    """Return the PIN if it is fit for use; raise `BadInput` otherwise.

    >>> fit_pin("480517")
    '480517'
    """
    least, most = _DIGITS
    if not (pin.isascii() and pin.isdigit() and least <= len(pin) <= most):
        raise BadInput(f"a PIN has {least} to {most} digits and nothing else; choose another")
    if len(set(pin)) < 3 or pin in "01234567890" or pin in "09876543210":
        raise BadInput("this PIN is too easily guessed; choose digits that are not in a row or all alike")
    return pin


def hash_pin(pin: str) -> str:
    """Return what is stored of a PIN."""
    return _HASHER.hash(pin)


def pin_matches(pin_hash: str | None, pin: str) -> bool:
    """Tell whether the PIN is the one stored; it takes as long when there is none."""
    try:
        _HASHER.verify(pin_hash or _nobodys_hash(), pin)
    except (VerificationError, InvalidHashError):
        return False
    return pin_hash is not None


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody's PIN")


@dataclass(frozen=True)
class Tries:
    """Wrong PINs in a row, and until when no PIN is asked any more."""

    wrong: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None

    def is_locked(self, at: datetime) -> bool:
        """Tell whether the door is closed, whatever is keyed in."""
        return self.locked_until is not None and at < self.locked_until

    def after_wrong(self, at: datetime) -> "Tries":
        """Count one more wrong PIN; the third closes the door.

        >>> from datetime import UTC
        >>> night = datetime(2026, 11, 22, 2, tzinfo=UTC)
        >>> three = Tries().after_wrong(night).after_wrong(night).after_wrong(night)
        >>> three.is_locked(night), three.is_locked(night + LOCKED_FOR)
        (True, False)
        """
        recent = self.last_at is not None and at - self.last_at <= LOCKED_FOR and self.locked_until is None
        wrong = self.wrong + 1 if recent else 1
        return Tries(wrong, at, at + LOCKED_FOR if wrong >= MOST_WRONG else None)
