"""What happened in the calls? Every reading is written to the access log."""

from typing import Annotated

import typer

from hotline.audit.actions import note_access
from hotline.calls import report, store
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.errors import BadInput


@app.command()
def calls(
    most: Annotated[int, typer.Option(help="How many, newest first.")] = 20, as_json: AsJson = False
) -> None:
    """List recent calls; the reading is written to the access log."""
    with opened() as (database, profile), database.transaction() as tx:
        zone = profile.service.timezone
        found = store.recent_calls(tx, most)
        note_access(tx, who(), "list calls", f"newest {most}")
        listed = [report.report_of(tx, call, zone).as_json() for call in found] if as_json else []
    show(listed if as_json else [report.call_line(call, zone) for call in found] or ["No call yet."])


@app.command()
def call(sid: Annotated[str, typer.Argument(metavar="CALL_SID")], as_json: AsJson = False) -> None:
    """Show one call with its whole timeline; the reading is written to the access log."""
    with opened() as (database, profile), database.transaction() as tx:
        found = store.call_by_sid(tx, sid)
        if found is None:
            raise BadInput(f"no call has the SID {sid[:40]}; hotline calls lists the recent ones")
        note_access(tx, who(), "read call", found.id)
        shown = report.report_of(tx, found, profile.service.timezone)
    show(shown.as_json() if as_json else shown.lines())
