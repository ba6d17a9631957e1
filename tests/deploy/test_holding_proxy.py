"""Does a restart of the hotline cost a caller seconds instead of the call? Real HAProxy, our own file."""

import http.client
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import skip_or_fail

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "haproxy.cfg"
SIGNED = {"X-Twilio-Signature": "c2lnbmVk", "Content-Type": "application/x-www-form-urlencoded"}

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("real seconds")]


class Replica:
    """A pretend replica that can be started, killed, frozen, and made to die in mid-request."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port = name, port
        self.heard: list[str] = []
        self.came_from: list[list[str]] = []
        self.frozen = False
        self.dies_in_mid_request = False
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        replica = self

        class Turn(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(b"alive")

            def do_POST(self) -> None:
                replica.came_from.append(self.headers.get_all("X-Forwarded-For", []))
                replica.heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                if replica.dies_in_mid_request:
                    replica.dies_in_mid_request = False
                    self.close_connection = True
                    return
                self._say(f"<Response/> from {replica.name}".encode())

            def _say(self, body: bytes) -> None:
                if replica.frozen:
                    time.sleep(8)
                    self.close_connection = True
                    return
                with suppress(ConnectionError):  # a check of the proxy closes as soon as it knows enough
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Turn)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def kill(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def replica() -> Iterator[Replica]:
    made = Replica("the first replica", free_port())
    made.start()
    yield made
    made.kill()


@pytest.fixture
def second_replica() -> Iterator[Replica]:
    made = Replica("the second replica", free_port())
    yield made
    made.kill()


@pytest.fixture
def proxy(replica: Replica, second_replica: Replica, tmp_path: Path) -> Iterator[int]:
    if (program := shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")) is None:
        skip_or_fail("HAProxy is not installed (apt install haproxy)", "REQUIRE_HAPROXY")
        return
    port = free_port()
    places = {
        "HOTLINE_PROXY_LISTEN": f"127.0.0.1:{port}",
        "HOTLINE_PROXY_APP": f"127.0.0.1:{replica.port}",
        "HOTLINE_PROXY_APP_2": f"127.0.0.1:{second_replica.port}",
    }
    with (tmp_path / "proxy.log").open("w") as log:
        running = subprocess.Popen([program, "-db", "-f", CONFIGURATION], env=places, stdout=log, stderr=log)
        wait_until(lambda: accepts(port) or running.poll() is not None, "the proxy listens")
        assert running.poll() is None, (tmp_path / "proxy.log").read_text()
        yield port
        running.kill()
        running.wait()


def test_webhook_sent_while_the_hotline_restarts_is_held_and_answered(proxy: int, replica: Replica) -> None:
    assert post(proxy, "before") == (200, "<Response/> from the first replica")
    replica.kill()

    with sent_aside(proxy, "a caller presses 1") as waiting:
        time.sleep(7)
        assert waiting.reply is None
        replica.start()
        assert waiting.result() == (200, "<Response/> from the first replica")
    assert replica.heard == ["before", "a caller presses 1"]


def test_webhook_is_held_also_when_the_restart_was_noticed_long_ago(proxy: int, replica: Replica) -> None:
    replica.kill()
    time.sleep(5)  # every check has failed by now: the replica counts as down

    with sent_aside(proxy, "a new call") as waiting:
        time.sleep(3)
        replica.start()
        assert waiting.result() == (200, "<Response/> from the first replica")


def test_hotline_that_stays_down_is_given_up_after_ten_seconds(proxy: int, replica: Replica) -> None:
    replica.kill()
    began = time.monotonic()

    status, _ = post(proxy, "nobody is there", patience=20)

    assert status == 503
    assert 8 < time.monotonic() - began < 14


def test_frozen_replica_is_given_up_after_three_seconds(
    proxy: int, replica: Replica, second_replica: Replica
) -> None:
    second_replica.start()
    wait_until(lambda: "from the second" in post(proxy, "warm")[1], "both replicas are in use")
    replica.frozen = True
    began = time.monotonic()

    answers = [post(proxy, f"turn {n}") for n in range(2)]  # one of them meets the frozen one

    assert answers == [(200, "<Response/> from the second replica")] * 2
    assert time.monotonic() - began < 7


def test_signed_webhook_cut_off_in_the_middle_is_repeated(proxy: int, replica: Replica) -> None:
    replica.dies_in_mid_request = True

    assert post(proxy, "turn=7") == (200, "<Response/> from the first replica")
    assert replica.heard == ["turn=7", "turn=7"]


def test_unsigned_request_that_reached_the_hotline_is_never_repeated(proxy: int, replica: Replica) -> None:
    replica.dies_in_mid_request = True

    status, _ = post(proxy, "note=something", headers={})

    assert status == 502
    assert replica.heard == ["note=something"]


def test_forged_signature_opens_only_what_twilio_calls(proxy: int, replica: Replica) -> None:
    replica.dies_in_mid_request = True

    status, _ = post(proxy, "publish", path="/api/v1/rota/publish")

    assert status == 502
    assert replica.heard == ["publish"]


def test_nobody_says_for_themselves_where_they_come_from(proxy: int, replica: Replica) -> None:
    post(proxy, "a wrong token", headers={"X-Forwarded-For": "192.0.2.7"})

    assert replica.came_from == [["127.0.0.1"]]


@pytest.mark.parametrize("path", ["/metrics", "/%6detrics"])
def test_figures_are_for_those_inside_however_the_path_is_written(
    proxy: int, replica: Replica, path: str
) -> None:
    assert post(proxy, "", path=path)[0] == 404
    assert replica.heard == []


class Waiting:
    """A request on its way, sent from another thread."""

    def __init__(self, port: int, body: str) -> None:
        self.reply: tuple[int, str] | None = None
        self._thread = threading.Thread(target=self._send, args=(port, body))
        self._thread.start()

    def _send(self, port: int, body: str) -> None:
        self.reply = post(port, body)

    def result(self) -> tuple[int, str] | None:
        self._thread.join(timeout=15)
        return self.reply


@contextmanager
def sent_aside(port: int, body: str) -> Iterator[Waiting]:
    waiting = Waiting(port, body)
    yield waiting
    waiting.result()


def post(
    port: int,
    body: str,
    headers: dict[str, str] = SIGNED,
    patience: float = 15,
    path: str = "/twilio/voice",
) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("POST", path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 8) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s until {what}"
        time.sleep(0.1)


def test_secret_address_of_a_calendar_is_not_in_the_log(proxy: int, replica: Replica, tmp_path: Path) -> None:
    for path in ("/feeds/secret-of-anna.ics", "/health/live"):
        asked = http.client.HTTPConnection("127.0.0.1", proxy, timeout=20)
        asked.request("GET", path)
        assert asked.getresponse().status == 200
        asked.close()
    log = tmp_path / "proxy.log"
    wait_until(lambda: "GET /health/live" in log.read_text(), "the second request is in the log")
    assert "secret-of-anna" not in log.read_text()
