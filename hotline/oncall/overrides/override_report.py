"""How is an override written for scripts? Pure."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from hotline.oncall.overrides.override import Override


def override_as_json(one: Override, names: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
    """Return the shape that `hotline override list --json` promises; `off` or `on` may be nobody."""
    return {
        "number": one.number,
        "role": one.role,
        "off": names.get(one.off_id or ""),
        "on": names.get(one.on_id or ""),
        "from": one.starts_at.astimezone(zone).isoformat(timespec="minutes"),
        "to": one.ends_at.astimezone(zone).isoformat(timespec="minutes"),
        "cause": one.cause.value,
        "by": names.get(one.made_by, one.made_by),
        "reason": one.reason,
    }
