"""How is it written how somebody's phone fared? Pure."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Any


def rings_as_json(found: Iterable[Any], zone: tzinfo) -> list[dict[str, str]]:
    """Return the shape that `hotline rings --json` promises, of rows of `store.rings_of`."""
    return [
        {
            "at": one.created_at.astimezone(zone).isoformat(timespec="seconds"),
            "role": one.role,
            "result": one.result or "still ringing",
        }
        for one in found
    ]
