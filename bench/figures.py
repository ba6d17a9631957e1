"""What do many measured seconds come to? Medians over rounds, tails over all, ratios to the bare endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.turns import BARE, FIRST_RING, MEASURED, Times


@dataclass(frozen=True)
class Figures:
    """The rounds measured on one database."""

    rounds: Sequence[Times]

    def p50(self, kind: str) -> float:
        """Return the median over the rounds of each round's median, in seconds."""
        return median(median(times[kind]) for times in self.rounds)

    def ratio(self, kind: str) -> float:
        """Return the median over the rounds of each round's median against the bare endpoint's."""
        return median(median(times[kind]) / median(times[BARE]) for times in self.rounds)

    def tail(self, kind: str, share: float) -> float:
        """Return the percentile `share` over all rounds together, in seconds."""
        return _percentile([seconds for times in self.rounds for seconds in times[kind]], share)

    @property
    def p99_of_all_turns(self) -> float:
        """Return the 99th percentile over every measured turn of the service, in seconds."""
        return _percentile([s for times in self.rounds for kind in MEASURED for s in times[kind]], 0.99)

    @property
    def first_ring(self) -> float:
        """Return the 95th percentile from the key to the first ring request, in seconds."""
        return self.tail(FIRST_RING, 0.95)

    def samples(self, kind: str) -> int:
        """Return how often a kind of turn was measured."""
        return sum(len(times[kind]) for times in self.rounds)


def _percentile(values: list[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]
