"""Who is there, and who will be?"""

from hotline.audit.actions import note_access
from hotline.calls.presence.seen import presence_at
from hotline.cli.terminal import AsJson, At, app, opened, read_moment, show, who
from hotline.oncall.presence.report import presence_as_json, presence_lines


@app.command()
def presence(at: At = "", as_json: AsJson = False) -> None:
    """Say who has confirmed the shifts that run and those of the next day, who was asked, who not reached."""
    with opened() as (database, profile), database.transaction() as tx:
        moment = read_moment(at, tx.now)
        note_access(tx, who(), "read presence", moment.isoformat(timespec="minutes"))
        found = presence_at(tx, moment)
    zone = profile.service.timezone
    show(presence_as_json(found, zone) if as_json else presence_lines(found, moment, zone))
