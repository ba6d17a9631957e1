"""May this replica begin to serve? Settings, profile and words, schema, and one replica only on SQLite."""

import fcntl
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType

from sqlalchemy.engine import make_url

from hotline.app import Service, assemble
from hotline.calls.soundness import refuse_unless_sound
from hotline.database import pending_migrations
from hotline.errors import BadInput
from hotline.settings import Settings

DRAIN_SECONDS = 2
"""For webhooks in flight, which have a deadline of their own; acts in flight get 3.5 seconds after that."""


def exit_cleanly_on_sigterm() -> None:
    """Make SIGTERM a tidy end with exit code 0, before and after the server listens to it itself.

    While it serves, uvicorn drains on SIGTERM and afterwards raises the same signal once more, for this.
    """

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)


@contextmanager
def ready_to_serve(settings: Settings) -> Iterator[Service]:
    """Put a replica together; raise BadInput naming what is missing before any call could be lost."""
    if not settings.public_url:
        raise BadInput(
            "HOTLINE_PUBLIC_URL is not set: set it to the address at which Twilio reaches this machine"
        )
    if not settings.twilio_account_sid or not settings.auth_tokens:
        raise BadInput(
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set: copy them from Twilio's console"
        )
    alone = _alone(settings) if settings.database.startswith("sqlite") else nullcontext()
    with alone:
        service = assemble(settings)
        try:
            refuse_unless_sound(service.board)
            if pending_migrations(service.database):
                raise BadInput("the database schema is not the newest: run hotline migrate")
            yield service
        finally:
            service.close()


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    # Beside the file itself: a second replica may have a data folder of its own.
    file = Path(make_url(settings.database).database or "hotline.sqlite").resolve()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f"{file.name}.serving").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadInput(
                "another replica already serves from this SQLite file: stop it, or use PostgreSQL "
                "(HOTLINE_DATABASE_URL) for more than one"
            ) from None
        yield
