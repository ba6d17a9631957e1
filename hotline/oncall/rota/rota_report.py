"""How are versions of the rota, a publication and a moment of its history written for scripts?"""

from datetime import datetime, tzinfo
from typing import Any

from hotline.oncall.rota.actions import Moment, Publication
from hotline.oncall.rota.diff import diff_as_json, shift_line
from hotline.oncall.rota.version import Version
from hotline.oncall.shifts import Shift


def version_as_json(one: Version, names: dict[str, str], zone: tzinfo) -> dict[str, Any]:
    """Return the shape that `hotline rota versions --json` promises."""

    def local(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

    return {
        "version": one.number,
        "drafted_at": local(one.drafted_at),
        "drafted_by": names.get(one.drafted_by, one.drafted_by),
        "published_at": local(one.published_at),
        "published_by": names.get(one.published_by or ""),
        "reason": one.reason,
        "in_force_from": local(one.in_force_from),
        "in_force_until": local(one.in_force_until),
        "accepted": (one.accepted or "").splitlines(),
    }


def publication_as_json(done: Publication, names: dict[str, str], zone: tzinfo) -> dict[str, Any]:
    """Return the shape that `hotline rota publish --json` promises."""
    return {
        "outcome": done.outcome,
        "version": done.number,
        "from": done.from_at.astimezone(zone).isoformat() if done.from_at else None,
        "changes": diff_as_json(done.diffs, names, zone),
        "broken": list(done.broken),
        "warnings": list(done.warnings),
    }


def moment_as_json(found: Moment, names: dict[str, str], zone: tzinfo) -> dict[str, Any]:
    """Return the shape that `hotline rota history --json` promises."""
    withdrawn = {one.person_id for one in found.on_duty if one.withdrawn}

    def row(shift: Shift) -> dict[str, Any]:
        name = names.get(shift.person_id, shift.person_id)
        cannot = shift.person_id in withdrawn
        return {"name": name, "shift": shift_line(shift, zone), "said_cannot": cannot}

    return {
        "at": found.at.astimezone(zone).isoformat(),
        "version": found.version.number if found.version else None,
        "supposed": [row(one) for one in found.supposed],
        "on_duty": [row(one) for one in found.on_duty],
    }
