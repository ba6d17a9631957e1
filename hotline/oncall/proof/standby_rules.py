"""Is somebody on call too often, too long, or while away? R7 to R9, R11, R14, R17, R18. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from math import ceil

from hotline.oncall.proof.duty import Duty, Finding, Work
from hotline.oncall.proof.hours import days_span, nights_held, runs
from hotline.oncall.proof.spans import Span, day_span, days_of, parts_within, wall_hours
from hotline.people.terms import Contract

_VOLUNTEER = "volunteer"


def times_a_month(duty: Duty) -> Iterator[Finding]:
    """R7, CCNL Funzioni Locali 2018 art. 24: on call six times a month, a time being at most 12 hours.

    Twelve hours of the wall, so that a night of 13 hours in October is one time. A part counts as a time.
    """
    most, unit = duty.limits.on_call_a_month, duty.limits.on_call_hours
    if not most or not unit:
        return
    times: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for block in duty.on_call:
        for number in range(ceil(wall_hours(block, duty.zone) / unit)):
            begins = block.starts_at + timedelta(hours=unit) * number
            day = duty.local_day(begins)
            times[day.year, day.month].append(Span(begins, block.ends_at))
    for (year, month), found in times.items():
        if len(found) > most:
            beyond = Span(found[most].starts_at, max(one.ends_at for one in found))
            yield beyond, f"on call {len(found)} times in {year}-{month:02}, {most} at most"


def least_stretch(duty: Duty) -> Iterator[Finding]:
    """R8, CCNL Funzioni Locali 2018 art. 24: on-call time may be split into parts of at least four hours."""
    for block in duty.on_call:
        hours = wall_hours(block, duty.zone)
        if hours < duty.limits.on_call_least_hours:
            yield block, f"on call for {hours:g} hours, {duty.limits.on_call_least_hours} at least"


def rest_day_due(duty: Duty) -> Iterator[Finding]:
    """R9, CCNL Funzioni Locali 2018 art. 24: on call on a Sunday or holiday, a day of rest is due for it."""
    if not duty.limits.rest_day_after_holiday:
        return
    for day in sorted({day for block in duty.on_call for day in days_of(block, duty.zone)}):
        if duty.calendar.is_festive(day):
            on = parts_within(duty.on_call, day_span(day, duty.zone))
            yield Span(on[0].starts_at, on[-1].ends_at), f"on call on the holiday {day}, a day of rest is due"


def away(duty: Duty) -> Iterator[Finding]:
    """R11, CCNL Funzioni Locali 2018 art. 24 c. 5: not on duty while away, not on call at work."""
    for absence in duty.absences:
        for part in parts_within(duty.spans, Span(absence.starts_at, absence.ends_at)):
            yield part, "on duty while away"
    for one in duty.worked:
        if one.work == Work.ORDINARY:
            for part in parts_within(duty.on_call, one.span):
                yield part, "on call during ordinary working hours"


def volunteer_or_paid(duty: Duty) -> Iterator[Finding]:
    """R14, CTS art. 17 c. 5: nobody is a volunteer and paid by the same body, so each keeps to their side."""
    is_volunteer = duty.terms.contract == Contract.VOLUNTEER
    for shift in duty.shifts:
        if is_volunteer and shift.role == "social_worker":
            yield Span(shift.starts_at, shift.ends_at), "a volunteer on a social worker's shift"
        if not is_volunteer and shift.role == _VOLUNTEER:
            yield (
                Span(shift.starts_at, shift.ends_at),
                f"a volunteer's shift under a {duty.terms.contract} contract",
            )


def nights_running(duty: Duty) -> Iterator[Finding]:
    """R16 (volunteers: no two nights running) and R17 (others: two at most), assumptions of this service."""
    most = duty.limits.nights_running
    for run in runs(nights_held(duty.blocks, duty.zone)) if most else ():
        if len(run) > most:
            yield days_span(run[most], run[-1], duty.zone), f"{len(run)} nights running, {most} at most"


def days_running(duty: Duty) -> Iterator[Finding]:
    """R17, an assumption of this service: on duty on no more than seven days running."""
    most = duty.limits.days_running
    for run in runs(day for block in duty.blocks for day in days_of(block, duty.zone)) if most else ():
        if len(run) > most:
            yield days_span(run[most], run[-1], duty.zone), f"on duty {len(run)} days running, {most} at most"


def cool_off(duty: Duty) -> Iterator[Finding]:
    """R16, an assumption of this service: 24 hours without a new shift after a call marked heavy."""
    wanted = timedelta(hours=duty.limits.cool_off_hours)
    for one in duty.worked:
        begins = [
            span.starts_at for span in duty.spans if one.ends_at <= span.starts_at < one.ends_at + wanted
        ]
        if one.heavy and begins:
            rested = Span(one.ends_at, min(begins)).hours if min(begins) > one.ends_at else 0.0
            yield (
                Span(one.ends_at, one.ends_at + wanted),
                f"a shift begins {rested:.1f} hours after a heavy call, {duty.limits.cool_off_hours} are due",
            )


def phone_tested(duty: Duty) -> Iterator[Finding]:
    """R18, an assumption of this service: the phone has answered a test call before the first shift."""
    if duty.limits.phone_tested and duty.shifts and duty.terms.phone_verified_at is None:
        yield (
            Span(duty.spans[0].starts_at, duty.spans[-1].ends_at),
            "no key was ever pressed on this phone in a test call",
        )
