"""How are the documents written that answer callers when this whole site is down?"""

import typer

from hotline.app import load_service_profile, load_switchboard, open_database
from hotline.calls.fallback import start_address
from hotline.calls.standby import write_fallback
from hotline.cli.terminal import app
from hotline.errors import BadInput
from hotline.settings import load_settings


@app.command()
def fallback() -> None:
    """Write the static fallback documents; docs/fallback.md says how to serve them."""
    settings = load_settings()
    if settings.fallback_dir is None or not settings.fallback_url:
        raise BadInput(
            "set HOTLINE_FALLBACK_DIR, the folder to write, and HOTLINE_FALLBACK_URL, where it is served"
        )
    board = load_switchboard(settings, load_service_profile(settings))
    database = open_database(settings)
    try:
        write_fallback(board, database, settings.fallback_dir, settings.fallback_url)
        address = start_address(settings.fallback_url, database.keyring)
    finally:
        database.dispose()
    typer.echo(f"Written below {settings.fallback_dir}.")
    typer.echo(f"In Twilio, set the number's voice fallback address, method HTTP GET, to: {address}")
