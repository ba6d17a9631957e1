"""What may the flow look at in a call now, which values do its words need, and how long do we listen?"""

from datetime import timedelta
from math import ceil

from hotline.calls.live import LiveCall
from hotline.calls.promise import agreement
from hotline.calls.switchboard import Switchboard
from hotline.followups import store as owed
from hotline.ivr.engine import Keys, Situation, Step
from hotline.ivr.prompts import Value

WHISPER_PASS = 1
QUIET_PASS = 7
LEAST_TO_ANSWER = 5
"""A question leaves the caller at least so many seconds, also while somebody hears the whisper."""

BETWEEN_SENTENCES = 24.0
CEILING = timedelta(minutes=60)
_LEAST_WAIT = 60


def situation_of(board: Switchboard, live: LiveCall) -> Situation:
    """Return what the flow may look at besides the key."""
    call, now, profile = live.call, live.tx.now, board.profile
    waited = (now - call.rung_at).total_seconds() if call.rung_at else 0.0
    night = profile.is_night(now)
    danger = profile.danger_category
    since_said = (now - call.said_at).total_seconds() if call.said_at else 1e9
    tried = "all_tried" in call.flags and waited >= _LEAST_WAIT
    return Situation(
        category=call.category,
        careful=agreement.is_careful(profile, call),
        narrow=frozenset(c.code for c in profile.categories if c.full_plan_key and night and c.ring_night),
        number_known=call.caller is not None,
        waited=waited,
        since_said=since_said,
        said=call.said,
        ring_in=(call.ring_check_at - now).total_seconds() if call.ring_check_at else 0.0,
        nobody_reached=call.honest_at is None
        and (tried or waited >= board.max_wait_seconds)
        and since_said >= BETWEEN_SENTENCES,
        asked_before=bool({agreement.AGREED, agreement.DECLINED} & call.flags),
        due_tomorrow=agreement.is_due_tomorrow(board, live),
        all_busy="all_busy" in call.flags,
        late_menu=tuple((c.code, c.key) for c in profile.categories if c.spoken == "late"),
        danger_category=danger.code if danger else None,
        keys=Keys(tuple((key, (now - at).total_seconds()) for key, at in call.keys)),
    )


def has_waited_too_long(live: LiveCall) -> bool:
    """Tell whether nobody came for an hour; after a conversation the ringing, and the hour, begin anew."""
    rung_at = live.call.rung_at
    return rung_at is not None and live.call.node != "lost" and live.tx.now - rung_at > CEILING


def words_values(board: Switchboard, live: LiveCall, step: Step) -> dict[str, Value]:
    """Return the values that only this moment knows: the hour that was promised, the number keyed in."""
    prompts = {say.prompt for say in step.says}
    if "promise.read_back" in prompts:
        return {"number": agreement.keyed_number(live) or ""}
    if any(prompt.startswith("promise.agreed") for prompt in prompts):
        known = owed.of_call(live.tx, live.call.id)
        due_at = known.due_at if known is not None else agreement.due_of(board, live)
        return {"hour": due_at.astimezone(board.profile.service.timezone).time()}
    return {}


def listening_seconds(board: Switchboard, live: LiveCall, step: Step, after: float) -> int:
    """Return how many seconds to listen: less while somebody hears the whisper or a ring is about due."""
    call, now = live.call, live.tx.now
    whispering = call.whisper_until is not None and now < call.whisper_until and call.winner is None
    if whispering and step.node.seconds < LEAST_TO_ANSWER:
        return WHISPER_PASS
    if step.node.seconds:
        return step.node.seconds
    usual = QUIET_PASS if agreement.is_careful(board.profile, call) else board.hold_seconds
    if call.ring_check_at is None or call.ring_check_at <= now:
        return usual
    until_check = ceil((call.ring_check_at - now).total_seconds() - after)
    return max(1, min(usual, until_check))
