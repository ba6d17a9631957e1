"""Which PINs are fit for use, and how are they kept and checked?"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hotline.errors import BadInput

_DIGITS = (6, 8)
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
