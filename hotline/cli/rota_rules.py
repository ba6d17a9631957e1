"""The rules of the rota: drafted from a file, looked at, published, looked back on?"""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from hotline.app import load_switchboard
from hotline.audit import store as audit
from hotline.audit.actions import note_access
from hotline.audit.change import Change
from hotline.calls.telling.changes import how_told
from hotline.cli.terminal import AsJson, At, app, opened, read_moment, show, who
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.notifications.notice import Channel
from hotline.oncall.festive import festive_days
from hotline.oncall.news import store as news
from hotline.oncall.news.news import News
from hotline.oncall.rota import actions, store
from hotline.oncall.rota.actions import Ground, Moment, Outcome
from hotline.oncall.rota.diff import diff_as_json, diff_lines, shift_line
from hotline.oncall.rota.rota_file import read_rota, write_rota
from hotline.oncall.rota.version import Version
from hotline.people.store import everybody
from hotline.profile import Profile
from hotline.settings import load_settings

rota = typer.Typer(help="The rules by which people take turns.", no_args_is_help=True)
app.add_typer(rota, name="rota")

Number = Annotated[int, typer.Option("--version", help="A version by its number; default: the newest draft.")]
_NO_DRAFT = "there is no draft: make one with hotline rota draft FILE"


@rota.command("draft")
def rota_draft(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", exists=False)], as_json: AsJson = False
) -> None:
    """Keep a rota file as a draft, and say what it would change for whom, what is broken, what is missing."""
    with opened() as (database, profile):
        service = profile.service
        with database.transaction() as tx:
            people = everybody(tx)

            def holidays(first: date, last: date) -> dict[date, str]:
                return festive_days(profile.patron_days, first, last, service.country)

            read = read_rota(file, people, service.timezone, holidays, service.country)
            number, is_new = actions.draft(tx, read, who())
        if not is_new:
            show([f"Nothing new: version {number} says the same."])
            return
        with database.reading() as tx:
            _show_review(tx, profile, store.version(tx, number), as_json)


@rota.command("show")
def rota_show(number: Number = 0, as_json: AsJson = False) -> None:
    """Say what a draft would change for whom, what in it is impossible, broken or missing."""
    with opened() as (database, profile), database.reading() as tx:
        _show_review(tx, profile, _chosen(tx, number), as_json)


@rota.command("export")
def rota_export(number: Number = 0) -> None:
    """Print a version as a rota file; default: the newest draft, else what is in force."""
    with opened() as (database, _), database.transaction() as tx:
        version = _chosen(tx, number) or store.version(tx, store.published(tx))
        if version is None:
            raise BadInput(_NO_DRAFT)
        note_access(tx, who(), "export rota", f"rota {version.number}")
        typer.echo(write_rota(version.rota, {person.id: person for person in everybody(tx)}), nl=False)


