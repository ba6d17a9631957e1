"""How do two real replicas behind the shipped proxy carry calls, while one of them is killed or frozen?"""

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import uvicorn

from hotline.calls.fallback import start_address
from hotline.clock import WallClock
from hotline.database import Database
from hotline.oncall.actions import import_shifts
from hotline.people.actions import import_people
from hotline.secrets import Keyring
from hotline.simulator.exchange import Exchange
from hotline.simulator.phones import Town
from hotline.simulator.rest_app import rest_app
from hotline.simulator.transport import HttpDelivery
from tests.conftest import NIGHT_IN_NOVEMBER
from tests.guards.files import ROOT
from tests.operations.replica import KEYS, Replica, free_port

LINE = "+39078133000"
PATIENCE_OF_A_START = 60.0
BEGINS_AT = NIGHT_IN_NOVEMBER.astimezone(UTC)


class Sleeper:
    """One of the replicas, which may be killed and started again, or frozen and woken."""

    def __init__(self, replica: Replica) -> None:
        self.replica = replica
        self.frozen = False

    def kill(self) -> None:
        """End the process without a word."""
        self.replica.process.kill()
        self.replica.process.wait(10)

    def start_again(self) -> None:
        """Start another process in its place."""
        self.replica.start_again()
        self.replica.wait_until_alive(PATIENCE_OF_A_START)

    def freeze(self) -> None:
        """Let it stand still, with every lock and every connection that it holds."""
        self.replica.process.send_signal(signal.SIGSTOP)
        self.frozen = True

    def wake(self) -> None:
        """Let it go on, as if nothing had happened."""
        self.replica.process.send_signal(signal.SIGCONT)
        self.frozen = False


class Replicas:
    """Two replicas on one database, HAProxy before them, a static host for the fallback, and an exchange."""

    def __init__(self, database_url: str, folder: Path, proxy: Path, speed: float, staff: str) -> None:
        self.folder, self.speed = folder, speed
        self._reading = time.monotonic()
        self.clock = WallClock(speed, BEGINS_AT)
        self.database = Database(database_url, Keyring.from_text(KEYS), self.clock)
        hire(self.database, staff, self.clock.now())
        self._delivery = HttpDelivery()
        self.exchange = Exchange(self.clock, self._delivery)
        api, public, static = free_port(), free_port(), free_port()
        self.public_url = f"http://127.0.0.1:{public}"
        self.fallback_url = f"http://127.0.0.1:{static}"
        self._server = _serving_rest(self.exchange, api)
        self._static = self._serving_files(static)
        self.both = [
            Sleeper(self._replica(database_url, folder / name, f"http://127.0.0.1:{api}")) for name in "ab"
        ]
        self._proxy = self._proxied(proxy, public)
        for sleeper in self.both:
            sleeper.replica.wait_until_alive(PATIENCE_OF_A_START)
        self.exchange.add_line(
            LINE,
            f"{self.public_url}/twilio/voice",
            fallback_url=start_address(self.fallback_url, self.database.keyring),
            fallback_method="GET",
            status_url=f"{self.public_url}/twilio/voice/status",
        )
        self.exchange.start()
        self.town = Town(self.exchange)

    def _replica(self, database_url: str, folder: Path, api_url: str) -> Replica:
        folder.mkdir()
        return Replica(
            database_url,
            folder,
            api_url,
            program=("tests.rough.serve", BEGINS_AT.isoformat(), str(self._reading)),
            HOTLINE_PUBLIC_URL=self.public_url,
            HOTLINE_CLOCK_SPEED=str(self.speed),
            HOTLINE_FALLBACK_URL=self.fallback_url,
            HOTLINE_FALLBACK_DIR=str(self.folder / "fallback"),
        )

    def _proxied(self, program: Path, port: int) -> subprocess.Popen[bytes]:
        first, second = (sleeper.replica.port for sleeper in self.both)
        places = {
            "HOTLINE_PROXY_LISTEN": f"127.0.0.1:{port}",
            "HOTLINE_PROXY_APP": f"127.0.0.1:{first}",
            "HOTLINE_PROXY_APP_2": f"127.0.0.1:{second}",
        }
        with (self.folder / "proxy.log").open("w") as log:
            command = [program, "-db", "-f", ROOT / "deploy" / "haproxy.cfg"]
            return subprocess.Popen(command, env=places, stdout=log, stderr=log)

    def _serving_files(self, port: int) -> ThreadingHTTPServer:
        folder = self.folder / "fallback"
        folder.mkdir()
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Files, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def close(self) -> None:
        """Stop everything."""
        self.exchange.close()
        for sleeper in self.both:
            sleeper.wake()
            sleeper.replica.close()
        self._proxy.kill()
        self._proxy.wait(10)
        self._server.should_exit = True
        self._static.shutdown()
        self._static.server_close()
        self._delivery.close()
        self.database.dispose()


class _Files(SimpleHTTPRequestHandler):
    """A host that knows nothing but files."""

    extensions_map = {".xml": "text/xml"}  # noqa: RUF012  # as its base declares it

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def _serving_rest(exchange: Exchange, port: int) -> uvicorn.Server:
    server = uvicorn.Server(
        uvicorn.Config(rest_app(exchange), host="127.0.0.1", port=port, log_level="error")
    )
    threading.Thread(target=server.run, daemon=True).start()
    return server


def hire(database: Database, staff: str, now: datetime) -> None:
    """Take people into the rota, on duty all night: lines of `name,phone,role,languages`."""
    begins, ends = (now + timedelta(hours=hours) for hours in (-1, 18))
    rows = [line.split(",") for line in staff.strip().splitlines()]
    shifts = [f"{phone},{role},{begins.isoformat()},{ends.isoformat()}" for _, phone, role, _ in rows]
    with database.transaction() as tx:
        import_people(tx, "name,phone,role,languages\n" + staff)
        import_shifts(tx, "\n".join(["phone,role,starts_at,ends_at", *shifts]))


def find_haproxy() -> Path | None:
    """Return where HAProxy is installed, or None."""
    found = shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    return Path(found) if found else None


@contextmanager
def two_replicas(
    database_url: str, folder: Path, proxy: Path, speed: float, staff: str
) -> Iterator[Replicas]:
    """Run two replicas for a while."""
    rig = Replicas(database_url, folder, proxy, speed, staff)
    try:
        yield rig
    finally:
        rig.close()
