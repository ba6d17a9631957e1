"""What have the day and the night left? Every reading is written to the access log."""

from dataclasses import replace
from datetime import date
from typing import Annotated

import typer

from hotline.audit.actions import note_access
from hotline.calls.morning.morning import morning_list
from hotline.calls.morning.window import window_of
from hotline.calls.rooms import store as rooms
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.errors import BadInput
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.reviewing import still_broken
from hotline.settings import load_settings


@app.command()
def morning(
    day: Annotated[str, typer.Option(metavar="DAY", help="As 2026-11-22; default: today.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what the time since yesterday has left: calls, lost, heavy, owed; and what the rota breaks."""
    with opened() as (database, profile), database.transaction() as tx:
        hours, zone = profile.handover, profile.service.timezone
        window = window_of(_read_day(day) or tx.now.astimezone(zone).date(), hours.list_at, zone)
        ground = Ground(profile, load_settings().countries, worked=rooms.worked_between)
        found = replace(morning_list(tx, window), broken=still_broken(tx, ground))
        note_access(tx, who(), "read morning list", f"{window.ends_at.astimezone(zone):%Y-%m-%d}")
    show(found.as_json(hours, zone) if as_json else found.lines(hours, zone))


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"--day {text}: not a day; write it as 2026-11-22") from None
