"""How is everything started on this machine: service, exchange, page, each over real sockets?"""

import os
import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import FrameType, TracebackType

import uvicorn
from starlette.types import ASGIApp

from hotline.app import Service, assemble, load_keyring, load_service_profile
from hotline.clock import Deadline, WallClock
from hotline.database import Database, migrate
from hotline.demo.cast import import_cast
from hotline.demo.demo_clock import DemoClock
from hotline.demo.picture import Picture
from hotline.demo.routes import demo_app
from hotline.demo.stage import Stage
from hotline.errors import BadInput, HotlineError
from hotline.settings import Settings, load_settings
from hotline.simulator.exchange import ACCOUNT_SID, AUTH_TOKEN, Exchange
from hotline.simulator.transport import HttpDelivery

SMS_NUMBER = "+39 340 0000000"
LOOPBACK = "127.0.0.1"
_STARTS_WITHIN = 15.0
_CAPTIONS = {"ringing.wav": "tuu … tuu …", "soft.wav": "♪ …", "joining.wav": "♪"}


class Site:
    """One ASGI application behind one listening socket, in a thread of its own."""

    def __init__(self, app: ASGIApp, listening: socket.socket, name: str) -> None:
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=2, server_header=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name=name, daemon=True
        )

    def start(self) -> None:
        """Begin to answer; raise HotlineError when that does not come about."""
        self._thread.start()
        deadline, pause = Deadline(_STARTS_WITHIN), threading.Event()
        while not self._server.started:
            if deadline.passed() or not self._thread.is_alive():
                raise HotlineError(f"{self._thread.name} did not start; look at the lines above")
            pause.wait(0.01)

    def close(self) -> None:
        """Finish what is being answered and stop."""
        self._server.should_exit = True
        self._thread.join(5)


class Demo:
    """The whole service with its example rota and a pretend exchange, until it is closed."""

    def __init__(self, host: str = LOOPBACK, port: int = 0, start: datetime | None = None) -> None:
        self._closing = ExitStack()
        try:
            self._build(host, port, start)
        except BaseException:
            self._closing.close()
            raise

    def _build(self, host: str, port: int, start: datetime | None) -> None:
        folder = Path(
            self._closing.enter_context(
                tempfile.TemporaryDirectory(prefix="hotline-demo-", ignore_cleanup_errors=True)
            )
        )
        page, webhooks = _listen(host, port), _listen(LOOPBACK, 0)
        reached_at = LOOPBACK if host in ("0.0.0.0", "::", "") else host  # noqa: S104  # compared, not bound
        self.address = f"http://{_in_url(reached_at)}:{page.getsockname()[1]}/"
        self.settings = demo_settings(folder, self.address, webhooks.getsockname()[1])
        self.clock = DemoClock(WallClock(self.settings.clock_speed, start or self.settings.clock_start))
        self.service = self._assemble()
        self.exchange = self._exchange()
        self.stage = Stage(self.exchange)
        profile = self.service.board.profile
        picture = Picture(self.service, self.stage)
        self._run(Site(demo_app(self.stage, picture, self.clock, profile), page, "the demo page"))
        self._run(Site(self.service.app, webhooks, "the service"))

    def _assemble(self) -> Service:
        settings = self.settings
        migrate(settings.database)
        database = Database(settings.database, load_keyring(settings), self.clock)
        zone = load_service_profile(settings).service.timezone
        import_cast(database, self.clock.now(), zone)
        service = assemble(settings, self.clock, database=database)
        self._closing.callback(service.close)
        return service

    def _exchange(self) -> Exchange:
        delivery = HttpDelivery()
        self._closing.callback(delivery.close)
        exchange = Exchange(self.clock, delivery)
        exchange.driver.speed = self.settings.clock_speed
        board, public = self.service.board, self.settings.public_url
        exchange.add_line(
            board.line_number,
            f"{public}/twilio/voice",
            status_url=f"{public}/twilio/voice/status",
            sms_url="" if board.sms_number else f"{public}/twilio/sms",
            sends_texts=not board.sms_number,
        )
        if board.sms_number:
            exchange.add_line(
                board.sms_number, f"{public}/twilio/voice", sms_url=f"{public}/twilio/sms", name="texts"
            )
        exchange.caption = lambda url: _CAPTIONS.get(url.rsplit("/", 1)[-1], "♪ …")
        exchange.start()
        self._closing.callback(exchange.close)
        return exchange

    def _run(self, site: Site) -> None:
        self._closing.callback(site.close)
        site.start()

    def close(self) -> None:
        """Stop everything; the database of the demo is forgotten."""
        self._closing.close()

    def __enter__(self) -> "Demo":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def demo_settings(folder: Path, exchange_url: str, service_port: int) -> Settings:
    """Return the settings of the demo: whatever reaches outside this machine is replaced or switched off."""
    return load_settings(
        TWILIO_ACCOUNT_SID=ACCOUNT_SID,
        TWILIO_AUTH_TOKEN=AUTH_TOKEN,
        twilio_api_url=exchange_url,
        public_url=f"http://{LOOPBACK}:{service_port}",
        data_dir=folder,
        database_url="",
        secret_keys="",
        sms_number=SMS_NUMBER,
        allowed_countries="IT",
        reply_seconds=5.0,
        # Four people cannot cover two weeks: their coordinator need not hear it before anybody has dialled.
        gap_alarms=False,
        fallback_url="",
        fallback_dir=None,
        heartbeat_url="",
        alarm_email="",
        smtp_url="",
    )


def run_demo(host: str = LOOPBACK, port: int = 8090, open_browser: bool = True) -> int:
    """Start everything, print the address, and stop it all at Ctrl-C; raise BadInput for a port in use."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    with Demo(host, port) as demo:
        print(f"\n  The telephones are ready:  {demo.address}\n\n  Ctrl-C puts them all away.\n", flush=True)
        if open_browser and _has_screen():
            webbrowser.open(demo.address)
        while not stop.wait(0.5):
            pass
    return 0


def _has_screen() -> bool:
    """Tell whether a browser would open a window: without a screen some would take over the terminal."""
    return sys.platform in ("darwin", "win32") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise BadInput(
            f"cannot listen on {host} port {port} ({error.strerror}); choose another --port"
        ) from None
    listening.listen(128)
    return listening


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
