"""What does a rota rest on beside its own rules? Pure.

The rota knows nothing of calls: whoever asks for a review hands in who was called out when.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.database import Transaction
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.profile import Profile

WEEKS = 8
"""So far ahead the rules are turned into shifts."""

Worked = Callable[[Transaction, datetime, datetime], Sequence[WorkedPeriod]]
"""Who was called out between two moments."""


def no_work(_tx: Transaction, _start: datetime, _end: datetime) -> Sequence[WorkedPeriod]:
    """Return what nobody was called out for: of calls nothing is known."""
    return ()


@dataclass(frozen=True)
class Ground:
    """The profile with its holidays, whom we may ring, how far ahead we look, and who was called out."""

    profile: Profile
    countries: Collection[str] = ("IT",)
    weeks: int = WEEKS
    worked: Worked = no_work
