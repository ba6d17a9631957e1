"""How is a call played in one process, in virtual time, so that it can be replayed exactly?"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from hotline.app import Service, assemble
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.settings import Settings
from hotline.simulator.exchange import ACCOUNT_SID, AUTH_TOKEN, Exchange
from hotline.simulator.phones import Town
from hotline.simulator.transport import ExchangeTransport
from hotline.simulator.wire import Refused, WebRequest, WebResponse
from hotline.timetable import Job

PUBLIC_URL = "https://hotline.example.org"
_MOST_ROUNDS = 200


class InProcess:
    """Deliver webhooks straight into an ASGI application, through a loop of its own."""

    def __init__(self) -> None:
        self.app: object | None = None
        self.elsewhere: dict[str, Callable[[WebRequest], WebResponse]] = {}
        """Other hosts than ours, by name, and who answers there."""
        self._starting = start_blocking_portal()
        self._portal: BlockingPortal = self._starting.__enter__()

    def __call__(self, request: WebRequest) -> WebResponse:
        """Perform one webhook; an application that is switched off refuses."""
        host = urlsplit(request.url).netloc
        if host in self.elsewhere:
            return self.elsewhere[host](request)
        if self.app is None:
            raise Refused
        return self._portal.call(self._deliver, self.app, request)

    async def _deliver(self, app: object, request: WebRequest) -> WebResponse:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]  # an ASGI app
        async with httpx.AsyncClient(transport=transport) as client:
            answer = await client.request(
                request.method, request.url, headers=list(request.headers), content=request.body
            )
        return WebResponse(answer.status_code, answer.content, dict(answer.headers))

    def close(self) -> None:
        """Stop the loop."""
        self._starting.__exit__(None, None, None)


class Rig:
    """One replica, one exchange, one clock that only the story moves; acts and jobs run when it says so."""

    def __init__(
        self, database: Database, clock: ManualClock, folder: Path, seed: int = 0, **settings: object
    ) -> None:
        self._delivery = InProcess()
        self.clock = clock
        self._will_ring = False
        self.background_hangs = False
        """Acts and jobs stand still, as their threads do while the database is frozen."""
        self.exchange = Exchange(clock, self._delivery, self.settle, seed=seed)
        given: dict[str, object] = {
            "twilio_account_sid": ACCOUNT_SID,
            "twilio_auth_token": AUTH_TOKEN,
            "twilio_api_url": "http://127.0.0.1:8090",
            "public_url": PUBLIC_URL,
            "data_dir": folder,
            "reply_seconds": 5.0,
            **settings,
        }
        self._settings = Settings.model_validate({**_DEFAULTS, **given})
        self._database = database
        self.service: Service = self._assemble()
        self.line = self.service.board.line_number
        sms = self.service.board.sms_number
        self.exchange.add_line(
            self.line,
            f"{PUBLIC_URL}/twilio/voice",
            status_url=f"{PUBLIC_URL}/twilio/voice/status",
            sms_url="" if sms else f"{PUBLIC_URL}/twilio/sms",
            sends_texts=not sms,
        )
        if sms:
            self.exchange.add_line(
                sms, f"{PUBLIC_URL}/twilio/voice", sms_url=f"{PUBLIC_URL}/twilio/sms", name="texts"
            )
        self.exchange.caption = self._caption
        self.town = Town(self.exchange)
        for job in self.service.timetable.jobs:
            self.exchange.every(job.every_seconds, self._tick(job.name))

    def _assemble(self) -> Service:
        service = assemble(
            self._settings, self.clock, ExchangeTransport(self.exchange), self._database, threads=False
        )
        self._delivery.app = service.app
        service.pool.wake()
        return service

    def _tick(self, name: str) -> Callable[[], None]:
        def tick() -> None:
            if self._delivery.app is not None and not self.background_hangs:
                job: Job = next(job for job in self.service.timetable.jobs if job.name == name)
                job.run()

        return tick

    def settle(self) -> None:
        """Carry out every outward act that is due, when the pool has been woken, as its threads would."""
        if self._delivery.app is None or self.background_hangs or not self.service.pool.was_woken():
            return
        for _ in range(_MOST_ROUNDS):
            if not self.service.pool.run_one():
                break
        self._ring_when_it_may()

    def _ring_when_it_may(self) -> None:
        """Wake up when the next ring may leave, as the threads of a real replica do."""
        pool = self.service.pool
        if pool.rings_held and not self._will_ring:
            self._will_ring = True
            self.exchange.agenda.after(pool.pace.seconds(), self._ring_now)

    def _ring_now(self) -> None:
        self._will_ring = False
        self.service.pool.wake()
        self.exchange.driver.touch()

    def serve_elsewhere(self, host: str, answer: Callable[[WebRequest], WebResponse]) -> None:
        """Let another host than ours answer, whatever becomes of us."""
        self._delivery.elsewhere[host] = answer

    def switch_off(self) -> None:
        """Stop the service in the middle of whatever it does."""
        self._delivery.app = None

    def switch_on(self) -> None:
        """Start a fresh replica on the same database."""
        self.service.line.close()
        self.service = self._assemble()

    def _caption(self, url: str) -> str:
        name = url.rsplit("/", 1)[-1]
        return {"ringing.wav": "tuu …", "soft.wav": "♪ …"}.get(name, f"[{name}]")

    def close(self) -> None:
        """Let go of everything but the database."""
        self.exchange.close()
        self.service.line.close()
        self._delivery.close()

    def __enter__(self) -> "Rig":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_DEFAULTS: dict[str, object] = {}
