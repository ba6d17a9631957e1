"""What is on paper when everything is down?"""

from pathlib import Path
from typing import Annotated

import typer

from hotline.app import clock_of, load_service_profile, load_switchboard
from hotline.cli.terminal import app
from hotline.errors import BadInput
from hotline.settings import load_settings


@app.command()
def paper(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="Where to write it.")] = Path(
        "hotline.pdf"
    ),
) -> None:
    """Write the booklet for when everything is down: keys, numbers, first-contact form, as a PDF to print."""
    from hotline.paper.booklet import booklet

    settings = load_settings()
    board = load_switchboard(settings, load_service_profile(settings))
    today = clock_of(settings).now().astimezone(board.profile.service.timezone).date()
    try:
        file.write_bytes(booklet(board.profile, board.staff_wording, today))
    except OSError as error:
        raise BadInput(f"{file}: cannot be written ({error.strerror}); name another file") from None
    typer.echo(f"{file}: print it on A4, both sides, and put it by the telephone.")
