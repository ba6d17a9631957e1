"""Does somebody rest enough, and work no more than the law allows? R2 to R6. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from hotline.oncall.proof.duty import Duty, Finding, weeks_back
from hotline.oncall.proof.hours import days_span, night_of
from hotline.oncall.proof.spans import (
    ONE_DAY,
    Span,
    days_of,
    hours_of,
    parts_within,
    wall_hours,
    without,
)

_DAY_HOURS = 24
_FORTNIGHT_DAYS = 14
_WEEKLY_RESTS = 2
"""In fourteen days: one a week, on average."""


def daily_rest(duty: Duty) -> Iterator[Finding]:
    """R2, D.Lgs. 66/2003 art. 7: 11 hours of rest in 24, in one piece; only call-outs may split it."""
    least = duty.limits.rest_hours
    if not least:
        return
    for block in duty.work:
        day = Span(block.starts_at, block.starts_at + ONE_DAY)
        in_one_piece = max((one.hours for one in without(day, duty.planned_work)), default=0.0)
        if in_one_piece < least:
            yield day, f"{in_one_piece:.1f} hours of rest in one piece within 24, {least} are due"
            continue
        rested = _DAY_HOURS - hours_of(parts_within(duty.work, day))
        if rested < least:
            yield day, f"call-outs leave {rested:.1f} hours of rest within 24, {least} are due"


def rest_after_night_call_out(duty: Duty) -> Iterator[Finding]:
    """R3, interpello 13/2008: after a call-out in the night, 11 hours until the next duty begins; ask."""
    least = duty.limits.rest_after_call_out_hours
    for out in duty.call_outs:
        days = set(days_of(out.span, duty.zone))
        nights = (night_of(evening, duty.zone) for evening in days | {day - ONE_DAY for day in days})
        begins = [span.starts_at for span in (*duty.planned_work, *duty.spans)]
        following = min((moment for moment in begins if moment >= out.ends_at), default=None)
        if not following or not any(out.span.within(night) for night in nights):
            continue
        if following - out.ends_at < timedelta(hours=least):
            rested = Span(out.ends_at, following).hours
            wanted = Span(out.ends_at, out.ends_at + timedelta(hours=least))
            yield wanted, f"duty begins {rested:.1f} hours after a call-out in the night, {least} are due"


def weekly_rest(duty: Duty) -> Iterator[Finding]:
    """R4, D.Lgs. 66/2003 art. 9 (DL 112/2008 art. 41): 24 hours a week besides the 11, over 14 days."""
    weekly = duty.limits.weekly_rest_hours
    if not weekly or not duty.work:
        return
    for window in weeks_back(duty.proved, _FORTNIGHT_DAYS):
        rests = without(window, duty.work)
        found = sum(max(0, int((one.hours - duty.limits.rest_hours) // weekly)) for one in rests)
        if found < _WEEKLY_RESTS:
            due = f"{weekly} + {duty.limits.rest_hours} hours"
            yield window, f"{found} weekly rests of {due} within 14 days, {_WEEKLY_RESTS} are due"


def average_week(duty: Duty) -> Iterator[Finding]:
    """R5, D.Lgs. 66/2003 art. 4: 48 worked hours a week, call-outs included, on average of four months."""
    most, weeks = duty.limits.average_week_hours, duty.limits.average_weeks
    if not most or not weeks:
        return
    for window in weeks_back(duty.proved, weeks * 7):
        average = hours_of(parts_within(duty.work, window)) / weeks
        if average > most:
            yield window, f"{average:.1f} worked hours a week on average over {weeks} weeks, {most} at most"
            return


def ordinary_week(duty: Duty) -> Iterator[Finding]:
    """R6, CCNL Cooperative Sociali (38 hours) and Funzioni Locali (36): the planned hours of a week."""
    most = duty.limits.week_hours
    mondays = {day - timedelta(days=day.weekday()) for day in days_of(duty.proved, duty.zone)}
    for monday in sorted(mondays) if most else ():
        week = days_span(monday, monday + timedelta(days=6), duty.zone)
        hours = sum(wall_hours(one, duty.zone) for one in parts_within(duty.planned_work, week))
        if hours > most:
            yield week, f"{hours:g} planned hours in a week, {most} at most"
