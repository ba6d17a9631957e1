"""As which category is a call rung, and does it come before the others?"""

from datetime import datetime

from hotline.calls.call import Call
from hotline.calls.promise import store as promise_store
from hotline.calls.promise.agreement import CAREFUL_FLAGS, FULL_PLAN
from hotline.database import Transaction
from hotline.profile import Profile


def rung_as(profile: Profile, tx: Transaction, call: Call) -> str | None:
    """Return the category as which this call is rung; the call itself keeps what was keyed.

    Who cannot speak is rung as whoever is in danger, unless the reason keyed is urgent itself; None, which
    lets nobody sleep, where a profile has no category for danger.
    """
    code = call.category or _earlier_category(tx, call)
    if _is_urgent(profile, code) or not CAREFUL_FLAGS & call.flags:
        return code
    danger = profile.danger_category
    return danger.code if danger is not None else None


def planned_as(profile: Profile, tx: Transaction, call: Call) -> str | None:
    """Return the category of the ring plan: none for who asked for everybody, unless it rings them sooner."""
    code = rung_as(profile, tx, call)
    if FULL_PLAN not in call.flags:
        return code
    return code if _is_urgent(profile, code) and _rings_everybody(profile, code, tx.now) else None


def is_urgent(profile: Profile, tx: Transaction, call: Call) -> bool:
    """Tell whether this call gets a phone that becomes free before an older one."""
    return bool(CAREFUL_FLAGS & call.flags) or _is_urgent(profile, rung_as(profile, tx, call))


def _earlier_category(tx: Transaction, call: Call) -> str | None:
    """Whoever rings again is rung for as urgently as before, though they hear nothing of it."""
    return promise_store.category_of(tx, call.follows) if call.follows else None


def _is_urgent(profile: Profile, code: str | None) -> bool:
    category = profile.category(code)
    return category is not None and category.urgent


def _rings_everybody(profile: Profile, code: str | None, at: datetime) -> bool:
    return len(profile.ring_order(code, at)) == len(profile.tiers)
