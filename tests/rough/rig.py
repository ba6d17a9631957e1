"""How is a call played roughly: real processes, real sockets, a faster clock, and a kill in the middle?"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from hotline.clock import WallClock
from hotline.simulator.exchange import Exchange
from hotline.simulator.phones import Town
from hotline.simulator.rest_app import rest_app
from hotline.simulator.transport import HttpDelivery
from hotline.simulator.wire import Refused, WebRequest, WebResponse
from tests.operations.replica import Replica

LINE = "+39078133000"
SPEED = 4.0
HELD_FOR = 10.0


class HoldingDelivery:
    """Hold a webhook that nobody accepts for up to ten seconds, as the proxy before the service does."""

    def __init__(self) -> None:
        self._plain = HttpDelivery()

    def __call__(self, request: WebRequest) -> WebResponse:
        """Perform one webhook, again and again while the service is away."""
        gives_up = time.monotonic() + HELD_FOR
        while True:
            try:
                return self._plain(request)
            except Refused:
                if time.monotonic() > gives_up:
                    raise
                time.sleep(0.1)

    def close(self) -> None:
        """Close the connections."""
        self._plain.close()


class RoughRig:
    """One real replica that can be killed and started again, and an exchange in real time around it."""

    def __init__(self, database_url: str, folder: Path, port: int) -> None:
        self._database_url, self._folder = database_url, folder
        self.clock = WallClock(SPEED, datetime.now(UTC))
        self._delivery = HoldingDelivery()
        self.exchange = Exchange(self.clock, self._delivery)
        self.api_url = f"http://127.0.0.1:{port}"
        self.server = uvicorn.Server(
            uvicorn.Config(rest_app(self.exchange), host="127.0.0.1", port=port, log_level="error")
        )
        threading.Thread(target=self.server.run, daemon=True).start()
        self.replica = self._begin()
        self.exchange.add_line(
            LINE,
            f"{self.replica.url}/twilio/voice",
            status_url=f"{self.replica.url}/twilio/voice/status",
        )
        self.exchange.start()
        self.town = Town(self.exchange)

    def _begin(self, **more: str) -> Replica:
        replica = Replica(
            self._database_url,
            self._folder,
            self.api_url,
            HOTLINE_CLOCK_SPEED=str(SPEED),
            HOTLINE_CLOCK_START=self.clock.now().isoformat(),
            **more,
        )
        replica.wait_until_alive()
        return replica

    def kill_and_start_again(self) -> None:
        """Kill the process without a word, and start another in its place."""
        self.replica.process.kill()
        self.replica.process.wait(10)
        self.replica.start_again(HOTLINE_CLOCK_START=self.clock.now().isoformat())
        self.replica.wait_until_alive()

    def close(self) -> None:
        """Stop everything."""
        self.exchange.close()
        self.replica.close()
        self.server.should_exit = True
        self._delivery.close()


@contextmanager
def rough(database_url: str, folder: Path, port: int) -> Iterator[RoughRig]:
    """Run a rough rig for the length of a test."""
    rig = RoughRig(database_url, folder, port)
    try:
        yield rig
    finally:
        rig.close()
