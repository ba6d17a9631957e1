"""Is this replica fit for calls, and if not, what is wrong? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

GOOD = "ok"


@dataclass(frozen=True)
class Health:
    """What was looked at, each `ok` or the trouble in words that name nobody."""

    database: str
    schema: str
    ticks: str

    @property
    def is_good(self) -> bool:
        """Tell whether nothing is wrong."""
        return {self.database, self.schema, self.ticks} == {GOOD}

    def as_json(self) -> dict[str, str]:
        """Return what a monitor reads."""
        parts = {"database": self.database, "schema": self.schema, "ticks": self.ticks}
        return {"status": "ready" if self.is_good else "not ready", **parts}


def health(database: str, schema_behind: bool | None, ticks: Sequence[str]) -> Health:
    """Put it together; `schema_behind` is None when nobody could look.

    >>> health("ok", False, ()).as_json()["status"]
    'ready'
    >>> health("ok", False, ["sweep acts: not done for 41 s"]).as_json()["ticks"]
    'sweep acts: not done for 41 s'
    """
    schema = {None: "unknown", True: "not the newest; run: hotline migrate", False: GOOD}[schema_behind]
    return Health(database, schema, "; ".join(ticks) or GOOD)
