"""What is still owed, and what does a person decide about it?"""

from typing import Annotated

import typer

from hotline.audit.actions import note_access
from hotline.calls import store as calls
from hotline.calls.promise.decision import call_all_the_same, close
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.followups import store as owed
from hotline.people import store as people

Sid = Annotated[str, typer.Argument(metavar="CALL_SID")]
By = Annotated[str, typer.Option("--by", metavar="PHONE", help="The phone of whoever decides.")]


@app.command("follow-ups")
def follow_ups(as_json: AsJson = False) -> None:
    """List what is still owed, what is due first first; the reading is written to the access log."""
    with opened() as (database, profile), database.transaction() as tx:
        found = owed.all_open(tx)
        sids = calls.sids_of(tx, {one.call_id for one in found})
        owners = {one.id: one.name for one in people.people_by_ids(tx, {f.owner_id or "" for f in found})}
        note_access(tx, who(), "list follow-ups", f"{len(found)} open")
    zone = profile.service.timezone
    rows = [
        {
            "call": sids.get(one.call_id),
            "kind": one.kind,
            "state": one.state,
            "due_at": one.due_at.astimezone(zone).isoformat(timespec="minutes"),
            "owner": owners.get(one.owner_id or ""),
            "attempts": one.attempts,
        }
        for one in found
    ]
    lines = [
        f"{row['due_at']}  {row['kind']:<9}  {row['state']:<5}  {row['owner'] or 'nobody':<20}  "
        f"{row['call'] or 'texts: hotline texts'}"
        for row in rows
    ]
    show(rows if as_json else lines or ["Nothing is owed to anybody."])


@app.command("follow-up-done")
def follow_up_done(sid: Sid, by: By) -> None:
    """Close what was to be looked at: somebody has looked, and there is nothing more to do."""
    with opened() as (database, profile), database.transaction() as tx:
        close(tx, sid, by, profile.service.country)
        note_access(tx, who(), "close follow-up", sid[:40])
    typer.echo("Closed.")


@app.command("call-back")
def call_back(
    sid: Sid,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why this person is called though never asked.")],
) -> None:
    """Call somebody who was never asked: a social worker decides, with a reason, and her phone rings."""
    with opened() as (database, profile), database.transaction() as tx:
        decider = call_all_the_same(tx, sid, by, reason, profile.service.country)
        note_access(tx, who(), "decide to call back", sid[:40])
    typer.echo(f"{decider.name}'s phone rings in a moment; after that, the person's.")
