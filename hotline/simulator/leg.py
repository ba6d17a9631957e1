"""In which state is one leg, and what is the service told when it changes?"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from hotline.simulator.agenda import Ticket
from hotline.simulator.fields import status_fields
from hotline.simulator.program import HungUp, Program, Task

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange
    from hotline.simulator.handset import Handset

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
ALL_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


@dataclass(frozen=True)
class Address:
    """Where to ask, and how."""

    url: str
    method: str = "POST"


@dataclass(frozen=True)
class Step:
    """The next document of a leg: to be fetched from `address`, or already here as `twiml`."""

    address: Address | None = None
    fields: tuple[tuple[str, str], ...] = ()
    twiml: bytes | None = None


@dataclass(frozen=True)
class StatusCallback:
    """Who is told of which events."""

    address: Address
    events: frozenset[str] = frozenset({"completed"})


class Redirected(Exception):
    """The leg was sent to another document from outside."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step


def _nothing() -> None:
    return None


@dataclass(eq=False)
class Leg:
    """One call between the exchange and one phone."""

    exchange: "Exchange"
    sid: str
    direction: str
    from_field: str
    to_field: str
    handset: "Handset | None"
    created_at: datetime
    parent: "Leg | None" = None
    callback: StatusCallback | None = None
    fallback: Address | None = None
    time_limit: int = 14400
    extra: dict[str, str] = field(default_factory=dict)
    bare: bool = False
    program: Callable[[], Program[None]] | None = None
    on_answer: Callable[[], None] = _nothing
    on_over: Callable[[], None] = _nothing
    on_star: Callable[[], None] | None = None
    status: str = "queued"
    sip_code: int = 200
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    keys: deque[str] = field(default_factory=deque)
    keys_are_air: bool = False
    task: Task | None = None
    sequence: int = 0
    ring_ticket: Ticket | None = None
    limit_ticket: Ticket | None = None
    documents_now: tuple[datetime | None, int] = (None, 0)
    queue_seconds: float = 0.0

    @property
    def name(self) -> str:
        """Return the name of the phone at the other end."""
        return self.handset.name if self.handset else "an unknown phone"

    @property
    def over(self) -> bool:
        """Tell whether the leg has ended."""
        return self.status in OVER

    def tell(self, event: str) -> None:
        """Send the status callback of `event` if somebody asked for it."""
        if self.callback is None or event not in self.callback.events:
            return
        fields = status_fields(self, event, self.sequence)
        self.sequence += 1
        self.exchange.client.post_and_forget(self.callback.address, fields)

    def start(self) -> None:
        """Begin this leg's program."""
        if self.program is not None:
            self.task = Task(self.exchange.agenda, self.exchange.send, self.program()).start()

    def pick_up(self) -> None:
        """Let the phone answer: the leg's program begins."""
        if self.ring_ticket is not None:
            self.ring_ticket.cancel()
        self.go_live()
        self.tell("answered")
        self.on_answer()
        self.start()

    def go_live(self) -> None:
        """Turn a ringing leg into one in progress."""
        if self.answered_at is None and not self.over:
            self.status = "in-progress"
            self.answered_at = self.exchange.now()
            self.limit_ticket = self.exchange.agenda.after(self.time_limit, lambda: self.finish("completed"))

    def finish(self, status: str, sip_code: int = 200, by_owner: bool = False) -> None:
        """End the leg for good; its program is interrupted and those who asked are told."""
        if self.over:
            return
        was = self.status
        self.status, self.sip_code, self.ended_at = status, sip_code, self.exchange.now()
        for ticket in (self.ring_ticket, self.limit_ticket):
            if ticket is not None:
                ticket.cancel()
        self._free_phone(was, by_owner)
        if self.task is not None:
            self.task.interrupt(HungUp())
        if was != "queued" or self.direction != "outbound-api":
            self.tell("completed")
        self.on_over()

    def redirect(self, step: Step) -> None:
        """Send a live leg to another document."""
        if self.task is not None and self.task.begun:
            self.task.interrupt(Redirected(step))
        elif self.task is not None:
            self.task.stop()
            self.program = self.exchange.life_from(self, step)
            self.start()

    def press(self, key: str) -> None:
        """Take a key: for whoever listens, else the next Gather; in a conversation it is only a sound."""
        if key == "*" and self.on_star is not None:
            self.on_star()
        elif not self.keys_are_air and not (self.task and self.task.press(key)):
            self.keys.append(key)

    def _free_phone(self, was: str, by_owner: bool) -> None:
        if self.handset is None or self.handset.leg is not self:
            return
        self.handset.leg = None
        ended_by_hand = by_owner or (was == "ringing" and self.status == "busy")
        if was == "ringing" and self.direction != "inbound":
            if self.status != "busy":
                self.exchange.note("ring_end", self.name, self.status)
        elif not ended_by_hand:
            self.exchange.note("dropped", self.name)
