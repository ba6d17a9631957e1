"""Is the line covered, who carries how much, and what is paid?"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from hotline.audit.actions import note_access
from hotline.calls.rooms import store as rooms
from hotline.cli.terminal import AsJson, At, app, opened, read_moment, show, who
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.oncall import store as oncall
from hotline.oncall.actions import gaps_between
from hotline.oncall.festive import festive_days
from hotline.oncall.proof.coverage_report import CoverageReport
from hotline.oncall.proof.fairness import share_lines, shares, shares_as_json
from hotline.oncall.proof.hours import Calendar, days_span
from hotline.oncall.proof.pay import Month, as_csv, pay_lines, read_month
from hotline.oncall.proof.served import served
from hotline.oncall.proof.spans import Span
from hotline.people import store as people
from hotline.people.serving import store as serving
from hotline.profile import Profile
from hotline.settings import load_settings

_USUAL_LOOK_BACK = timedelta(weeks=12)

Days = Annotated[int, typer.Option(min=1, max=366, help="How many days to look ahead.")]


@app.command()
def coverage(days: Days = 14, at: At = "", as_json: AsJson = False) -> None:
    """Say when a call could find too few people: exit code 1 if there is such a gap."""
    with opened() as (database, profile), database.reading() as tx:
        zone = profile.service.timezone
        first = read_moment(at, tx.now)
        last = _days_later(first, days, zone)
        found = gaps_between(tx, profile, first, last, load_settings().countries)
    report = CoverageReport(first, last, found, zone)
    show(report.as_json() if as_json else report.lines())
    if not report.is_covered:
        raise typer.Exit(1)


@app.command()
def fairness(
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="Default: twelve weeks ago.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Included; default: today.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say how many hours everybody was on duty, and what they weigh: by name, without any ranking."""
    with opened() as (database, profile), database.transaction() as tx:
        zone = profile.service.timezone
        to = _read_day("--to", last) or tx.now.astimezone(zone).date()
        since = _read_day("--from", first) or to - _USUAL_LOOK_BACK
        if since > to:
            raise BadInput(f"--from {since}: later than --to {to}; exchange them")
        note_access(tx, who(), "read shares", f"{since} to {to}")
        calendar = _calendar(profile, since, to)
        window = days_span(since, to, zone)
        found = shares(
            people.everybody(tx),
            _served(tx, window),
            rooms.worked_between(tx, window.starts_at, window.ends_at),
            calendar,
            profile.rules.weights,
        )
    show(shares_as_json(found) if as_json else share_lines(found))


@app.command()
def pay(
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="As 2026-11.")],
    file: Annotated[Path | None, typer.Option("--to", metavar="FILE.csv", help="Default: printed.")] = None,
) -> None:
    """Write the pay record of a month as CSV: hours on call, call-outs, rest due; hours, not money."""
    with opened() as (database, profile), database.transaction() as tx:
        first, last = read_month(month)
        calendar = _calendar(profile, first, last)
        whole = days_span(first, last, profile.service.timezone)
        # Of a month that still runs, what has been served so far.
        window = Span(whole.starts_at, max(whole.starts_at, min(whole.ends_at, tx.now)))
        note_access(tx, who(), "read pay record", month)
        everybody = people.everybody(tx)
        worked = rooms.worked_between(tx, window.starts_at, window.ends_at)
        record = Month(calendar, window, _served(tx, window), worked)
        lines = pay_lines(record, everybody, serving.terms_of(tx, everybody), profile.rules.contracts)
    text = as_csv(lines, calendar)
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file}: cannot be written ({error.strerror}); name another file") from None


def _served(tx: Transaction, window: Span) -> dict[tuple[str, str], tuple[Span, ...]]:
    shifts = oncall.on_duty_between(tx, window.starts_at, window.ends_at)
    return served(shifts, oncall.withdrawals_between(tx, window.starts_at, window.ends_at), window)


def _calendar(profile: Profile, first: date, last: date) -> Calendar:
    service = profile.service
    holidays = festive_days(profile.patron_days, first, last, service.country)
    return Calendar(service.timezone, frozenset(holidays), profile.night)


def _read_day(option: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"{option} {text}: not a day; write it as 2026-11-22") from None


def _days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the moment at which the wall shows the same time so many days later."""
    return (moment.astimezone(zone) + timedelta(days=days)).astimezone(UTC)
