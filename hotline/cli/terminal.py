"""What do all commands share: the program itself, opening the database, reading moments, showing results?"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hotline.app import load_service_profile, open_database
from hotline.database import Database
from hotline.errors import BadInput, HotlineError
from hotline.profile import Profile
from hotline.settings import Settings, load_settings

app = typer.Typer(
    name="hotline",
    help="Pronto Intervento Sociale: every caller ends with a person or with a promise.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

_NO_SUCH = ("42P01", "42703")
"""PostgreSQL: a table or a column that is not there."""

_NO_SUCH_ON_SQLITE = ("no such table", "no such column")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
At = Annotated[
    str, typer.Option("--at", metavar="MOMENT", help="A moment, as 2026-11-22T03:00+01:00; default: now.")
]


def main() -> None:
    """Run a command; what a person can mend is said in one sentence, with exit code 1."""
    try:
        app(standalone_mode=True)
    except HotlineError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
    except SQLAlchemyError as error:
        typer.echo(_about_the_database(error), err=True)
        raise SystemExit(1) from None


def _about_the_database(error: SQLAlchemyError) -> str:
    # Only the kind: the driver's own words may hold what was stored.
    cause = error.orig if isinstance(error, DBAPIError) else error
    if getattr(cause, "sqlstate", "") in _NO_SUCH or str(cause).startswith(_NO_SUCH_ON_SQLITE):
        return "the database schema is not the newest: run hotline migrate"
    return (
        f"the database does not do what was asked ({type(cause).__name__}): is it running, and does "
        "HOTLINE_DATABASE_URL (or HOTLINE_DATA_DIR) lead to it? hotline check looks"
    )


@contextmanager
def opened() -> Iterator[tuple[Database, Profile]]:
    """Open the database of the settings, and read the profile."""
    settings: Settings = load_settings()
    profile = load_service_profile(settings)
    database = open_database(settings)
    try:
        yield database, profile
    finally:
        database.dispose()


def read_moment(text: str, now: datetime, option: str = "--at") -> datetime:
    """Read a moment with its offset; raise BadInput; nothing is now."""
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option} {text}: not a moment; write it as 2026-11-22T03:00+01:00") from None
    if moment.tzinfo is None:
        raise BadInput(f"{option} {text}: add the offset, as in {text}+01:00")
    return moment.astimezone(UTC)


def who() -> str:
    """Name who sits at the terminal, for the access log."""
    return f"terminal user {os.environ.get('SUDO_USER') or os.environ.get('USER') or os.getuid()}"


def show(shown: Any) -> None:
    """Print lines as they are, and anything else, also an empty list, as JSON."""
    if isinstance(shown, list) and shown and all(isinstance(line, str) for line in shown):
        typer.echo("\n".join(shown))
    else:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
