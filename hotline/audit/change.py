"""What was changed, by whom, when, from what to what, and why?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any


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


def change_as_json(one: Change, names: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
    """Return the shape that `hotline changes --json` promises; `names` stand in the place of ids."""
    what = one.what
    for person_id, name in names.items():
        what = what.replace(person_id, name)
    return {
        "at": one.at.astimezone(zone).isoformat(timespec="seconds"),
        "who": names.get(one.who, one.who),
        "what": what,
        "before": one.before,
        "after": one.after,
        "why": one.why,
    }
