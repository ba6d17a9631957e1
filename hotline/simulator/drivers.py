"""Who turns the exchange's clockwork: a test in virtual time, or a thread in real time?"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from types import TracebackType
from typing import Any, Protocol

from hotline.clock import Clock, Deadline, ManualClock
from hotline.simulator.agenda import Agenda, Ticket
from hotline.simulator.faults import WebhookFate
from hotline.simulator.wire import Deliver, Outcome, Refused, TimedOut, WebRequest

Done = Callable[[Outcome], None]
LOOK_EVERY = 0.5
"""Virtual seconds between two looks at a condition, so that words count as they are spoken."""


class Driver(Protocol):
    """Make time pass and perform webhooks."""

    lock: AbstractContextManager[Any]
    speed: float

    def perform(self, request: WebRequest, fate: WebhookFate, done: Done) -> None:
        """Perform one webhook and report its outcome as a later event."""

    def run_until(self, predicate: Callable[[], bool], limit: float) -> bool:
        """Let at most `limit` virtual seconds pass until `predicate` holds; tell whether it does."""
        ...

    def touch(self) -> None:
        """Remember that the service was reached."""

    def pass_time(self, seconds: float) -> None:
        """Let `seconds` of virtual time pass within a REST request."""

    def start(self) -> None:
        """Begin to run by itself, where that makes sense."""

    def close(self) -> None:
        """Stop running by itself."""


class _Once:
    """Report the first of several possible outcomes of one webhook."""

    def __init__(self, done: Done) -> None:
        self._done, self._over = done, False
        self.limit: Ticket | None = None

    def __call__(self, outcome: Outcome) -> None:
        if not self._over:
            self._over = True
            if self.limit is not None:
                self.limit.cancel()
            self._done(outcome)


def attempt(deliver: Deliver, request: WebRequest) -> Outcome:
    """Perform one webhook and name its failure."""
    try:
        return Outcome(deliver(request))
    except Refused:
        return Outcome(failure="refused")
    except TimedOut as late:
        return Outcome(failure=late.stage)


class VirtualDriver:
    """Advance a ManualClock from event to event, everything in the calling thread."""

    speed = 1.0

    def __init__(
        self, clock: ManualClock, agenda: Agenda, deliver: Deliver, settle: Callable[[], None]
    ) -> None:
        self._clock, self._agenda, self._deliver, self._settle = clock, agenda, deliver, settle
        self._touched = False
        self.lock: AbstractContextManager[Any] = nullcontext()

    def touch(self) -> None:
        """Let the settle hook run after this event."""
        self._touched = True

    def pass_time(self, seconds: float) -> None:
        """Let happen what falls due meanwhile, but no other outward act: this one is still on its way."""
        end = self._clock.now() + timedelta(seconds=seconds)
        while (moment := self._agenda.next_moment()) is not None and moment <= end:
            self._clock.set(max(moment, self._clock.now()))
            if (ticket := self._agenda.take_due(moment)) is not None:
                ticket.action()
        self._clock.set(max(end, self._clock.now()))

    def perform(self, request: WebRequest, fate: WebhookFate, done: Done) -> None:
        """Deliver inline at the right moment; the answer counts unless the read limit came first."""
        once = _Once(done)
        timed_out = Outcome(failure="rt")
        once.limit = self._agenda.after(request.read_limit, lambda: once(timed_out))
        self._agenda.after(fate.delay, lambda: self._deliver_now(request, fate, once))

    def _deliver_now(self, request: WebRequest, fate: WebhookFate, once: _Once) -> None:
        self.touch()
        outcome = attempt(self._deliver, request)
        for _ in range(fate.copies):
            outcome = attempt(self._deliver, request)
        took = outcome.response.seconds if outcome.response else 0.0
        self._agenda.after(took + fate.seconds, lambda: once(outcome))

    def run_until(self, predicate: Callable[[], bool], limit: float) -> bool:
        """Advance from event to event, looking at least every half second."""
        deadline = self._clock.now() + timedelta(seconds=limit)
        while True:
            self._run_due()
            if predicate():
                return True
            now = self._clock.now()
            if now >= deadline:
                return False
            look = min(deadline, now + timedelta(seconds=LOOK_EVERY))
            moment = self._agenda.next_moment()
            self._clock.set(max(now, min(look, moment or look)))

    def _run_due(self) -> None:
        while True:
            if self._touched:
                self._touched = False
                self._settle()
            ticket = self._agenda.take_due(self._clock.now())
            if ticket is None:
                if not self._touched:
                    return
                continue
            ticket.action()

    def start(self) -> None:
        """Nothing runs by itself in virtual time."""

    def close(self) -> None:
        """Nothing runs by itself in virtual time."""


class _Watch:
    """Keep an error that would otherwise die unseen with its thread."""

    def __init__(self, driver: "WallDriver") -> None:
        self._driver = driver

    def __enter__(self) -> None:
        """Begin to watch."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None:
            self._driver.break_down(error)
        return True


