"""What does the caller's yes, no or silence bring about, and what is owed when they leave?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.callers import actions as contacts
from hotline.callers import store as contact_store
from hotline.callers.contact import SHORT_YES, Safety, lapses_at, safety_at_the_end
from hotline.calls.call import Call, CallOutcome
from hotline.calls.live import LiveCall
from hotline.calls.switchboard import Switchboard
from hotline.errors import BadInput
from hotline.followups import actions as followups
from hotline.followups import store as owed
from hotline.followups.followup import Result, due_hour
from hotline.ivr.nodes import AgreeCallBack, Decline, Effect
from hotline.phone_number import is_dialable, parse_phone_number
from hotline.profile import Profile

AGREED, ASKED, DECLINED, REDIAL_CAREFUL = "call_back_agreed", "asked", "declined", "redial_careful"
FULL_PLAN = "full_plan"
"""Flags of a call."""

CAREFUL_FLAGS = frozenset({"cannot_speak", "keyed_112", REDIAL_CAREFUL})
"""Somebody may be listening to these callers, whatever they have keyed."""


def is_careful(profile: Profile, call: Call) -> bool:
    """Tell whether somebody may be listening to this caller, or look at their phone later."""
    category = profile.category(call.category)
    return (category is not None and category.careful) or bool(CAREFUL_FLAGS & call.flags)


def take_in(board: Switchboard, live: LiveCall, does: Iterable[Effect]) -> None:
    """Store a yes or a no that the caller has just keyed."""
    for effect in does:
        match effect:
            case AgreeCallBack():
                agree(board, live)
            case Decline():
                decline(live)


def agree(board: Switchboard, live: LiveCall) -> None:
    """Take a confirmed yes: a promise with its hour, and until when it holds."""
    call, due_at = live.call, due_of(board, live)
    until = lapses_at(live.tx.now, due_at, _is_short(board, call), _zone(board))
    contacts.agree(live.tx, call.id, call.caller, until)
    followups.promise(live.tx, call.id, _grade_of_promise(board, call), due_at)
    live.flag(AGREED)


def due_of(board: Switchboard, live: LiveCall) -> datetime:
    """Return by when a person calls back if the caller says yes now: never later than promised before."""
    due_at = due_hour(live.tx.now, _grade_of_promise(board, live.call), _zone(board))
    known = owed.of_call(live.tx, live.call.id) if AGREED in live.call.flags else None
    return due_at if known is None else min(due_at, known.due_at)


def is_due_tomorrow(board: Switchboard, live: LiveCall) -> bool:
    """Tell whether that hour is one of tomorrow's."""
    now = live.tx.now.astimezone(_zone(board))
    return due_of(board, live).astimezone(_zone(board)).date() > now.date()


def _is_short(board: Switchboard, call: Call) -> bool:
    return call.caller is None or is_careful(board.profile, call)


def _grade_of_promise(board: Switchboard, call: Call) -> str:
    return "at_once" if _is_short(board, call) else grade_of(board, call)


def decline(live: LiveCall) -> None:
    """Take a no; a yes confirmed before stands."""
    if AGREED in live.call.flags:
        return
    live.flag(DECLINED)
    contacts.decline(live.tx, live.call.id, live.call.caller)


def key_in(board: Switchboard, live: LiveCall, typed: str) -> bool:
    """Keep a number that the caller keyed in; False for one that nobody here may ring."""
    country = board.profile.service.country
    try:
        number = parse_phone_number(typed, country)
    except BadInput:
        return False
    if not is_dialable(number, {country}) or number == board.line_number:
        return False
    contacts.key_in(live.tx, live.call.id, number)
    return True


def keyed_number(live: LiveCall) -> str | None:
    """Return the number that waits for its yes."""
    known = contact_store.contact_of(live.tx, live.call.id)
    return known.keyed if known else None


def grade_of(board: Switchboard, call: Call) -> str:
    """Return whom a follow-up may wake; who asked for everybody cannot wait until the morning."""
    category = board.profile.category(call.category)
    grave = is_careful(board.profile, call) or FULL_PLAN in call.flags
    return "at_once" if grave or category is None else category.grade


def settle_contact(board: Switchboard, live: LiveCall, answered: bool) -> None:
    """Decide, when the caller has left, whether anybody may ring them, and shorten a yes if need be."""
    call, careful = live.call, is_careful(board.profile, live.call)
    if AGREED in call.flags:
        known = contact_store.contact_of(live.tx, call.id)
        if known is not None and known.until is not None and careful:
            until = min(known.until, live.tx.now + SHORT_YES)
            contact_store.keep(live.tx, replace(known, until=until))
        return
    safety = safety_at_the_end(ASKED in call.flags, DECLINED in call.flags, careful, answered)
    if safety == Safety.NO:
        contacts.decline(live.tx, call.id, call.caller)
    else:
        contacts.leave_unasked(live.tx, call.id, call.caller)
    live.note("contact", safety)


def owe(board: Switchboard, live: LiveCall, outcome: CallOutcome) -> None:
    """Leave a follow-up for a caller who left unanswered once phones rang; close one that is kept already."""
    call, tx = live.call, live.tx
    waited_again = "interrupted" in call.flags and call.node != "lost" and call.winner is None
    known = owed.lock_of_call(tx, call.id)
    if outcome == CallOutcome.ANSWERED and not waited_again:
        if known is not None:
            followups.finish(tx, known, Result.IN_THE_CALL)
        return
    if call.rung_at is None:
        return
    if known is None:
        grade = grade_of(board, call)
        due_at = tx.now if grade == "at_once" else due_hour(tx.now, grade, _zone(board))
        known = followups.review(tx, call.id, grade, due_at, call.caller_left_at)
    elif grade_of(board, call) == "at_once":
        # They agreed to be called in the morning, and then told us what cannot wait until then.
        known = followups.hurry(tx, known)
    followups.begin_alarms(tx, known)
    live.note("follow_up", known.kind)


def _zone(board: Switchboard) -> ZoneInfo:
    return board.profile.service.timezone
