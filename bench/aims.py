"""What must hold, and how far may noise carry a figure before an aim counts as missed?"""

from collections.abc import Iterable
from dataclasses import dataclass

RATIO_TO_BARE = 2.0
"""The median of a turn, against the bare endpoint's."""

GROWTH_OF_P99 = 1.2
"""The 99th percentile of all turns with a million past calls, against that with none."""

KEY_TO_FIRST_RING = 0.100
"""Seconds from the key until the first ring request reaches the provider: 95th percentile."""

START_TO_FIRST_ANSWER = 2.0
"""Seconds from the start of `hotline serve` to the first answered webhook: median."""

SILENCE_TO_FIRST_RING = 20.0
"""Seconds of the call's own time from the first word to the first ring, when no key is pressed."""

FIRST_RING_TO_LAST_TIER = 75.0
"""Seconds of the call's own time from the first ring until the last tier of the plan rings."""

FIRST_RING_TO_ALL_TWICE = 180.0
"""Seconds of the call's own time from the first ring until everybody of the plan was rung twice."""

NOISE = 1.15
"""A median may exceed its aim so many times before the aim counts as missed."""

NOISE_OF_TAILS = 1.4
"""The same for 95th and 99th percentiles, which rest on few samples."""


@dataclass(frozen=True)
class Finding:
    """One figure beside its aim."""

    what: str
    figure: float
    aim: float
    noise: float

    @property
    def verdict(self) -> str:
        """Return `met`, `within noise` or `MISSED`."""
        if self.figure <= self.aim:
            return "met"
        return "within noise" if self.figure <= self.aim * self.noise else "MISSED"


def missed(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are missed by more than noise."""
    return [finding for finding in findings if finding.verdict == "MISSED"]
