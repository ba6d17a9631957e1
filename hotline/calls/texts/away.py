"""What does a member of staff bring about by texting ASSENTE and the days?"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.calls.switchboard import Switchboard
from hotline.calls.texts.offered import Obeyed
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.oncall import store
from hotline.oncall.rota.bands import moment_of
from hotline.people.person import Person
from hotline.people.serving.actions import add_absence
from hotline.people.terms import Absence, AbsenceKind
from hotline.texts.days import days_of

_ONE_DAY = timedelta(days=1)


def away(board: Switchboard, tx: Transaction, person: Person, text: str) -> Obeyed:
    """Store that they are away on whole local days, why is not asked; what is not sure a person must read.

    Their shifts in those days stay theirs until somebody takes them: the answer counts them.
    """
    zone = board.profile.service.timezone
    found = days_of(text, tx.now.astimezone(zone).date())
    if found is None:
        return Obeyed("sms.away_how")
    first, last = found
    begins, ends = max(tx.now, _midnight(first, zone)), _midnight(last + _ONE_DAY, zone)
    try:
        add_absence(tx, Absence(person.id, begins, ends, AbsenceKind.OTHER), person.id, "texted it")
    except BadInput:
        # They are away already for some of it: what they mean now, a coordinator asks them.
        return Obeyed("sms.away_known", to_read=True)
    hit = [one for one in store.on_duty_between(tx, begins, ends) if one.person_id == person.id]
    days = {"from": _written(first, tx.now, zone), "to": _written(last, tx.now, zone)}
    return Obeyed("sms.away_shifts", {**days, "count": len(hit)}) if hit else Obeyed("sms.away", {**days})


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return moment_of(day, time(), zone)


def _written(day: date, now: datetime, zone: ZoneInfo) -> str:
    this_year = day.year == now.astimezone(zone).year
    return f"{day.day}/{day.month}" if this_year else f"{day.day}/{day.month}/{day.year}"
