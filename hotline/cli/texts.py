"""What was texted to us? Every reading is written to the access log."""

from typing import Annotated

import typer

from hotline.audit.actions import note_access
from hotline.calls.texts.report import reports_of
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.texts import store


@app.command()
def texts(
    most: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 20, as_json: AsJson = False
) -> None:
    """Show the texts that a person must read, newest first; the reading is written to the access log."""
    with opened() as (database, profile), database.transaction() as tx:
        found = store.newest(tx, most)
        for thread_id in dict.fromkeys(text.thread_id for text in found):
            note_access(tx, who(), "read texts", thread_id)
        reports = reports_of(tx, found, profile.service.timezone)
    if as_json:
        show([one.as_json() for one in reports])
    else:
        show([one.line() for one in reports] or ["No text yet."])
