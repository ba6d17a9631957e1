"""Who answers, and when: imported, and asked about?"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from hotline.app import load_service_profile, load_switchboard
from hotline.calls.cover import offers
from hotline.calls.ring_forecast import on_duty_then, ring_forecast
from hotline.calls.switchboard import Switchboard
from hotline.cli.terminal import AsJson, At, app, opened, read_moment, show, who
from hotline.errors import BadInput
from hotline.oncall.absent import absent_lines, shifts_of_absent
from hotline.oncall.cover import who_answers
from hotline.oncall.duty_report import duty_report, ring_plan_as_json, ring_plan_lines
from hotline.oncall.files.actions import import_file as import_shifts
from hotline.oncall.rota.ground import Ground
from hotline.oncall.store import coming_shifts, on_duty_between
from hotline.oncall.swaps import store as offers_store
from hotline.people import store as people_store
from hotline.people.actions import import_people, set_active, set_pin
from hotline.people.csv_rows import decode_csv
from hotline.people.serving.actions import import_absences, import_wishes
from hotline.people.serving.store import every_absence
from hotline.settings import load_settings

people = typer.Typer(help="The people who answer.", no_args_is_help=True)
shifts = typer.Typer(help="When they answer.", no_args_is_help=True)
app.add_typer(people, name="people")
app.add_typer(shifts, name="shifts")
absences = typer.Typer(help="When somebody is away.", no_args_is_help=True)
wishes = typer.Typer(help="Which times somebody prefers, or cannot.", no_args_is_help=True)
app.add_typer(absences, name="absences")
app.add_typer(wishes, name="wishes")

OfDraft = Annotated[bool, typer.Option("--draft", help="As if the newest draft of the rota were published.")]
File = Annotated[Path, typer.Argument(metavar="FILE.csv", exists=False)]


@people.command("import")
def people_import(file: File) -> None:
    """Import people from `name,phone,role,languages[,last_resort]` and their terms: all or nothing.

    Terms: `contract,qualifications,training_until,started_on,told_by`, each optional.
    """
    import_file(file, partial(import_people, own_numbers=_board().own_numbers))


@people.command("pin")
def people_pin(phone: str) -> None:
    """Set the PIN of the person with this phone; it is asked for, never shown."""
    if sys.stdin.isatty():
        pin = typer.prompt("PIN", hide_input=True, confirmation_prompt=True)
    else:
        pin = sys.stdin.readline().strip()
    with opened() as (database, profile), database.transaction() as tx:
        set_pin(tx, phone, pin, profile.service.country, who())
    typer.echo("The PIN is set.")


@people.command("leave")
def people_leave(
    phone: str, reason: Annotated[str, typer.Option(help="Why, in a few words; kept.")] = ""
) -> None:
    """Ring the person with this phone no longer; an import that names them takes them back."""
    if not reason.strip():
        raise BadInput("--reason: say why in a few words; it is kept")
    with opened() as (database, profile):
        with database.transaction() as tx:
            person = set_active(tx, phone, False, profile.service.country, who(), reason.strip())
            left = coming_shifts(tx, person.id, tx.now)
            taken = sum(one.ends_at > tx.now for one in offers_store.taken_by(tx, person.id))
        # Whoever takes a shift locks both sides in one order: none of them may be locked already here.
        with database.transaction() as tx:
            closed = offers.close_what_needs(_board(), tx, person.id)
    told = ((_LEFT, left), (_TAKEN, taken), (_CLOSED, closed))
    show([f"{person.name} is rung no longer.", *(text.format(count) for text, count in told if count)])


_LEFT = "{} shifts are still theirs, and nobody answers in them: publish a rota without them."
_TAKEN = "{} they had from others, whatever the rota says: hotline override replace puts somebody else on."
_CLOSED = "{} offers to them alone, or trades with them, are closed; whoever wanted it is told."


@shifts.command("import")
def shifts_import(file: File) -> None:
    """Import shifts from `phone,role,starts_at,ends_at`: all or nothing; local times, or with offset."""
    with opened() as (database, profile):
        service = profile.service
        text = _read(file)
        allowed = load_settings().countries
        result = import_shifts(database, text, service.timezone, service.country, str(file), who(), allowed)
    typer.echo(str(result))


@absences.command("import")
def absences_import(file: File) -> None:
    """Import absences from `phone,starts_at,ends_at,kind`: local times, whole days, or with offset.

    The coming shifts that a new one touches are listed: they are to be offered, or overridden.
    """
    with opened() as (database, profile):
        zone = profile.service.timezone
        with database.reading() as tx:
            known = {(one.person_id, one.starts_at, one.ends_at) for one in every_absence(tx)}
        import_file(file, partial(import_absences, zone=zone))
        with database.reading() as tx:
            kept = every_absence(tx)
            new = [one for one in kept if (one.person_id, one.starts_at, one.ends_at) not in known]
            last = max((one.ends_at for one in new), default=tx.now)
            found = shifts_of_absent(on_duty_between(tx, tx.now, last), new)
            names = {person.id: person.name for person in people_store.everybody(tx)}
    if found:
        show(absent_lines(found, names, zone))


@wishes.command("import")
def wishes_import(file: File) -> None:
    """Import preferred and impossible times of the week from `phone,days,starts,ends,wish`."""
    import_file(file, import_wishes)


@app.command()
def duty(at: At = "", of_draft: OfDraft = False, as_json: AsJson = False) -> None:
    """Say who is on duty, per role."""
    with opened() as (database, profile), database.reading() as tx:
        moment = read_moment(at, tx.now)
        ground = Ground(profile, load_settings().countries)
        answering = who_answers(on_duty_then(tx, ground, moment, of_draft))
        found = duty_report(profile, people_store.everybody(tx), answering, moment)
    show(found.as_json() if as_json else found.lines())


@app.command("ring-plan")
def ring_plan(
    category: Annotated[str, typer.Option(help="A category's code, as VIO; default: none chosen.")] = "",
    language: Annotated[str, typer.Option(help="The caller's language, as en.")] = "",
    at: At = "",
    of_draft: OfDraft = False,
    as_json: AsJson = False,
) -> None:
    """Say who would ring, in which order, after how many seconds, and why anyone is left out."""
    with opened() as (database, profile), database.reading() as tx:
        if category and profile.category(category) is None:
            known = ", ".join(one.code for one in profile.categories)
            raise BadInput(f"--category {category}: this profile has {known}")
        languages = [one.code for one in profile.languages]
        if language and language not in languages:
            raise BadInput(f"--language {language}: this profile has {', '.join(languages)}")
        moment = read_moment(at, tx.now)
        spoken = language or profile.default_language
        plan = ring_forecast(tx, _board(), category or None, spoken, moment, of_draft)
    zone = profile.service.timezone
    show(ring_plan_as_json(plan, zone) if as_json else ring_plan_lines(plan, zone))


def _board() -> Switchboard:
    settings = load_settings()
    return load_switchboard(settings, load_service_profile(settings))


def import_file(file: Path, action: Callable[..., Any]) -> None:
    """Have a CSV file imported in one transaction, and print what that changed."""
    text = _read(file)
    with opened() as (database, profile), database.transaction() as tx:
        result = action(tx, text, country=profile.service.country, source=str(file), by=who())
    typer.echo(str(result))


def _read(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror}); check the path") from None
    return decode_csv(content, str(file))
