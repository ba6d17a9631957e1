"""How does a test start a real replica, and a slow Twilio for it to talk to?"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import httpx

from hotline.simulator.exchange import ACCOUNT_SID, AUTH_TOKEN
from hotline.simulator.signing import sign
from tests.guards.files import ROOT

KEYS = "a1" * 32
CALL_SID = "CA" + "0" * 32


class SlowTwilio:
    """Accept every REST call, after a while; remember what was asked."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.asked: list[dict[str, str]] = []
        self.rung_at: list[float] = []
        slow = self

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                slow.asked.append(form)
                if "To" in form:
                    slow.rung_at.append(time.monotonic())
                time.sleep(slow.seconds)
                answer = json.dumps({"sid": f"CA{len(slow.asked):032}", "status": "queued"}).encode()
                self.send_response(201)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def rung(self) -> list[str]:
        """Return the numbers that were rung, in order."""
        return [form["To"] for form in self.asked if "To" in form]

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


class Replica:
    """A real `hotline serve`."""

    def __init__(
        self,
        database_url: str,
        folder: Path,
        twilio_url: str,
        program: Sequence[str] = ("hotline",),
        **more: str,
    ) -> None:
        self.program = program
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "HOTLINE_TWILIO_API_URL": twilio_url,
            "HOTLINE_PUBLIC_URL": self.url,
            "HOTLINE_DATABASE_URL": database_url,
            "HOTLINE_DATA_DIR": str(folder / "var"),
            "HOTLINE_SECRET_KEYS": KEYS,
            # The rotas of these tests have gaps on purpose: nobody's phone is to ring for that.
            "HOTLINE_GAP_ALARMS": "no",
            **more,
        }
        self.folder = folder
        self.log = folder / "serve.log"
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        with self.log.open("a") as written:
            return subprocess.Popen(
                [sys.executable, "-m", *self.program, "serve", "--port", str(self.port)],
                cwd=self.folder,
                env=self.environment,
                stderr=written,
                stdout=written,
            )

    def start_again(self, **changed: str) -> None:
        """Start a process in the place of one that is gone, with some settings changed."""
        self.environment |= changed
        self.process = self._started()

    def wait_until_alive(self, within: float = 50.0) -> None:
        """Wait for the first answer."""
        ends = time.monotonic() + within
        while time.monotonic() < ends and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/health/live", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError(f"the replica did not start:\n{self.log.read_text()}")

    def webhook(self, path: str, *form: tuple[str, str]) -> httpx.Response:
        """Send a signed webhook, as Twilio would."""
        fields = {"CallSid": CALL_SID, "AccountSid": ACCOUNT_SID, "From": "+393400000099", **dict(form)}
        url = f"{self.url}{path}"
        signed = {"X-Twilio-Signature": sign(AUTH_TOKEN, url, fields.items())}
        return httpx.post(url, data=fields, headers=signed, timeout=10)

    def terminate(self) -> None:
        """Ask it to leave, as a container engine does."""
        self.process.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Make sure that it is gone."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)


@contextmanager
def serving(database_url: str, folder: Path, twilio_url: str, **more: str) -> Iterator[Replica]:
    """Run a replica for the length of a test."""
    replica = Replica(database_url, folder, twilio_url, **more)
    try:
        replica.wait_until_alive()
        yield replica
    finally:
        replica.close()


def command(replica: Replica, *words: str, code: int = 0) -> str:
    """Run `hotline` beside the replica, on the same database; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "hotline", *words],
        cwd=replica.folder,
        env=replica.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
