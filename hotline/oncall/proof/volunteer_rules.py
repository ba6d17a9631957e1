"""Are volunteers spared, trained, and not alone too early? R12, R13, R15. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from hotline.oncall.proof.duty import Duty, Finding
from hotline.oncall.proof.hours import nights_held
from hotline.oncall.proof.spans import Span, wall_hours, without

_VOLUNTEER = "volunteer"


def shift_length(duty: Duty) -> Iterator[Finding]:
    """R12, practice of Telefono Amico 143 Ticino: four hours by day, eight by night, on the wall."""
    for span in duty.blocks:
        at_night = bool(nights_held([span], duty.zone))
        most = duty.limits.night_shift_hours if at_night else duty.limits.day_shift_hours
        hours = wall_hours(span, duty.zone)
        if most and hours > most:
            yield span, f"{hours:g} hours on a {'night' if at_night else 'day'} shift, {most} at most"


def shifts_a_month(duty: Duty) -> Iterator[Finding]:
    """R12, practice of Telefono Amico 143 Ticino: three shifts by day and one by night in a month."""
    limits = {True: duty.limits.night_shifts_a_month, False: duty.limits.day_shifts_a_month}
    counted = Counter[tuple[int, int, bool]]()
    beyond: dict[tuple[int, int, bool], Span] = {}
    for span in duty.spans:
        day, at_night = duty.local_day(span.starts_at), bool(nights_held([span], duty.zone))
        key = (day.year, day.month, at_night)
        counted[key] += 1
        if limits[at_night] and counted[key] > limits[at_night]:
            beyond[key] = Span(beyond.get(key, span).starts_at, span.ends_at)
    for key, span in beyond.items():
        year, month, at_night = key
        kind = "night" if at_night else "day"
        yield span, f"{counted[key]} {kind} shifts in {year}-{month:02}, {limits[at_night]} at most"


def training(duty: Duty) -> Iterator[Finding]:
    """R13, CTS D.Lgs. 117/2017 art. 17-18: the training is valid on the day."""
    if not duty.limits.training:
        return
    until = duty.terms.training_until
    late = [span for span in duty.spans if until is None or duty.local_day(span.starts_at) > until]
    if late:
        said = "no training is recorded" if until is None else f"the training was valid until {until}"
        yield Span(late[0].starts_at, late[-1].ends_at), said


def paired(duty: Duty) -> Iterator[Finding]:
    """R15, an assumption of this service: the first shifts, and early nights, with somebody else."""
    started, limits = duty.terms.started_on, duty.limits
    if started is None or not limits.new_for_days:
        return
    since = [span for span in duty.spans if duty.local_day(span.starts_at) >= started]
    for number, span in enumerate(since, 1):
        days = duty.local_day(span.starts_at) - started
        if days > timedelta(days=limits.new_for_days):
            return
        early_night = bool(nights_held([span], duty.zone)) and days < timedelta(days=limits.paired_night_days)
        if not early_night and number > limits.paired_shifts:
            continue
        why = "a night within the first month" if early_night else f"shift {number} of somebody new"
        for alone in without(span, _experienced(duty)):
            yield alone, f"{why}, without another volunteer who is not new"


def _experienced(duty: Duty) -> Iterator[Span]:
    for one in duty.all_shifts:
        if (
            one.role == _VOLUNTEER
            and one.person_id not in duty.new_people
            and one.person_id != duty.person.id
        ):
            yield Span(one.starts_at, one.ends_at)
