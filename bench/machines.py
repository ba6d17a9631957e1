"""Which servers are measured? The service and the bare endpoint, as processes, on four databases."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.history import FEW, MANY, NOW, hire, write_history
from bench.provider import Provider
from bench.webhook import ACCOUNT_SID, AUTH_TOKEN, LINE, PUBLIC_URL, Webhooks, new_sid
from hotline.clock import WallClock, stopwatch
from hotline.database import Database, migrate
from hotline.secrets import Keyring

DURABLE = "-c max_connections=100"
"""PostgreSQL with its own defaults, as in production: fsync and synchronous_commit are on."""

KEY = "00" * 32
"""The key of the sealed columns: no secret, as nothing here is."""

_LONGEST_START = 20.0


@dataclass(frozen=True)
class Ground:
    """One database on which both servers are measured."""

    name: str
    database_url: str
    folder: Path


@dataclass(frozen=True)
class Pair:
    """The two servers on one database, and the stand-in for Twilio's REST API that the service asks."""

    ground: Ground
    service: int
    bare: int
    provider: Provider


def create(ground: Ground) -> None:
    """Make an empty database, migrated."""
    ground.folder.mkdir()
    migrate(ground.database_url)


def fill(ground: Ground, with_history: bool) -> float:
    """Fill a migrated database; return the seconds that took."""
    began = stopwatch()
    database = Database(ground.database_url, Keyring.from_text(KEY), WallClock(start=NOW))
    if with_history:
        hire(database, MANY, days_back=3650)
        write_history(database)
    else:
        hire(database, FEW, days_back=7)
    database.dispose()
    return stopwatch() - began


@contextmanager
def serving(ground: Ground) -> Iterator[Pair]:
    """Run both servers on a database, and stop them."""
    provider = Provider()
    service, bare = _free_port(), _free_port()
    with (
        _running(serve_command(service), ground, provider.url),
        _running([sys.executable, "-m", "bench.bare", str(bare)], ground, provider.url),
    ):
        _until_it_listens(service)
        _until_it_listens(bare)
        yield Pair(ground, service, bare, provider)
    provider.close()


def seconds_to_first_answer(ground: Ground) -> float:
    """Start `hotline serve` and return the seconds until a first signed webhook was answered."""
    port = _free_port()
    began = stopwatch()
    with _running(serve_command(port), ground, "http://127.0.0.1:9"):
        _until_it_listens(port)
        with Webhooks(port) as webhooks:
            sid = new_sid()
            caller = {"CallSid": sid, "From": "+393400000099"}
            webhooks.post("/twilio/voice", **caller, CallStatus="ringing")
            seconds = stopwatch() - began
            webhooks.post("/twilio/voice/status", **caller, CallStatus="completed")
    return seconds


def serve_command(port: int) -> list[str]:
    """Return the command of a replica, as in production."""
    return [sys.executable, "-m", "hotline", "serve", "--port", str(port)]


@contextmanager
def _running(command: list[str], ground: Ground, provider_url: str) -> Iterator[None]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "HOTLINE_TWILIO_API_URL": provider_url,
        "HOTLINE_PUBLIC_URL": PUBLIC_URL,
        "HOTLINE_PHONE_NUMBER": LINE,
        "HOTLINE_DATA_DIR": str(ground.folder),
        "HOTLINE_DATABASE_URL": ground.database_url,
        "HOTLINE_SECRET_KEYS": KEY,
        "HOTLINE_CLOCK_START": NOW.isoformat(),
        # What the account lets through is not what is measured.
        "HOTLINE_CALLS_PER_SECOND": "1000",
    }
    log = ground.folder / "log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ground.folder, env=kept | settings, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield
        except BaseException:
            sys.stderr.write(f"--- {log} ends with:\n{log.read_text()[-3000:]}\n")
            raise
        finally:
            process.terminate()
            process.wait(15)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _until_it_listens(port: int) -> None:
    limit = stopwatch() + _LONGEST_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if stopwatch() > limit:
                raise RuntimeError("the server does not start") from None
            time.sleep(0.005)
