"""Who was told that their shifts have changed: when, and how?"""

from typing import Any

from hotline.audit.actions import note_access
from hotline.cli.rota_rules import rota
from hotline.cli.terminal import AsJson, opened, show, who
from hotline.oncall.news import store as news
from hotline.oncall.news.news import News
from hotline.people.store import everybody
from hotline.profile import Profile


@rota.command("told")
def rota_told(as_json: AsJson = False) -> None:
    """List who was to be told of changed shifts, newest first: how many, and when they heard, and how."""
    with opened() as (database, profile), database.transaction() as tx:
        note_access(tx, who(), "list who was told", "newest 100")
        names = {person.id: person.name for person in everybody(tx)}
        rows = [_told_row(one, names, profile) for one in news.newest(tx, 100)]
    show(rows if as_json else [_told_line(row) for row in rows] or ["Nobody's shifts have changed yet."])


def _told_row(one: News, names: dict[str, str], profile: Profile) -> dict[str, Any]:
    zone = profile.service.timezone
    return {
        "name": names.get(one.person_id, one.person_id),
        "changed_at": one.noted_at.astimezone(zone).isoformat(timespec="minutes"),
        "gained": len(one.gained),
        "lost": len(one.lost),
        "told_at": one.told_at.astimezone(zone).isoformat(timespec="minutes") if one.told_at else None,
        "told_by": one.told_by,
    }


def _told_line(row: dict[str, Any]) -> str:
    heard = f"told by {row['told_by']} at {row['told_at'][:16]}" if row["told_at"] else "NOT TOLD yet"
    return f"{row['changed_at'][:16]}  {row['name']}: {row['gained']} new, {row['lost']} gone: {heard}"
