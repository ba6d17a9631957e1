"""Which forms of first contact are missing, and which are written? Every reading is in the access log."""

from typing import Annotated

import typer

from hotline.audit.actions import note_access
from hotline.calls.forms.actions import missing_forms, note_form
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.errors import BadInput
from hotline.people import store as people
from hotline.phone_number import parse_phone_number

forms = typer.Typer(help="Forms of first contact: missing, and written.", no_args_is_help=True)
app.add_typer(forms, name="forms")


@forms.command("list")
def forms_list(as_json: AsJson = False) -> None:
    """List the calls of fourteen days whose form is missing, oldest first, and who answered."""
    with opened() as (database, profile), database.transaction() as tx:
        found = missing_forms(tx, tx.now)
        names = {one.id: one.name for one in people.people_by_ids(tx, {f.owed_by or "" for f in found})}
        note_access(tx, who(), "list forms", f"{len(found)} missing")
    zone = profile.service.timezone
    if as_json:
        show([one.as_json(names.get(one.owed_by or ""), zone) for one in found])
    else:
        lines = [one.line(names.get(one.owed_by or ""), zone) for one in found]
        show(lines or ["No form is missing."])


@forms.command("done")
def forms_done(
    sid: Annotated[str, typer.Argument(metavar="CALL_SID")],
    by: Annotated[str, typer.Option("--by", metavar="PHONE", help="The phone of whoever says so.")],
) -> None:
    """Note that the form of a call is written."""
    with opened() as (database, profile), database.transaction() as tx:
        person = people.person_by_phone(tx, parse_phone_number(by, profile.service.country))
        if person is None or not person.active:
            raise BadInput("--by: nobody of ours has this phone; give the one that was imported")
        note_form(tx, sid, person, "said at the terminal")
        note_access(tx, who(), "note form", sid[:40])
    typer.echo("Noted: the form of this call is written.")
