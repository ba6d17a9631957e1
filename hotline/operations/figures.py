"""Which figures describe the line, whoever called and whoever answered? Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

BUCKETS = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0)
"""Upper limits of the steps in which seconds to a human are counted."""


@dataclass(frozen=True)
class ToHuman:
    """How long callers waited for a voice: how many at most each bucket's seconds, all, and their sum."""

    up_to: tuple[int, ...]
    count: int
    seconds: float


@dataclass(frozen=True)
class Figures:
    """The state of the line as the database knows it, the same for every replica."""

    open_calls: Mapping[str, int]
    ended_calls: Mapping[str, int]
    rings: Mapping[tuple[str, str], int]
    follow_ups: Mapping[tuple[str, str], int]
    to_human: ToHuman
    oldest_due_seconds: float
