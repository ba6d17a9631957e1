"""What is the pretend telephone exchange made of, and how is it driven?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from hotline.clock import Clock, ManualClock, WallClock
from hotline.simulator.agenda import Agenda
from hotline.simulator.behaviours import Behaviour
from hotline.simulator.dice import Dice
from hotline.simulator.drivers import Driver, VirtualDriver, WallDriver
from hotline.simulator.faults import Faults
from hotline.simulator.handset import Handset
from hotline.simulator.leg import Address, Leg, StatusCallback, Step
from hotline.simulator.program import Program
from hotline.simulator.rest import RestDesk
from hotline.simulator.rooms import Rooms
from hotline.simulator.script import life
from hotline.simulator.talks import Talks
from hotline.simulator.texts import Texts
from hotline.simulator.transcript import Entry, Transcript, Utterance
from hotline.simulator.twiml_reader import FetchFailed
from hotline.simulator.webhook_client import WebhookClient
from hotline.simulator.wire import Deliver, Outcome, WebRequest

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = str(12345)  # a made-up token: the one of the published signature vectors
SETUP_SECONDS = 1.0
"""From dialling out to the first ring."""


@dataclass(frozen=True)
class Line:
    """One number of the account and where its calls and texts are asked."""

    number: str
    voice: Address
    fallback: Address | None = None
    status: Address | None = None
    sms: Address | None = None
    sends_texts: bool = False
    name: str = "the line"
    sid: str = ""


@dataclass(frozen=True)
class Trouble:
    """A webhook that failed: Twilio's error code, the reason, the address."""

    moment: datetime
    code: int
    reason: str
    url: str
    call_sid: str


