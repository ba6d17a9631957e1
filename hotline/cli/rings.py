"""How did somebody's phone fare? Read by that person, or by a coordinator, and by nobody else."""

from typing import Annotated

import typer

from hotline.audit.actions import note_access
from hotline.calls.rings import store
from hotline.calls.rings.jobs import KEPT
from hotline.calls.rings.ring_report import rings_as_json
from hotline.cli.terminal import AsJson, app, opened, show
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.people.person import Person
from hotline.people.store import person_by_phone
from hotline.phone_number import parse_phone_number


@app.command()
def rings(
    of: Annotated[str, typer.Option("--for", metavar="PHONE", help="Whose rings.")],
    by: Annotated[
        str, typer.Option("--by", metavar="PHONE", help="Who reads them: the same, or a coordinator.")
    ],
    as_json: AsJson = False,
) -> None:
    """List how a phone fared in the last 90 days, newest first, nothing of callers; the reading is noted."""
    with opened() as (database, profile), database.transaction() as tx:
        zone, country = profile.service.timezone, profile.service.country
        person, reader = _known(tx, "--for", of, country), _known(tx, "--by", by, country)
        if reader.id != person.id and not (reader.active and reader.role == "coordinator"):
            raise BadInput("--by: only the same person or an active coordinator reads how a phone fared")
        note_access(tx, f"person {reader.id}", "read rings", f"person {person.id}")
        found = store.rings_of(tx, person.id, tx.now - KEPT)
    rows = rings_as_json(found, zone)
    lines = [f"{row['at'][:16].replace('T', ' ')}  as {row['role']}: {row['result']}" for row in rows]
    show(rows if as_json else lines or ["No ring in the last 90 days."])


def _known(tx: Transaction, option: str, phone: str, country: str) -> Person:
    person = person_by_phone(tx, parse_phone_number(phone, country))
    if person is None:
        raise BadInput(
            f"{option}: nobody of ours has this phone; give the phone of a person who was imported"
        )
    return person
