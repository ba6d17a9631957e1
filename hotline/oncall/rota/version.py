"""What is a version of the rota: a draft, in force, or over? Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from hotline.oncall.rota.rota import Rota


@dataclass(frozen=True)
class Version:
    """One version: who drafted and published it, why, for which time it is in force, and how far filled.

    `accepted`: what was broken or uncovered when it was published all the same. `filled_until`: the last
    local day whose slots are shifts.
    """

    number: int
    rota: Rota
    rules: str
    drafted_at: datetime
    drafted_by: str
    published_at: datetime | None = None
    published_by: str | None = None
    reason: str | None = None
    accepted: str | None = None
    in_force_from: datetime | None = None
    in_force_until: datetime | None = None
    filled_until: date | None = None

    def is_in_force(self, at: datetime) -> bool:
        """Tell whether its shifts that begin at a moment count."""
        if self.in_force_from is None or at < self.in_force_from:
            return False
        return self.in_force_until is None or at < self.in_force_until
