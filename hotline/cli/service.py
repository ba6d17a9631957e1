"""How is the service tried, prepared, started and checked?"""

import os
from typing import Annotated

import typer

from hotline.app import clock_of
from hotline.cli.terminal import app, show
from hotline.database import migrate
from hotline.errors import BadInput
from hotline.logs import start_logging
from hotline.settings import load_settings


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
    raise typer.Exit(play_night(paced=False if fast else None) if script else run_demo(host, port))


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

    from hotline.serving import DRAIN_SECONDS, exit_cleanly_on_sigterm, ready_to_serve

    start_logging()
    exit_cleanly_on_sigterm()
    with ready_to_serve(load_settings()) as service:
        uvicorn.run(
            service.app,
            host=host,
            port=port,
            http="httptools",
            loop="asyncio",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS"),
        )


@app.command()
def check() -> None:
    """Check that this line is ready for a call: FAIL, WARN or OK, each with its remedy."""
    from hotline.preflight.checks import preflight
    from hotline.preflight.finding import Level

    settings = load_settings()
    findings = preflight(settings, clock_of(settings))
    show([str(finding) for finding in findings])
    raise typer.Exit(int(any(finding.level == Level.FAIL for finding in findings)))
