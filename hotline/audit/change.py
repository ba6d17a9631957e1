"""What was changed, by whom, when, from what to what, and why?"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Change:
    """One change; `what` is a kind and an internal reference, as `person 3f2a` or `rota 7`.

    `before` is None for what was not there, `after` for what is no longer.
    """

    at: datetime
    who: str
    what: str
    before: str | None
    after: str | None
    why: str | None
