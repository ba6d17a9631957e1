"""Is the line covered, who carries how much, and what is paid?"""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from hotline.cli.terminal import AsJson, At, app, opened, read_moment, show
from hotline.oncall import store as oncall
from hotline.oncall.proof.coverage import gaps
from hotline.oncall.proof.coverage_report import CoverageReport
from hotline.people import store as people
from hotline.settings import load_settings

Days = Annotated[int, typer.Option(min=1, max=366, help="How many days to look ahead.")]


@app.command()
def coverage(days: Days = 14, at: At = "", as_json: AsJson = False) -> None:
    """Say when a call could find too few people: exit code 1 if there is such a gap."""
    with opened() as (database, profile), database.reading() as tx:
        zone = profile.service.timezone
        first = read_moment(at, tx.now)
        last = _days_later(first, days, zone)
        found = gaps(
            profile,
            oncall.on_duty_between(tx, first, last),
            people.everybody(tx),
            first,
            last,
            load_settings().countries,
        )
    report = CoverageReport(first, last, found, zone)
    show(report.as_json() if as_json else report.lines())
    if not report.is_covered:
        raise typer.Exit(1)


def _days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the moment at which the wall shows the same time so many days later."""
    return (moment.astimezone(zone) + timedelta(days=days)).astimezone(UTC)
