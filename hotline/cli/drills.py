"""What keeps the line in practice?"""

import time
from collections.abc import Sequence
from datetime import tzinfo
from typing import Annotated, Any

import typer

from hotline.app import load_switchboard
from hotline.audit.actions import note_access
from hotline.calls.drill.leg import begin_drill, code_told
from hotline.cli.rota import people as people_commands
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.database import Database, Transaction
from hotline.drills import actions, store
from hotline.drills.drill import MEANING, Drill, Result
from hotline.errors import BadInput, HotlineError
from hotline.oncall import store as oncall
from hotline.people import store as people
from hotline.people.person import Person
from hotline.phone_number import parse_phone_number
from hotline.profile import ROLES, Profile
from hotline.settings import load_settings

_TAKEN_WITHIN = 15
_TRIES = 3
_LOOK_EVERY = 0.5


@app.command()
def drill(
    phone: Annotated[str, typer.Argument(help="Whose phone to ring.")] = "",
    role: Annotated[str, typer.Option(help="Or everybody of this role who is on shift now.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Show the practice calls made so far.")] = False,
    wait: Annotated[bool, typer.Option(help="Stay until the calls have ended.")] = True,
    as_json: AsJson = False,
) -> None:
    """Ring one of us for practice: announced as a test, confirmed with a key, never counted as a call."""
    with opened() as (database, profile):
        zone = profile.service.timezone
        if listed:
            with database.transaction() as tx:
                note_access(tx, who(), "list drills", "newest 50")
                _show_drills(tx, store.newest(tx, 50), zone, as_json)
            return
        begun, left_out = _begin(database, profile, phone, role)
        if wait:
            _wait_for(database, begun, load_settings().ring_seconds)
        with database.transaction() as tx:
            found = [one for one in (store.get(tx, drill_id) for drill_id in begun) if one is not None]
            _show_drills(tx, found, zone, as_json)
    for reason in left_out:
        typer.echo(reason, err=True)
    if left_out or (wait and any(one.result != Result.CONFIRMED for one in found)):
        raise typer.Exit(1)


def _begin(database: Database, profile: Profile, phone: str, role: str) -> tuple[list[str], list[str]]:
    """Have the phones rung; return the practice calls begun, and why anybody was left out."""
    board = load_switchboard(load_settings(), profile)
    begun, left_out = [], []
    with database.reading() as tx:
        chosen = _chosen(tx, profile, phone, role)
    for person in chosen:
        try:
            with database.transaction() as tx:
                begun.append(begin_drill(board, tx, person, who()).id)
                note_access(tx, who(), "drill", person.id)
        except HotlineError as reason:
            left_out.append(f"{person.name}: {reason}")
    return begun, left_out


@people_commands.command("verify")
def people_verify(phone: str) -> None:
    """Ring a phone, which says a code; whoever answers it tells you the code, and you type it here."""
    with opened() as (database, profile):
        board = load_switchboard(load_settings(), profile)
        with database.transaction() as tx:
            [person] = _chosen(tx, profile, phone, "")
            drill_id = begin_drill(board, tx, person, who(), with_code=True).id
            note_access(tx, who(), "verify phone", person.id)
        typer.echo("The phone rings. Ask whoever answers it for the code.")
        for left in range(_TRIES - 1, -1, -1):
            code = typer.prompt("Code", default="", show_default=False)
            with database.transaction() as tx:
                if code_told(tx, drill_id, code, who()):
                    typer.echo(f"{person.name}'s phone is verified.")
                    return
            typer.echo(
                f"That is not the code that was spoken; {left} more tries." if left else "Not verified."
            )
    raise typer.Exit(1)


def _chosen(tx: Transaction, profile: Profile, phone: str, role: str) -> Sequence[Person]:
    if bool(phone) == bool(role):
        raise BadInput("say whom to ring: hotline drill PHONE, or hotline drill --role volunteer")
    if phone:
        person = people.person_by_phone(tx, parse_phone_number(phone, profile.service.country))
        if person is None:
            raise BadInput(
                "nobody of ours has this phone: a practice call rings only people who were imported"
            )
        return [person]
    if role not in ROLES:
        raise BadInput(f"--role {role}: the roles are {', '.join(ROLES)}")
    on_shift = {shift.person_id for shift in oncall.on_duty(tx, tx.now) if shift.role == role}
    if not on_shift:
        raise BadInput(f"nobody is on shift as {role} now: name a phone instead")
    return people.people_by_ids(tx, on_shift)


def _wait_for(database: Database, drills: Sequence[str], ring_seconds: int) -> None:
    """Wait until every practice call has ended; give up on those that no replica takes."""
    longest = ring_seconds + 60
    for step in range(int(longest / _LOOK_EVERY)):
        with database.transaction() as tx:
            waiting = [one for one in (store.get(tx, drill_id) for drill_id in drills) if one and one.is_open]
            untaken = (
                [one for one in waiting if one.sid is None] if step > _TAKEN_WITHIN / _LOOK_EVERY else []
            )
            actions.withdraw(tx, untaken)
        if untaken:
            raise BadInput("no replica has taken the practice call: is hotline serve running?")
        if not waiting:
            return
        time.sleep(_LOOK_EVERY)


def _show_drills(tx: Transaction, drills: Sequence[Drill], zone: tzinfo, as_json: bool) -> None:
    known = {person.id: person for person in people.people_by_ids(tx, {one.person_id for one in drills})}
    rows = [_row(one, known[one.person_id], zone) for one in drills]
    show(rows if as_json else [_line(row) for row in rows] or ["No practice call yet."])


def _row(one: Drill, person: Person, zone: tzinfo) -> dict[str, Any]:
    took = None
    if one.answered_at is not None:
        took = round((one.answered_at - one.asked_at).total_seconds())
    return {
        "at": one.asked_at.astimezone(zone).isoformat(timespec="seconds"),
        "name": person.name,
        "role": person.role,
        "result": one.result,
        "seconds_to_answer": took,
        "asked_by": one.asked_by,
    }


def _line(row: dict[str, Any]) -> str:
    result = row["result"]
    found = MEANING[result] if result else "still ringing"
    picked = f", picked up after {row['seconds_to_answer']} s" if row["seconds_to_answer"] is not None else ""
    return f"{row['at'][:16].replace('T', ' ')}  {row['name']} ({row['role']}): {found}{picked}"
