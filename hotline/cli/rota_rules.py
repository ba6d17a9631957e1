"""The rules of the rota: drafted from a file, looked at, published, looked back on?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from hotline.app import load_switchboard
from hotline.audit import store as audit
from hotline.audit.actions import note_access
from hotline.audit.change import change_as_json
from hotline.calls.rooms import store as rooms
from hotline.calls.telling.changes import how_told
from hotline.cli.terminal import AsJson, At, app, opened, read_moment, show, who
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.notifications.notice import Channel
from hotline.oncall.rota import actions, store
from hotline.oncall.rota.actions import Outcome
from hotline.oncall.rota.diff import diff_lines
from hotline.oncall.rota.drafting import rota_from
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.reviewing import review
from hotline.oncall.rota.rota_file import write_rota
from hotline.oncall.rota.rota_report import moment_as_json, publication_as_json, version_as_json
from hotline.oncall.rota.version import Version
from hotline.people.store import everybody
from hotline.profile import Profile
from hotline.settings import load_settings
from hotline.toml_table import read_text

rota = typer.Typer(help="The rules by which people take turns.", no_args_is_help=True)
app.add_typer(rota, name="rota")

Number = Annotated[int, typer.Option("--version", help="A version by its number; default: the newest draft.")]
_MOST_WARNINGS = 10
_NO_DRAFT = "there is no draft: make one with hotline rota draft FILE"


@rota.command("draft")
def rota_draft(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", exists=False)], as_json: AsJson = False
) -> None:
    """Keep a rota file as a draft, and say what it would change for whom, what is broken, what is missing."""
    with opened() as (database, profile):
        with database.transaction() as tx:
            read = rota_from(tx, profile, read_text(file), file)
            number, is_new = actions.draft(tx, read, who())
        if not is_new:
            show([f"Nothing new: version {number} says the same."])
            return
        with database.reading() as tx:
            _show_review(tx, profile, store.version(tx, number), as_json)


@rota.command("show")
def rota_show(number: Number = 0, as_json: AsJson = False) -> None:
    """Say what a draft would change for whom, what in it is impossible, broken or missing.

    Without a draft it is the version in force: what is still broken in it, until somebody mends it.
    """
    with opened() as (database, profile), database.reading() as tx:
        version = _chosen(tx, number) or store.version(tx, store.published(tx))
        _show_review(tx, profile, version, as_json)


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
        done = actions.publish(database, _ground(profile), by, reason)
        board = load_switchboard(load_settings(), profile)
        with database.reading() as tx:
            names = {person.id: person.name for person in everybody(tx)}
            channels = how_told(board, tx, [one.person_id for one in done.diffs])
    zone = profile.service.timezone
    begins = done.from_at.astimezone(zone) if done.from_at else None
    if as_json:
        show({**publication_as_json(done, names, zone), "told": channels})
    elif done.outcome == Outcome.UNCHANGED or begins is None:
        show([f"Nothing to publish: version {done.number} is in force."])
    else:
        first = f"Version {done.number} is in force from {begins:%Y-%m-%d %H:%M:%S}."
        open_ends = [
            f"{len(done.broken)} things stay broken or uncovered: hotline rota show --version {done.number}"
        ]
        to_look_at = [f"To look at: {line}" for line in done.warnings[:_MOST_WARNINGS]]
        whose = diff_lines(done.diffs, names, zone)
        by_text, by_call = channels[Channel.TEXT], channels[Channel.CALL]
        told = (
            f"{by_text + by_call} people are told what changed for them: "
            f"{by_text} by text, {by_call} by a call; hotline rota told says who has heard."
        )
        show([first, *whose, *(open_ends if done.broken else []), *to_look_at, *([told] if whose else [])])


@rota.command("versions")
def rota_versions(as_json: AsJson = False) -> None:
    """List the newest versions: who drafted and published them, when, and why."""
    with opened() as (database, profile), database.reading() as tx:
        names = {person.id: person.name for person in everybody(tx)}
        zone = profile.service.timezone
        rows = [version_as_json(one, names, zone) for one in store.newest_versions(tx, 20)]
    show(rows if as_json else [_version_line(row) for row in rows] or ["No rota yet."])


@rota.command("history")
def rota_history(at: At = "", as_json: AsJson = False) -> None:
    """Say who was on duty at a moment, who was supposed to be, and by which version of the rota."""
    with opened() as (database, profile), database.transaction() as tx:
        found = actions.moment(tx, read_moment(at, tx.now))
        note_access(tx, who(), "rota history", found.at.isoformat())
        names = {person.id: person.name for person in everybody(tx)}
    rows = moment_as_json(found, names, profile.service.timezone)
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
        zone = profile.service.timezone
        rows = [change_as_json(one, names, zone) for one in audit.newest_changes(tx, most, about)]
    show(rows if as_json else [_change_line(row) for row in rows] or ["No change yet."])


def _chosen(tx: Transaction, number: int) -> Version | None:
    if not number:
        return store.newest_draft(tx)
    version = store.version(tx, number)
    if version is None:
        raise BadInput(f"--version {number}: there is no such version; hotline rota versions lists them")
    return version


def _ground(profile: Profile) -> Ground:
    """Return what a draft is proved against, with the calls that people were called out for."""
    return Ground(profile, load_settings().countries, worked=rooms.worked_between)


def _show_review(tx: Transaction, profile: Profile, version: Version | None, as_json: bool) -> None:
    if version is None:
        raise BadInput(_NO_DRAFT)
    found = review(tx, _ground(profile), version)
    show(found.as_json() if as_json else found.lines())


def _version_line(row: dict[str, Any]) -> str:
    if row["published_at"] is None:
        return f"{row['version']:>4}  draft of {row['drafted_at'][:16]} by {row['drafted_by']}"
    until = f" until {row['in_force_until'][:16]}" if row["in_force_until"] else ""
    by = f"published by {row['published_by']}: {row['reason']}"
    return f"{row['version']:>4}  in force from {row['in_force_from'][:16]}{until}, {by}"


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


def _change_line(row: dict[str, Any]) -> str:
    moved = f"{row['before'] or 'nothing'} -> {row['after'] or 'nothing'}"
    return f"{row['at'][:16]}  {row['who']}: {row['what']}: {moved} ({row['why'] or 'no reason given'})"