@rota.command("publish")
def rota_publish(
    by: Annotated[str, typer.Option("--by", metavar="PHONE", help="The coordinator who decides.")],
    reason: Annotated[str, typer.Option(help="Why, in a few words; kept with the version.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put the newest draft in force, from now on; the past stays as it was."""
    with opened() as (database, profile):
        done = actions.publish(database, Ground(profile, load_settings().countries), by, reason)
        board = load_switchboard(load_settings(), profile)
        with database.reading() as tx:
            names = {person.id: person.name for person in everybody(tx)}
            channels = how_told(board, tx, [one.person_id for one in done.diffs])
    zone = profile.service.timezone
    begins = done.from_at.astimezone(zone) if done.from_at else None
    if as_json:
        changed = diff_as_json(done.diffs, names, zone)
        since = begins.isoformat() if begins else None
        told = {"outcome": done.outcome, "version": done.number, "from": since, "changes": changed}
        show({**told, "broken": list(done.broken), "told": channels})
    elif done.outcome == Outcome.UNCHANGED or begins is None:
        show([f"Nothing to publish: version {done.number} is in force."])
    else:
        first = f"Version {done.number} is in force from {begins:%Y-%m-%d %H:%M:%S}."
        open_ends = [
            f"{len(done.broken)} things stay broken or uncovered: hotline rota show --version {done.number}"
        ]
        by_text, by_call = channels[Channel.TEXT], channels[Channel.CALL]
        told_line = (
            f"{by_text + by_call} people are told what changed for them: "
            f"{by_text} by text, {by_call} by a call; hotline rota told says who has heard."
        )
        lines = [first, *diff_lines(done.diffs, names, zone), *(open_ends if done.broken else [])]
        show([*lines, *([told_line] if done.diffs else [])])


@rota.command("told")
def rota_told(as_json: AsJson = False) -> None:
    """List who was to be told of changed shifts, newest first: how many, and when they heard, and how."""
    with opened() as (database, profile), database.transaction() as tx:
        note_access(tx, who(), "list who was told", "newest 100")
        names = {person.id: person.name for person in everybody(tx)}
        rows = [_told_row(one, names, profile) for one in news.newest(tx, 100)]
    show(rows if as_json else [_told_line(row) for row in rows] or ["Nobody's shifts have changed yet."])


@rota.command("versions")
def rota_versions(as_json: AsJson = False) -> None:
    """List the newest versions: who drafted and published them, when, and why."""
    with opened() as (database, profile), database.reading() as tx:
        names = {person.id: person.name for person in everybody(tx)}
        rows = [_version_row(one, names, profile) for one in store.newest_versions(tx, 20)]
    show(rows if as_json else [_version_line(row) for row in rows] or ["No rota yet."])


@rota.command("history")
def rota_history(at: At = "", as_json: AsJson = False) -> None:
    """Say who was on duty at a moment, who was supposed to be, and by which version of the rota."""
    with opened() as (database, profile), database.transaction() as tx:
        found = actions.moment(tx, read_moment(at, tx.now))
        note_access(tx, who(), "rota history", found.at.isoformat())
        names = {person.id: person.name for person in everybody(tx)}
    rows = _moment_rows(found, names, profile)
    show(rows if as_json else _moment_lines(rows))


@app.command("changes")
def changes(
    about: Annotated[str, typer.Option(help="What begins so, as rota, person, absences, shifts.")] = "",
    most: Annotated[int, typer.Option(help="How many, newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List who changed what of people and rota, when, from what to what, and why."""
    with opened() as (database, profile), database.transaction() as tx:
        note_access(tx, who(), "list changes", f"newest {most} {about}")
        names = {person.id: person.name for person in everybody(tx)}
        rows = [_change_row(one, names, profile) for one in audit.newest_changes(tx, most, about)]
    show(rows if as_json else [_change_line(row) for row in rows] or ["No change yet."])


def _chosen(tx: Transaction, number: int) -> Version | None:
    if not number:
        return store.newest_draft(tx)
    version = store.version(tx, number)
    if version is None:
        raise BadInput(f"--version {number}: there is no such version; hotline rota versions lists them")
    return version


def _show_review(tx: Transaction, profile: Profile, version: Version | None, as_json: bool) -> None:
    if version is None:
        raise BadInput(_NO_DRAFT)
    found = actions.review(tx, Ground(profile, load_settings().countries), version)
    show(found.as_json() if as_json else found.lines())


def _version_row(one: Version, names: dict[str, str], profile: Profile) -> dict[str, Any]:
    zone = profile.service.timezone

    def local(moment: Any) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

    return {
        "version": one.number,
        "drafted_at": local(one.drafted_at),
        "drafted_by": one.drafted_by,
        "published_at": local(one.published_at),
        "published_by": names.get(one.published_by or ""),
        "reason": one.reason,
        "in_force_from": local(one.in_force_from),
        "in_force_until": local(one.in_force_until),
        "accepted": (one.accepted or "").splitlines(),
    }


def _version_line(row: dict[str, Any]) -> str:
    if row["published_at"] is None:
        return f"{row['version']:>4}  draft of {row['drafted_at'][:16]} by {row['drafted_by']}"
    until = f" until {row['in_force_until'][:16]}" if row["in_force_until"] else ""
    by = f"published by {row['published_by']}: {row['reason']}"
    return f"{row['version']:>4}  in force from {row['in_force_from'][:16]}{until}, {by}"


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


def _moment_rows(found: Moment, names: dict[str, str], profile: Profile) -> dict[str, Any]:
    zone = profile.service.timezone
    withdrawn = {one.person_id for one in found.on_duty if one.withdrawn}

    def row(shift: Any) -> dict[str, Any]:
        name = names.get(shift.person_id, shift.person_id)
        cannot = shift.person_id in withdrawn
        return {"name": name, "shift": shift_line(shift, zone), "said_cannot": cannot}

    return {
        "at": found.at.astimezone(zone).isoformat(),
        "version": found.version.number if found.version else None,
        "supposed": [row(one) for one in found.supposed],
        "on_duty": [row(one) for one in found.on_duty],
    }


def _moment_lines(rows: dict[str, Any]) -> list[str]:
    by = f"by version {rows['version']} of the rota" if rows["version"] else "by no rota"
    lines = [f"At {rows['at']}, {by}:"]
    for title, key in (("Supposed to be on duty", "supposed"), ("On duty", "on_duty")):
        found = [
            f"    {one['name']}: {one['shift']}{' (said that they cannot)' if one['said_cannot'] else ''}"
            for one in rows[key]
        ]
        lines += [f"  {title}:", *(found or ["    nobody"])]
    return lines


def _change_row(one: Change, names: dict[str, str], profile: Profile) -> dict[str, Any]:
    what = one.what
    for person_id, name in names.items():
        what = what.replace(person_id, name)
    return {
        "at": one.at.astimezone(profile.service.timezone).isoformat(timespec="seconds"),
        "who": names.get(one.who, one.who),
        "what": what,
        "before": one.before,
        "after": one.after,
        "why": one.why,
    }


def _change_line(row: dict[str, Any]) -> str:
    moved = f"{row['before'] or 'nothing'} -> {row['after'] or 'nothing'}"
    return f"{row['at'][:16]}  {row['who']}: {row['what']}: {moved} ({row['why'] or 'no reason given'})"
