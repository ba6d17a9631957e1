"""How is the proof of coverage written for a terminal and for scripts?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from hotline.oncall.proof.coverage import Gap


@dataclass(frozen=True)
class CoverageReport:
    """What was found between two moments; names no person."""

    first: datetime
    last: datetime
    gaps: Sequence[Gap]
    zone: tzinfo

    @property
    def is_covered(self) -> bool:
        """Tell whether no gap is open."""
        return not any(gap.is_open for gap in self.gaps)

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `hotline coverage --json` promises."""
        return {
            "from": self._iso(self.first),
            "to": self._iso(self.last),
            "covered": self.is_covered,
            "gaps": [
                {
                    "from": self._iso(gap.starts_at),
                    "to": self._iso(gap.ends_at),
                    "what": gap.lack.lacking.value,
                    "tiers": list(gap.lack.tiers),
                    "category": gap.lack.category,
                    "levels": gap.lack.levels,
                    "covered_by": gap.lack.covered_by,
                    "text": gap.text,
                }
                for gap in self.gaps
            ],
        }

    def lines(self) -> list[str]:
        """Return the lines that `hotline coverage` prints: a stretch of time, then what is missing in it."""
        whole = f"from {self._local(self.first)} to {self._local(self.last)}"
        if not self.gaps:
            return [f"Covered {whole}."]
        lines = [f"{'Covered' if self.is_covered else 'NOT covered'} {whole}:"]
        shown = None
        for gap in self.gaps:
            if (stretch := (gap.starts_at, gap.ends_at)) != shown:
                lines.append(f"{self._local(gap.starts_at)} - {self._local(gap.ends_at)}")
                shown = stretch
            lines.append(f"  {'GAP ' if gap.is_open else 'note'}  {gap.text}")
        return lines

    def _iso(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).isoformat()

    def _local(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"
