"""What is on somebody's pay record of a month: hours on call, call-outs, rest due? As CSV. Pure.

It counts hours and days, not money: the amounts are the employer's.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO

from hotline.contract_rules import ContractRules
from hotline.errors import BadInput
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.proof.hours import Calendar, HourKind
from hotline.oncall.proof.rules import terms_or_usual
from hotline.oncall.proof.spans import Span, days_of, union
from hotline.people.csv_rows import guarded
from hotline.people.person import Person
from hotline.people.terms import Contract, Terms

COLUMNS = ("person", "contract", "what", "starts_at", "ends_at", "amount", "unit")


@dataclass(frozen=True)
class PayLine:
    """One line of the record; a call-out says when, a sum does not."""

    person: str
    contract: str
    what: str
    amount: float
    unit: str = "h"
    span: Span | None = None


@dataclass(frozen=True)
class Month:
    """A local month of somebody's duty and work."""

    calendar: Calendar
    span: Span
    on_duty: Mapping[tuple[str, str], Sequence[Span]]
    worked: Sequence[WorkedPeriod]


def read_month(text: str) -> tuple[date, date]:
    """Return the first and the last day of a month, as 2026-11; raise `BadInput`.

    >>> read_month("2026-12")[1].isoformat()
    '2026-12-31'
    """
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadInput(f"--month {text}: not a month; write it as 2026-11") from None
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def pay_lines(
    month: Month,
    people: Iterable[Person],
    terms: Mapping[str, Terms],
    contracts: Mapping[str, ContractRules],
) -> tuple[PayLine, ...]:
    """Return the record of everybody who is paid, by name; volunteers are not on it."""
    lines: list[PayLine] = []
    for person in sorted(people, key=lambda one: (one.name.casefold(), one.id)):
        contract = terms_or_usual(person, terms).contract
        if contract != Contract.VOLUNTEER:
            lines += _record(month, person, contracts[contract])
    return tuple(lines)


def _record(month: Month, person: Person, limits: ContractRules) -> Iterator[PayLine]:
    spans = union(span for (who, _), on in month.on_duty.items() if who == person.id for span in on)
    theirs = [one.span.within(month.span) for one in month.worked if one.person_id == person.id]
    outs = sorted(part for part in theirs if part is not None)
    if not spans and not outs:
        return
    what = "worked" if limits.duty_is_work else "on_call"
    for kind, hours in month.calendar.hours_by_kind(spans).items():
        yield PayLine(person.name, limits.name, f"{what}_{kind}", hours)
    for out in outs:
        yield PayLine(person.name, limits.name, "call_out", out.hours, span=out)
    yield PayLine(person.name, limits.name, "rest_due_hours", _hours_due(month.calendar, outs))
    yield PayLine(person.name, limits.name, "rest_due_days", _days_due(month, spans, limits), "days")


def _hours_due(calendar: Calendar, outs: Sequence[Span]) -> float:
    """Return as many hours of rest as call-outs took from nights, Sundays and holidays (D.Lgs. 66/2003)."""
    by_kind = calendar.hours_by_kind(union(outs))
    return sum(hours for kind, hours in by_kind.items() if kind != HourKind.WEEKDAY)


def _days_due(month: Month, spans: Sequence[Span], limits: ContractRules) -> int:
    """Return a day for each Sunday and holiday on call, where the contract says so (R9)."""
    if not limits.rest_day_after_holiday or limits.duty_is_work:
        return 0
    days = {day for span in spans for day in days_of(span, month.calendar.zone)}
    return sum(month.calendar.is_festive(day) for day in days)


def as_csv(lines: Iterable[PayLine], calendar: Calendar) -> str:
    """Return the record as CSV, moments in local time with their offset.

    >>> calendar = Calendar(__import__("zoneinfo").ZoneInfo("Europe/Rome"))
    >>> as_csv([PayLine("=Lucia", "municipal", "on_call_night", 12.0)], calendar).splitlines()[1]
    "'=Lucia,municipal,on_call_night,,,12.00,h"
    """

    def local(moment: datetime) -> str:
        return moment.astimezone(calendar.zone).isoformat(timespec="seconds")

    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        when = ("", "") if line.span is None else (local(line.span.starts_at), local(line.span.ends_at))
        amount = f"{line.amount:.2f}" if line.unit == "h" else str(line.amount)
        writer.writerow((guarded(line.person), line.contract, line.what, *when, amount, line.unit))
    return text.getvalue()
