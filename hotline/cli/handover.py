"""What has one shift left to the next, by note and by voice? Every reading is written to the access log."""

import sys
from datetime import timedelta
from typing import Annotated

import typer

from hotline.audit.actions import note_access
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.errors import BadInput
from hotline.handovers import store
from hotline.handovers.actions import write_note
from hotline.handovers.report import HandoverReport
from hotline.people import store as people
from hotline.phone_number import parse_phone_number

handover = typer.Typer(help="What one shift leaves to the next.")
app.add_typer(handover, name="handover")


@handover.callback(invoke_without_command=True)
def handovers(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=365, help="How many days to look back.")] = 2,
    as_json: AsJson = False,
) -> None:
    """List the notes of the last days, who has heard them, and who talked with whom, oldest first."""
    if context.invoked_subcommand is not None:
        return
    with opened() as (database, profile), database.transaction() as tx:
        since = tx.now - timedelta(days=days)
        notes, talks = store.notes_since(tx, since), store.talks_since(tx, since)
        heard = store.readings_of(tx, {note.id for note in notes})
        note_access(tx, who(), "read notes", f"{len(notes)} of {days} days")
        names = {person.id: person.name for person in people.everybody(tx)}
    report = HandoverReport(notes, heard, talks, names, profile.service.timezone)
    show(report.as_json() if as_json else report.lines())


@handover.command("write")
def handover_write(
    by: Annotated[str, typer.Option("--by", metavar="PHONE", help="The phone of whoever leaves the note.")],
) -> None:
    """Leave a note for the next shift; the words are typed when asked for, or come from a pipe."""
    words = typer.prompt("Note") if sys.stdin.isatty() else sys.stdin.read()
    with opened() as (database, profile), database.transaction() as tx:
        person = people.person_by_phone(tx, parse_phone_number(by, profile.service.country))
        if person is None or not person.active:
            raise BadInput("--by: nobody of ours has this phone; give the one that was imported")
        note = write_note(tx, person, words, "terminal")
        note_access(tx, who(), "write note", note.id)
    typer.echo("Saved: the next shift hears it.")
