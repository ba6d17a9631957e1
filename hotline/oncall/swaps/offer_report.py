"""How is an offered shift written for scripts, and why was it not taken? Pure."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from hotline.oncall.swaps.offer import Offer
from hotline.oncall.swaps.taking import TakeOutcome, Taking

_MEANING = {
    TakeOutcome.OWN: "it is their own shift",
    TakeOutcome.TAKEN: "it is taken, or over",
    TakeOutcome.GONE: "whoever offered it has this shift no longer",
    TakeOutcome.NOTHING: "there is no such offer for this person",
    TakeOutcome.REFUSED: "a rule stands against it; a coordinator can decide it (hotline offers decide)",
}


def offer_as_json(one: Offer, names: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
    """Return the shape that `hotline offers list --json` promises."""
    return {
        **own_offer_as_json(one, zone),
        "of": names.get(one.person_id),
        "asked": names.get(one.asked_id or "", "all"),
        "taken_by": names.get(one.taken_by or ""),
        "by": names.get(one.made_by, one.made_by),
        "reason": one.reason,
    }


def own_offer_as_json(one: Offer, zone: tzinfo) -> dict[str, Any]:
    """Return what anybody may read of it who may take it: which shift, and nobody's name."""
    return {
        "number": one.number,
        "state": one.state.value,
        "role": one.role,
        "from": _local(one.starts_at, zone),
        "to": _local(one.ends_at, zone),
        "in_return": _local(one.return_starts_at, zone) if one.return_starts_at else None,
    }


def why_not_taken(number: int, taking: Taking) -> str:
    """Return what to say where a shift was not taken, line by line; empty where it was."""
    if taking.outcome not in _MEANING:
        return ""
    return "\n".join([f"offer {number} was not taken: {_MEANING[taking.outcome]}", *taking.lines])


def _local(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")