class Exchange:
    """Connect phones with the service, in virtual time (a ManualClock) or in real time (a WallClock).

    `deliver` performs one webhook. `settle` is called in virtual time after every event that reached
    the service. With `strict` a violation raises AssertionError at once, else it is only recorded.
    """

    def __init__(
        self,
        clock: Clock,
        deliver: Deliver,
        settle: Callable[[], None] | None = None,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
        seed: int = 0,
        strict: bool = False,
    ) -> None:
        self.clock, self.account_sid, self.auth_token, self.strict = clock, account_sid, auth_token, strict
        self.agenda = Agenda(clock)
        self.driver: Driver = self._driver(clock, deliver, settle or (lambda: None))
        self.lock = self.driver.lock
        self.faults = Faults(clock, seed)
        self.transcript = Transcript()
        self.client = WebhookClient(self)
        self.talks = Talks(self)
        self.rooms = Rooms(self)
        self.texts = Texts(self)
        self.desk = RestDesk(self)
        self.lines: dict[str, Line] = {}
        self.handsets: dict[str, Handset] = {}
        self.legs: dict[str, Leg] = {}
        self.violations: list[str] = []
        self.troubles: list[Trouble] = []
        self.webhooks: list[tuple[datetime, WebRequest]] = []
        self.caption: Callable[[str], str] = lambda url: f"sound {urlsplit(url).path.rsplit('/', 1)[-1]}"
        self.on_note: Callable[[Entry], object] = bool
        self._dice = Dice(seed)

    def _driver(self, clock: Clock, deliver: Deliver, settle: Callable[[], None]) -> Driver:
        if isinstance(clock, ManualClock):
            return VirtualDriver(clock, self.agenda, deliver, settle)
        speed = clock.speed if isinstance(clock, WallClock) else 1.0
        return WallDriver(clock, speed, self.agenda, deliver)

    # Set-up

    def add_line(self, number: str, voice_url: str, **more: str | bool) -> Line:
        """Give the account a number; `more` is fallback_url, fallback_method, status_url, sms_url, name."""
        line = Line(
            number=number,
            voice=Address(voice_url),
            fallback=_address(more.get("fallback_url"), more.get("fallback_method")),
            status=_address(more.get("status_url")),
            sms=_address(more.get("sms_url")),
            sends_texts=bool(more.get("sends_texts", "sms_url" in more)),
            name=str(more.get("name", "the line")),
            sid=self.random_id("PN"),
        )
        self.lines[number] = line
        return line

    def add_handset(self, name: str, number: str, behaviour: Behaviour | None = None) -> Handset:
        """Put a telephone into the world."""
        number = number.replace(" ", "")
        self.handsets[number] = handset = Handset(self, name, number, behaviour)
        return handset

    def line(self, number: str = "") -> Line:
        """Return a line by number; the first one when none is named."""
        return self.lines[number] if number else next(iter(self.lines.values()))

    def owned_numbers(self) -> frozenset[str]:
        """Return the numbers that may be shown as caller."""
        return frozenset(self.lines)

    def handset_at(self, number: str) -> Handset | None:
        """Return the phone with a number, or None."""
        return self.handsets.get(number)

    # Time

    @property
    def speed(self) -> float:
        """Return virtual seconds per real second of webhook time-outs (1 in virtual time)."""
        return self.driver.speed

    def now(self) -> datetime:
        """Return the moment of the exchange's clock."""
        return self.clock.now()

    def run_for(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.driver.run_until(lambda: False, seconds)

    def run_until(self, predicate: Callable[[], bool], limit: float) -> bool:
        """Let time pass until `predicate` holds, at most `limit` seconds; tell whether it does."""
        return self.driver.run_until(predicate, limit)

    def every(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something of the harness's own every `seconds`, as a ticker would."""

        def again() -> None:
            self.driver.touch()
            action()
            self.agenda.after(seconds, again)

        self.agenda.after(seconds, again)

    def start(self) -> "Exchange":
        """Begin to run by itself (real time only)."""
        self.driver.start()
        return self

    def close(self) -> None:
        """Stop running by itself."""
        self.driver.close()

    # Calls

    def new_leg(self, direction: str, shown: str, to: str, parent: Leg | None = None) -> Leg:
        """Open a leg between the exchange and a number."""
        sid = self.random_id("CA")
        leg = Leg(self, sid, direction, shown, to, self.handset_at(to), self.now(), parent=parent)
        self.legs[sid] = leg
        return leg

    def call_in(
        self, handset: Handset, line_number: str, shown: str, extra: dict[str, str], bare: bool
    ) -> Leg:
        """Let a phone call one of our lines: the line's voice address is asked at once."""
        line = self.line(line_number)
        leg = self.new_leg("inbound", shown, line.number)
        leg.handset, leg.extra, leg.bare, leg.fallback = handset, extra, bare, line.fallback
        leg.callback = StatusCallback(line.status) if line.status else None
        leg.status, leg.started_at = "ringing", self.now()
        leg.program = self.life_from(leg, Step(line.voice))
        handset.takes(leg)
        self.note("dial", handset.name, line.name)
        leg.start()
        return leg

    def life_from(self, leg: Leg, step: Step) -> Callable[[], Program[None]]:
        """Return the program of a leg that starts at `step`."""
        return lambda: life(leg, step)

    def ring(self, leg: Leg, timeout: float) -> None:
        """Dial out: the phone rings a second later, at most `timeout` seconds."""
        leg.started_at = self.now()
        leg.status = "ringing"
        leg.tell("initiated")
        leg.ring_ticket = self.agenda.after(SETUP_SECONDS, lambda: self._reach(leg, timeout))

    def _reach(self, leg: Leg, timeout: float) -> None:
        if leg.over:
            return
        if leg.handset is None:
            leg.finish("failed", 404)
            return
        busy = ("busy", 486) if leg.handset.leg is not None else None
        trouble = leg.handset.behaviour.unreachable() or busy
        if trouble is not None:
            leg.finish(*trouble)
            return
        leg.ring_ticket = self.agenda.after(timeout, lambda: leg.finish("no-answer", 487))
        leg.tell("ringing")
        leg.handset.rings(leg)

    def send(self, request: WebRequest, done: Callable[[Outcome], None]) -> None:
        """Send one webhook through the faults and the driver."""
        self.webhooks.append((self.now(), request))
        callback = request.purpose == "callback"
        fate = self.faults.for_webhook(request, callback, self._own_host())
        if fate.refused:
            self.agenda.after(0, lambda: done(Outcome(failure="refused")))
        elif fate.lost:
            self.agenda.after(request.connect_limit * self.speed, lambda: done(Outcome(failure="ct")))
        else:
            self.driver.perform(request, fate, done)

    def _own_host(self) -> str:
        return urlsplit(self.line().voice.url).netloc if self.lines else ""

    # Records

    def note(self, kind: str, who: str, text: str = "", utterance: Utterance | None = None) -> None:
        """Write one event into the transcript."""
        self.record(Entry(self.now(), kind, who, text, utterance))

    def record(self, entry: Entry) -> None:
        """Add one event to the transcript and tell whoever watches."""
        self.transcript.add(entry)
        self.on_note(entry)

    def violate(self, complaint: str) -> None:
        """Record that the service broke a rule of Twilio's."""
        self.violations.append(complaint)
        if self.strict:
            raise AssertionError(complaint)

    def fail(self, leg: Leg | None, failed: FetchFailed) -> None:
        """Record a webhook that failed."""
        sid = leg.sid if leg is not None else ""
        self.troubles.append(Trouble(self.now(), failed.code, failed.reason, failed.url, sid))
        if failed.defect:
            self.violate(f"{failed} ({failed.url})")

    def random_id(self, prefix: str) -> str:
        """Return a fresh id of 32 hex digits behind a prefix."""
        return prefix + self._dice.hexadecimal()

    def rest(
        self, method: str, url: str, headers: dict[str, str], form: Iterable[tuple[str, str]] = ()
    ) -> tuple[int, dict[str, object]]:
        """Perform one REST request as Twilio would; raise LostAnswer or Refused when a fault says so."""
        self.driver.touch()
        return self.desk.perform(method, url, headers, list(form))


def _address(url: str | bool | None, method: str | bool | None = None) -> Address | None:
    return Address(str(url), str(method or "POST")) if url else None
