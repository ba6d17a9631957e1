"""Who is on instead of whom, for once: decided by a coordinator, listed, called off?"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from hotline.audit.actions import note_access
from hotline.calls.rooms import store as rooms
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.oncall.overrides import actions, store
from hotline.oncall.overrides.override_report import override_as_json
from hotline.oncall.rota.ground import Ground
from hotline.oncall.timesheet import read_timesheet
from hotline.people.person import Person
from hotline.people.store import everybody, person_by_phone
from hotline.people.wall_time import read_moment
from hotline.phone_number import mask, parse_phone_number
from hotline.profile import ROLES, Profile
from hotline.settings import load_settings

override = typer.Typer(help="Who is on instead of whom, for once.", no_args_is_help=True)
app.add_typer(override, name="override")

By = Annotated[str, typer.Option("--by", metavar="PHONE", help="The coordinator who decides.")]
Reason = Annotated[str, typer.Option(help="Why, in a few words; kept.")]
From = Annotated[str, typer.Option("--from", metavar="MOMENT", help="As 2026-12-24 20:00; default: now.")]
To = Annotated[str, typer.Option("--to", metavar="MOMENT", help="Default: the end of the shift.")]
_LIST_AHEAD = timedelta(weeks=8)


@override.command("replace")
def override_replace(
    off: Annotated[str, typer.Argument(metavar="PHONE", help="Who is off.")],
    on: Annotated[str, typer.Argument(metavar="PHONE", help="Who is on instead.")],
    by: By,
    reason: Reason = "",
    first: From = "",
    last: To = "",
) -> None:
    """Put somebody on duty instead of somebody else."""
    _decide(by, reason, off, on, first, last)


@override.command("remove")
def override_remove(
    off: Annotated[str, typer.Argument(metavar="PHONE")],
    by: By,
    reason: Reason = "",
    first: From = "",
    last: To = "",
) -> None:
    """Take somebody off duty; nobody stands in."""
    _decide(by, reason, off, "", first, last)


@override.command("add")
def override_add(
    on: Annotated[str, typer.Argument(metavar="PHONE")],
    by: By,
    last: Annotated[str, typer.Option("--to", metavar="MOMENT")],
    reason: Reason = "",
    first: From = "",
) -> None:
    """Put somebody on duty beside the others."""
    _decide(by, reason, "", on, first, last)


@override.command("temporary")
def override_temporary(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="phone,role,starts_at,ends_at")],
    role: Annotated[str, typer.Option(help="The tier that it replaces.")],
    by: By,
    first: Annotated[str, typer.Option("--from", metavar="MOMENT")],
    last: Annotated[str, typer.Option("--to", metavar="MOMENT")],
    reason: Reason = "",
) -> None:
    """Replace the shifts of a tier, for a period, by those of a file."""
    if role not in ROLES:
        raise BadInput(f"--role {role}: use one of {', '.join(ROLES)}")
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: cannot be read ({type(error).__name__}); check the path") from None
    with opened() as (database, profile):
        country, zone = profile.service.country, profile.service.timezone
        with database.reading() as tx:
            decider = _person(tx, by, profile)
            instead = read_timesheet(text, everybody(tx), country, str(file))
            period = _moment("--from", first, zone, tx.now), _moment("--to", last, zone, tx.now)
            if period[1] <= period[0]:
                raise BadInput("--to: not after --from; exchange or correct them")
            wanted = actions.temporary(tx, role, *period, instead, decider.id, reason)
            if not wanted:
                show(["Nothing to change: the shifts of the period are those of the file."])
                return
            considered = actions.consider(tx, _ground(profile), decider, wanted)
        with database.transaction() as tx:
            actions.decide(tx, considered)
    show([f"{len(wanted)} changes until {last}.", *_broken(considered)])


@override.command("list")
def override_list(as_json: AsJson = False) -> None:
    """List the overrides that run or come, earliest first; the reading is noted."""
    with opened() as (database, profile), database.transaction() as tx:
        note_access(tx, who(), "list overrides", "running and coming")
        names = {person.id: person.name for person in everybody(tx)}
        found = store.touching(tx, tx.now, tx.now + _LIST_AHEAD)
        rows = [override_as_json(one, names, profile.service.timezone) for one in found]
    show(rows if as_json else [_line(row) for row in rows] or ["No override runs or comes."])


@override.command("call-off")
def override_call_off(
    number: Annotated[int, typer.Argument()],
    by: By,
    reason: Reason = "",
    whole: Annotated[bool, typer.Option("--all", help="And what was decided together with it.")] = False,
) -> None:
    """End an override now, or before it begins; what was before holds again."""
    if not reason.strip():
        raise BadInput("--reason: say why in a few words")
    with opened() as (database, profile), database.transaction() as tx:
        decider = _person(tx, by, profile)
        if decider.role != "coordinator":
            raise BadInput("--by: only a coordinator decides this; give the phone of one who is active")
        numbers = actions.decided_together(tx, number) if whole else [number]
        ended = actions.call_off(tx, numbers, decider.id, reason.strip())
    show([f"Called off: {', '.join(str(each.number) for each in ended)}."])


def _decide(by: str, reason: str, off: str, on: str, first: str, last: str) -> None:
    with opened() as (database, profile):
        with database.reading() as tx:
            decider, zone = _person(tx, by, profile), profile.service.timezone
            off_person = _person(tx, off, profile) if off else None
            on_person = _person(tx, on, profile) if on else None
            begins = _moment("--from", first, zone, tx.now)
            ends = _moment("--to", last, zone, tx.now) if last else None
            wanted = actions.stand_in(tx, off_person, on_person, begins, ends, decider, reason)
            considered = actions.consider(tx, _ground(profile), decider, [wanted])
        with database.transaction() as tx:
            actions.decide(tx, considered)
            (made,) = store.of_group(tx, wanted.group)
    stretch = " - ".join(f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (made.starts_at, made.ends_at))
    show([f"Override {made.number}: {stretch}.", *_broken(considered)])


def _ground(profile: Profile) -> Ground:
    return Ground(profile, load_settings().countries, worked=rooms.worked_between)


def _broken(considered: actions.Considered) -> list[str]:
    return [f"  broken for this reason: {line}" for line in considered.lines]


def _moment(option: str, text: str, zone: ZoneInfo, now: datetime) -> datetime:
    if not text:
        return now
    try:
        return read_moment(text, zone)
    except BadInput as error:
        raise BadInput(f"{option}: {error}") from None


def _person(tx: Transaction, phone: str, profile: Profile) -> Person:
    number = parse_phone_number(phone, profile.service.country)
    found = person_by_phone(tx, number)
    if found is None:
        raise BadInput(f"nobody has the phone {mask(number)}; import the person first")
    return found


def _line(row: dict[str, Any]) -> str:
    change = f"{row['off'] or 'nobody'} off, {row['on'] or 'nobody'} on"
    stretch = f"{row['from'][:16]} - {row['to'][:16]}"
    return f"{row['number']:>4}  {stretch}  {row['role']}: {change} ({row['by']}: {row['reason']})"
