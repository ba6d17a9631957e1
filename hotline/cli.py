"""What can be done from a terminal? Each command in a few lines; errors in one sentence."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hotline.app import clock_of, load_service_profile, open_database
from hotline.audit.actions import note_access
from hotline.calls import report, store
from hotline.database import Database, migrate
from hotline.errors import BadInput, HotlineError
from hotline.logs import start_logging
from hotline.oncall import store as oncall
from hotline.oncall.actions import import_shifts, plan_with_reasons
from hotline.oncall.duty_report import duty_report, ring_plan_as_json, ring_plan_lines
from hotline.oncall.tiers import Circumstances
from hotline.people import store as people_store
from hotline.people.actions import import_people, set_pin
from hotline.people.csv_rows import decode_csv
from hotline.profile import Profile
from hotline.settings import Settings, load_settings

app = typer.Typer(
    name="hotline",
    help="Pronto Intervento Sociale: every caller ends with a person or with a promise.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
people = typer.Typer(help="The people who answer.", no_args_is_help=True)
shifts = typer.Typer(help="When they answer.", no_args_is_help=True)
app.add_typer(people, name="people")
app.add_typer(shifts, name="shifts")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
At = Annotated[
    str, typer.Option("--at", metavar="MOMENT", help="A moment, as 2026-11-22T03:00+01:00; default: now.")
]
File = Annotated[Path, typer.Argument(metavar="FILE.csv", exists=False)]


@app.command()
def demo(
    script: Annotated[str, typer.Option(help="Play a call in the terminal instead: night.")] = "",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the page.")] = 8000,
    fast: Annotated[bool, typer.Option(help="Print the script without pauses.")] = False,
) -> None:
    """Try everything on this machine: no Twilio, no phone, no account."""
    from hotline.demo.night import play_night
    from hotline.demo.server import run_demo

    if script and script != "night":
        raise BadInput(f"--script {script}: the only script is night")
    raise typer.Exit(play_night(fast=fast) if script else run_demo(host, port))


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database schema to the newest version."""
    settings = load_settings()
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.database)
    typer.echo("The schema is the newest.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Answer Twilio's webhooks until told to stop; a call in progress is drained first."""
    import uvicorn

    from hotline.serving import ready_to_serve

    start_logging()
    with ready_to_serve(load_settings()) as service:
        uvicorn.run(
            service.app,
            host=host,
            port=port,
            http="httptools",
            loop="asyncio",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=5,
            forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS"),
        )


@people.command("import")
def people_import(file: File) -> None:
    """Import people from `name,phone,role,languages[,last_resort]`: all or nothing."""
    _import(file, import_people)


@people.command("pin")
def people_pin(phone: str) -> None:
    """Set the PIN of the person with this phone; it is asked for, never shown."""
    if sys.stdin.isatty():
        pin = typer.prompt("PIN", hide_input=True, confirmation_prompt=True)
    else:
        pin = sys.stdin.readline().strip()
    with _opened() as (database, profile), database.transaction() as tx:
        set_pin(tx, phone, pin, profile.service.country)
    typer.echo("The PIN is set.")


@shifts.command("import")
def shifts_import(file: File) -> None:
    """Import shifts from `phone,role,starts_at,ends_at`: all or nothing, half-open moments with offset."""
    _import(file, import_shifts)


@app.command()
def duty(at: At = "", as_json: AsJson = False) -> None:
    """Say who is on duty, per role."""
    with _opened() as (database, profile), database.reading() as tx:
        moment = _moment(at, tx.now)
        found = duty_report(profile, people_store.everybody(tx), oncall.on_duty(tx, moment), moment)
    _print(found.as_json() if as_json else found.lines())


@app.command("ring-plan")
def ring_plan(
    category: Annotated[str, typer.Option(help="A category's code, as VIO; default: none chosen.")] = "",
    language: Annotated[str, typer.Option(help="The caller's language, as en.")] = "",
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Say who would ring, in which order, after how many seconds, and why anyone is left out."""
    with _opened() as (database, profile), database.reading() as tx:
        if category and profile.category(category) is None:
            known = ", ".join(one.code for one in profile.categories)
            raise BadInput(f"--category {category}: this profile has {known}")
        settings = load_settings()
        everybody = [person.id for person in people_store.everybody(tx)]
        circumstances = Circumstances(
            language=language or profile.default_language,
            last_rung=store.last_rung(tx, everybody),
            allowed_countries=settings.countries,
        )
        moment = _moment(at, tx.now)
        plan = plan_with_reasons(tx, profile, category or None, moment, circumstances)
    zone = profile.service.timezone
    _print(ring_plan_as_json(plan, zone) if as_json else ring_plan_lines(plan, zone))


@app.command()
def calls(
    most: Annotated[int, typer.Option(help="How many, newest first.")] = 20, as_json: AsJson = False
) -> None:
    """List recent calls; the reading is written to the access log."""
    with _opened() as (database, profile), database.transaction() as tx:
        zone = profile.service.timezone
        found = store.recent_calls(tx, most)
        note_access(tx, _who(), "list calls", f"newest {most}")
        listed = [report.report_of(tx, call, zone).as_json() for call in found] if as_json else []
    _print(listed if as_json else [report.call_line(call, zone) for call in found] or ["No call yet."])


@app.command()
def call(sid: Annotated[str, typer.Argument(metavar="CALL_SID")], as_json: AsJson = False) -> None:
    """Show one call with its whole timeline; the reading is written to the access log."""
    with _opened() as (database, profile), database.transaction() as tx:
        found = store.call_by_sid(tx, sid)
        if found is None:
            raise BadInput(f"no call has the SID {sid[:40]}; hotline calls lists the recent ones")
        note_access(tx, _who(), "read call", found.id)
        shown = report.report_of(tx, found, profile.service.timezone)
    _print(shown.as_json() if as_json else shown.lines())


@app.command()
def check() -> None:
    """Check that this line is ready for a call: FAIL, WARN or OK, each with its remedy."""
    from hotline.preflight import Level, preflight

    settings = load_settings()
    findings = preflight(settings, clock_of(settings))
    _print([str(finding) for finding in findings])
    raise typer.Exit(int(any(finding.level == Level.FAIL for finding in findings)))


def main() -> None:
    """Run a command; what a person can mend is said in one sentence, with exit code 1."""
    try:
        app(standalone_mode=True)
    except HotlineError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None


def _import(file: Path, action: Callable[..., Any]) -> None:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror}); check the path") from None
    text = decode_csv(content, str(file))
    with _opened() as (database, profile), database.transaction() as tx:
        result = action(tx, text, profile.service.country, str(file))
    typer.echo(str(result))


@contextmanager
def _opened() -> Iterator[tuple[Database, Profile]]:
    settings: Settings = load_settings()
    profile = load_service_profile(settings)
    database = open_database(settings)
    try:
        yield database, profile
    finally:
        database.dispose()


def _moment(text: str, now: datetime) -> datetime:
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--at {text}: not a moment; write it as 2026-11-22T03:00+01:00") from None
    if moment.tzinfo is None:
        raise BadInput(f"--at {text}: add the offset, as in {text}+01:00")
    return moment.astimezone(UTC)


def _who() -> str:
    return f"terminal user {os.environ.get('SUDO_USER') or os.environ.get('USER') or os.getuid()}"


def _print(shown: Any) -> None:
    if isinstance(shown, list) and all(isinstance(line, str) for line in shown):
        typer.echo("\n".join(shown))
    else:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
