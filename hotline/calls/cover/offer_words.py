"""Which words and texts has a message about a shift that somebody offers?"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hotline.calls.cover.words import hours_of, role_words, weekday
from hotline.calls.switchboard import Switchboard
from hotline.ivr.prompts import Value, spoken_hour
from hotline.oncall.swaps.offer import Offer, State
from hotline.oncall.swaps.refusal import Why
from hotline.oncall.swaps.taking import TakeOutcome, Taking

ABOUT = "offer-"
"""Before the number of an offer: what a notice about it is about."""

ASKED, TRADE, COVERED, TRADED, UNTAKEN, LAPSED, REOPENED, OPEN_AGAIN, REFUSED, YOURS, FOUND = (
    "offer_asked",
    "trade_asked",
    "offer_covered",
    "trade_done",
    "offer_untaken",
    "offer_lapsed",
    "offer_reopened",
    "offer_open_again",
    "offer_refused",
    "offer_yours",
    "offer_found",
)
"""Kinds of notices about an offer."""

NODE_OF = {
    ASKED: "offer",
    TRADE: "trade",
    COVERED: "offer_covered",
    TRADED: "offer_covered",
    UNTAKEN: "offer_untaken",
    LAPSED: "offer_lapsed",
    REOPENED: "offer_reopened",
    OPEN_AGAIN: "offer_open_again",
    REFUSED: "offer_rule",
}
TEXT_OF = {
    ASKED: "sms.cover_asked",
    TRADE: "sms.trade_asked",
    COVERED: "sms.offer_covered",
    TRADED: "sms.trade_done",
    UNTAKEN: "sms.offer_untaken",
    LAPSED: "sms.offer_lapsed",
    REOPENED: "sms.offer_reopened",
    OPEN_AGAIN: "sms.offer_open_again",
    REFUSED: "sms.offer_rule",
    YOURS: "sms.offer_yours",
    FOUND: "sms.cover_found",
}
_A_DAY = timedelta(hours=24)


def written(board: Switchboard, offer: Offer, prompt: str, why: Why | None = None) -> str:
    """Return a text about an offer: date, hours and role, never a name."""
    return _write(board, prompt, text_values(board, offer, why))


def text_values(board: Switchboard, offer: Offer, why: Why | None = None) -> dict[str, Value]:
    """Return the values of a text about an offer; `back` is the shift in return, where it is a trade."""
    values = hours_of(board, offer.starts_at, offer.ends_at)
    values |= {"roles": role_words(board, offer.role), "line": board.line_number}
    if offer.return_starts_at is not None and offer.return_ends_at is not None:
        back = hours_of(board, offer.return_starts_at, offer.return_ends_at)
        values["back"] = _write(board, "sms.shift", back)
    if why is not None:
        values["why"] = _write(board, f"why.{why}")
    return values


def spoken_values(board: Switchboard, offer: Offer, why: Why | None = None) -> dict[str, Value]:
    """Return the values of spoken words about an offer."""
    values: dict[str, Value] = {
        "shift": spoken_shift(board, offer.starts_at, offer.ends_at),
        "roles": role_words(board, offer.role),
    }
    if offer.return_starts_at is not None and offer.return_ends_at is not None:
        values["in_return"] = spoken_shift(board, offer.return_starts_at, offer.return_ends_at)
    if why is not None:
        values["why"] = _write(board, f"why.{why}")
    return values


def spoken_shift(board: Switchboard, begins_at: datetime, ends_at: datetime) -> str:
    """Say a shift within a sentence: its day and its hours, with a second day where it is long."""
    zone = board.profile.service.timezone
    begins, ends = begins_at.astimezone(zone), ends_at.astimezone(zone)
    values: dict[str, Value] = {
        "weekday": weekday(board, begins),
        "day": begins.day,
        "from": _hour(board, begins),
        "to": _hour(board, ends),
    }
    if ends_at - begins_at <= _A_DAY:
        return _write(board, "offer.shift", values)
    return _write(
        board, "offer.shift_long", {**values, "last_weekday": weekday(board, ends), "last_day": ends.day}
    )


def answer_of(taking: Taking) -> str:
    """Return the text that answers "I take it"."""
    match taking.outcome:
        case TakeOutcome.YOURS | TakeOutcome.ALREADY:
            traded = taking.offer is not None and taking.offer.is_trade
            return "sms.trade_yours" if traded else "sms.offer_yours"
        case TakeOutcome.REFUSED:
            return "sms.offer_refused"
        case TakeOutcome.GONE:
            return "sms.offer_over"
        case TakeOutcome.TAKEN:
            withdrawn = taking.offer is not None and taking.offer.state in (State.WITHDRAWN, State.LAPSED)
            return "sms.offer_over" if withdrawn else "sms.cover_taken"
        case TakeOutcome.OWN:
            return "sms.offer_known"
        case _:
            return "sms.no_cover"


def _hour(board: Switchboard, local: datetime) -> str:
    language = board.profile.service.staff_language
    return spoken_hour(board.staff_wording, language, local.hour, local.minute)


def _write(board: Switchboard, prompt: str, values: Mapping[str, Value] | None = None) -> str:
    return board.staff_wording.write(board.profile.service.staff_language, prompt, values)