class WallDriver:
    """Run events in a thread at their real moments; webhooks run in a pool so that none blocks another."""

    def __init__(self, clock: Clock, speed: float, agenda: Agenda, deliver: Deliver) -> None:
        self._clock, self.speed, self._agenda, self._deliver = clock, speed, agenda, deliver
        self._changed = threading.Condition(threading.RLock())
        self.lock: AbstractContextManager[Any] = self._changed
        self._pool = ThreadPoolExecutor(max_workers=64, thread_name_prefix="exchange-webhook")
        self._thread: threading.Thread | None = None
        self._closing = False
        self._watch = _Watch(self)
        self.failure: BaseException | None = None
        agenda.on_change = self._wake

    def break_down(self, error: BaseException) -> None:
        """Stop, and keep the error for whoever closes the exchange."""
        with self._changed:
            self.failure, self._closing = error, True
            self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def touch(self) -> None:
        """Nothing to settle: a real service does its own work."""

    def pass_time(self, seconds: float) -> None:
        """Wait on the wall clock, outside the lock."""
        threading.Event().wait(seconds / self.speed)

    def start(self) -> None:
        """Start the thread that runs the events."""
        self._thread = threading.Thread(target=self._run, name="exchange", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and the pool."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(5)
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        with self._changed:
            while not self._closing:
                ticket = self._agenda.take_due(self._clock.now())
                if ticket is None:
                    self._changed.wait(self._real_seconds_to_next())
                    continue
                with self._watch:
                    ticket.action()
                self._changed.notify_all()

    def _real_seconds_to_next(self) -> float:
        moment = self._agenda.next_moment()
        if moment is None:
            return 1.0
        return max(0.0005, min(1.0, (moment - self._clock.now()).total_seconds() / self.speed))

    def perform(self, request: WebRequest, fate: WebhookFate, done: Done) -> None:
        """Hand the webhook to the pool, copies at the same time; its answer comes back as an event."""
        once = _Once(done)
        self._agenda.after(fate.delay, lambda: self._submit(request, fate, once))

    def _submit(self, request: WebRequest, fate: WebhookFate, once: _Once) -> None:
        if self._closing:
            return
        for _ in range(fate.copies):
            self._pool.submit(attempt, self._deliver, request)
        self._pool.submit(self._work, request, fate, once)

    def _work(self, request: WebRequest, fate: WebhookFate, once: _Once) -> None:
        with self._watch:
            outcome = attempt(self._deliver, request)
            with self._changed:
                self._agenda.after(fate.seconds, lambda: once(outcome))

    def run_until(self, predicate: Callable[[], bool], limit: float) -> bool:
        """Wait until `predicate` holds or `limit` virtual seconds are over."""
        deadline = Deadline(limit / self.speed)
        with self._changed:
            while not predicate():
                if deadline.passed() or self.failure is not None:
                    return predicate()
                self._changed.wait(min(0.02, limit / self.speed))
            return True
