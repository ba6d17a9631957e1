"""When is an offer that nobody takes asked again, told to the coordinators, and over? Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hotline.oncall.swaps.offer import Offer

QUIET_FROM, QUIET_UNTIL = time(21, 30), time(8, 0)
"""Local hours in which nobody is asked for a shift that begins later than the next noon."""

ASK_AGAIN_AFTER = timedelta(hours=6)
TELL_AFTER = timedelta(hours=24)
LAST_TELL = timedelta(hours=4)
SOON = timedelta(hours=36)
"""Where no more than this is left, the coordinators know of it from the beginning."""

_NOON = time(12, 0)
_ONE_DAY = timedelta(days=1)


class Step(StrEnum):
    """What is done for an offer that nobody has taken yet."""

    ASK = "ask"
    TELL = "tell"
    LAPSE = "lapse"


@dataclass(frozen=True, order=True)
class Due:
    """One step, and from which moment on it is due; `slot` claims it."""

    at: datetime
    step: Step
    slot: str


def steps(offer: Offer, zone: ZoneInfo) -> tuple[Due, ...]:
    """Return every step of an open offer, earliest first; it lapses when it is too late to take it."""
    begins = offer.begins_at
    again = (after_waking_hours(offer.opened_at, ASK_AGAIN_AFTER, zone), begins - TELL_AFTER)
    asks = [offer.opened_at, *(at for at in again if at > offer.opened_at)]
    tell = [offer.opened_at + TELL_AFTER, begins - TELL_AFTER, begins - LAST_TELL]
    if begins - offer.opened_at <= SOON:
        tell.append(offer.opened_at)
    wanted = {(at, Step.ASK) for at in asks}
    wanted |= {(at, Step.TELL) for at in tell if at >= offer.opened_at}
    known = {pair for pair in wanted if pair[0] < offer.lapses_at} | {(offer.lapses_at, Step.LAPSE)}
    return tuple(sorted(Due(at, step, _slot(offer, at)) for at, step in known))


def must_ask(offer: Offer, zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether it is to be decided, for the first time or anew, whom to ask."""
    due = [one.at for one in steps(offer, zone) if one.step == Step.ASK and one.at <= now]
    return bool(due) and (offer.chosen_at is None or offer.chosen_at < max(due))


def is_quiet(moment: datetime, begins_at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether people are left in peace about a shift: at night, unless it begins before the next noon.

    >>> rome = ZoneInfo("Europe/Rome")
    >>> late = datetime(2026, 11, 22, 23, 0, tzinfo=rome)
    >>> is_quiet(late, late + timedelta(days=2), rome), is_quiet(late, late + timedelta(hours=9), rome)
    (True, False)
    """
    local = moment.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return False
    day = local.date() if local.time() < _NOON else local.date() + _ONE_DAY
    return begins_at >= datetime.combine(day, _NOON, zone)


def after_waking_hours(moment: datetime, hours: timedelta, zone: ZoneInfo) -> datetime:
    """Return the moment after so many hours that are not quiet ones.

    >>> rome = ZoneInfo("Europe/Rome")
    >>> evening = datetime(2026, 11, 22, 20, 30, tzinfo=rome)
    >>> after_waking_hours(evening, timedelta(hours=6), rome).astimezone(rome).strftime("%d %H:%M")
    '23 13:00'
    """
    day = moment.astimezone(zone).date()
    left = hours
    while True:
        opens, closes = (datetime.combine(day, at, zone) for at in (QUIET_UNTIL, QUIET_FROM))
        since = max(moment, opens)
        # The clocks change in quiet hours only: what is between is as long on the wall as it is.
        if since < closes:
            if left <= closes - since:
                return since + left
            left -= closes - since
        day += _ONE_DAY


def _slot(offer: Offer, at: datetime) -> str:
    """Name a step of this opening: whoever takes a shift and leaves it again lets everything begin anew."""
    return f"{offer.number} {offer.opened_at:%Y%m%dT%H%M%S} {at:%Y%m%dT%H%M}"
