"""People, shifts, absences and wishes as the CSV files that an import reads?"""

from datetime import timedelta
from typing import Annotated

import typer

from hotline.audit.actions import note_access
from hotline.cli.rota import absences, people, shifts, wishes
from hotline.cli.terminal import opened, read_moment, who
from hotline.errors import BadInput
from hotline.oncall import store as oncall
from hotline.oncall.timesheet import write_timesheet
from hotline.people import store as people_store
from hotline.people.export import absences_csv, people_csv, wishes_csv
from hotline.people.serving import store as serving

_USUALLY_AHEAD = timedelta(weeks=8)


@people.command("export")
def people_export() -> None:
    """Print who is active as CSV, with terms and phones; the reading is written to the access log."""
    with opened() as (database, _), database.transaction() as tx:
        everybody = people_store.everybody(tx)
        note_access(tx, who(), "export people", f"{len(everybody)} people")
        typer.echo(people_csv(everybody, serving.terms_of(tx, everybody)), nl=False)


@shifts.command("export")
def shifts_export(
    first: Annotated[str, typer.Option("--from", metavar="MOMENT", help="Default: now.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="MOMENT", help="Default: eight weeks later.")] = "",
) -> None:
    """Print the shifts that run between two moments as CSV; those of people who have left are not in it."""
    with opened() as (database, profile), database.transaction() as tx:
        since = read_moment(first, tx.now, "--from")
        until = read_moment(last, since + _USUALLY_AHEAD, "--to")
        if until <= since:
            raise BadInput("--to: not after --from; exchange or correct them")
        found = oncall.on_duty_between(tx, since, until)
        note_access(tx, who(), "export shifts", f"{len(found)} shifts from {since.isoformat()}")
        written = write_timesheet(found, people_store.everybody(tx), profile.service.timezone)
        typer.echo(written, nl=False)


@absences.command("export")
def absences_export() -> None:
    """Print every absence as CSV."""
    with opened() as (database, profile), database.transaction() as tx:
        found = serving.every_absence(tx)
        note_access(tx, who(), "export absences", f"{len(found)} absences")
        typer.echo(
            absences_csv(found, people_store.everybody(tx), profile.service.timezone),
            nl=False,
        )


@wishes.command("export")
def wishes_export() -> None:
    """Print preferred and impossible times of the week as CSV."""
    with opened() as (database, _), database.transaction() as tx:
        found = serving.every_wish(tx)
        note_access(tx, who(), "export wishes", f"{len(found)} wishes")
        typer.echo(wishes_csv(found, people_store.everybody(tx)), nl=False)
