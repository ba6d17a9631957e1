"""Who carries out the outward acts? A few threads, woken by commits, swept by the ticker."""

import logging
import threading
from collections.abc import Mapping
from contextlib import suppress

from hotline.clock import Deadline
from hotline.database import Database, Transaction
from hotline.errors import BadInput
from hotline.telephony import acts, rest_health
from hotline.telephony.acts import Act, ActKind, ActState, Outcome, Settler, Wanted
from hotline.telephony.line import (
    AlreadyOver,
    Line,
    LineError,
    NotNow,
    NumberRefused,
    OutcomeUnknown,
    WrongCredentials,
)
from hotline.telephony.ring_pace import RingPace

log = logging.getLogger(__name__)

_MOST_ATTEMPTS = 3
_LOOK_UP_AFTER = 2.0
_PAUSE_BEFORE_REPEAT = 1.0


class _AnotherRang(Exception):
    """Another replica took the turn of the ring that was just claimed: the claim is given back."""


class ActPool:
    """Perform acts one request each, with no transaction open meanwhile; settle each in its own.

    `settlers` maps a purpose to the function that stores what the outcome means for its feature, `wanted`
    to the one that tells whether an act that did not come about is worth another try.
    """

    def __init__(
        self,
        database: Database,
        line: Line,
        settlers: Mapping[str, Settler],
        lease_seconds: float = acts.LEASE_SECONDS,
        wanted: Mapping[str, Wanted] | None = None,
        pace: RingPace | None = None,
    ) -> None:
        self.pace = pace or RingPace(database.clock)
        self.rings_held = False
        """Rings are due, but the last one left less than a moment ago."""
        self._wanted = wanted or {}
        self._database = database
        self._line = line
        self._settlers = settlers
        self._lease = lease_seconds
        self._woken = threading.Semaphore(0)
        self._claiming = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._stopping: Deadline | None = None
        database.subscribe(acts.SIGNAL, self.wake)

    def start(self, workers: int = 3) -> None:
        """Start the threads."""
        for number in range(workers):
            thread = threading.Thread(target=self._work, name=f"acts-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)
        self.wake()

    def stop(self, patience: float = 3.5) -> None:
        """Send what is due and settle what is being sent, all within `patience` seconds, and stop.

        Whatever is then left is a row: another replica, or the next start, takes it up.
        """
        self._stopping = deadline = Deadline(patience)
        for _ in self._threads:
            self._woken.release()
        for thread in self._threads:
            thread.join(deadline.left())
        self._threads.clear()

    def wake(self) -> None:
        """Let the threads look for work."""
        for _ in range(max(1, len(self._threads))):
            self._woken.release()

    def was_woken(self) -> bool:
        """Tell whether there may be work since this was last asked; for whoever drives it without threads."""
        woken = False
        while self._woken.acquire(blocking=False):
            woken = True
        return woken

    def run_one(self) -> bool:
        """Perform the most urgent act that is due and may leave; False when there is none."""
        act = self._claim()
        if act is None:
            return False
        self._finish(act, self._perform(act), tried=True)
        return True

    def _claim(self) -> Act | None:
        with self._database.reading() as tx:
            due = acts.kinds_due(tx)
        with self._claiming:
            may_ring = self.pace.is_free()
            self.rings_held = ActKind.RING in due and not may_ring
            if not due or (self.rings_held and due == {ActKind.RING}):
                return None
            with suppress(_AnotherRang), self._database.transaction() as tx:
                act = acts.claim_next(tx, self._lease, may_ring)
                if act is not None and act.kind == ActKind.RING and not self.pace.take(tx):
                    raise _AnotherRang
                return act
            # This one waits its turn; whatever else is due does not.
            self.rings_held = True
            with self._database.transaction() as tx:
                return acts.claim_next(tx, self._lease, rings=False)

    def sweep(self) -> None:
        """Look up lost outcomes, take over from dead workers, and wake the threads for what is due."""
        with self._database.reading() as tx:
            unsure = acts.is_any_unsure(tx)
        if unsure:
            with self._database.transaction() as tx:
                acts.expire_leases(tx)
            # When nothing can be looked up REST is not there: the next sweep tries again.
            while self._resolve_one():
                pass
        self.wake()

    def _work(self) -> None:
        while self._stopping is None:
            self._woken.acquire(timeout=self.pace.real_seconds() if self.rings_held else None)
            try:
                while not self._time_is_up() and self.run_one():
                    pass
            except Exception:
                log.exception("an outward act could not be worked on; the ticker sweeps it")

    def _time_is_up(self) -> bool:
        return self._stopping is not None and self._stopping.passed()

    def _perform(self, act: Act) -> Outcome | None:
        """Send one request; None means: nothing happened, try again."""
        try:
            return Outcome(ActState.DONE, answer=_send(self._line, act))
        except AlreadyOver as error:
            return Outcome(ActState.FAILED, answer="over", error=str(error.code))
        except NotNow as error:
            if act.attempts < _MOST_ATTEMPTS and act.kind != ActKind.REDIRECT:
                return None
            return Outcome(ActState.FAILED, error=str(error.code or "unreachable"), reached=False)
        except OutcomeUnknown as error:
            return Outcome(ActState.UNKNOWN, error=str(error.code or acts.ANSWER_LOST), reached=False)
        except WrongCredentials:
            return Outcome(ActState.FAILED, error="wrong credentials", reached=False)
        except (NumberRefused, BadInput):
            return Outcome(ActState.FAILED, error="number refused", reached=None)
        except LineError as error:
            return Outcome(ActState.FAILED, error=str(error.code or "refused"))

    def _finish(self, act: Act, outcome: Outcome | None, tried: bool = False) -> None:
        with self._database.transaction() as tx:
            if outcome is None and not self._wanted.get(act.purpose, _always)(tx, act):
                outcome = Outcome(ActState.CANCELED, reached=False)
            if outcome is None:
                acts.put_back(tx, act, _PAUSE_BEFORE_REPEAT)
            elif outcome.state == ActState.UNKNOWN and act.kind in (ActKind.RING, ActKind.HANG_UP):
                acts.doubt(tx, act, outcome.error, _LOOK_UP_AFTER)
            elif acts.settle(tx, act, outcome):
                self._settlers[act.purpose](tx, act, outcome)
            # Last: whoever holds this row waits for no call.
            if tried:
                _count(tx, outcome)

    def _resolve_one(self) -> bool:
        with self._claiming, self._database.transaction() as tx:
            act = acts.claim_doubtful(tx, self._lease)
        if act is None:
            return False
        outcome = self._looked_up(act)
        failed = outcome is not None and outcome.state == ActState.UNKNOWN
        self._finish(act, outcome, tried=failed)
        return not failed

    def _looked_up(self, act: Act) -> Outcome | None:
        """Find out what became of an act; None means: it did not happen, do it again."""
        if act.kind in (ActKind.REDIRECT, ActKind.TEXT):
            return Outcome(ActState.FAILED, error=acts.ANSWER_LOST)
        if act.kind == ActKind.HANG_UP:
            return self._perform(act)
        try:
            found = self._line.find_ring(str(act.target["number"]), act.created_at)
        except LineError:
            return Outcome(ActState.UNKNOWN, error="look-up failed", reached=False)
        if found is not None:
            return Outcome(ActState.DONE, answer=found.sid)
        return None if act.attempts < _MOST_ATTEMPTS else Outcome(ActState.FAILED, error=acts.ANSWER_LOST)


def _always(_tx: Transaction, _act: Act) -> bool:
    return True


def _count(tx: Transaction, outcome: Outcome | None) -> None:
    """Count a request for or against REST; one that was not sent counts for nothing."""
    if outcome is not None and outcome.reached:
        rest_health.note_success(tx)
    elif outcome is None or outcome.reached is not None:
        wrong = outcome is not None and outcome.error == "wrong credentials"
        rest_health.note_failure(tx, surely=wrong)


def _send(line: Line, act: Act) -> str:
    target = act.target
    if act.kind == ActKind.RING:
        return line.ring(
            target["number"], target["answer_url"], target["status_url"], target["seconds"], act.duty
        )
    if act.kind == ActKind.REDIRECT:
        line.redirect(target["sid"], target["url"])
        return ""
    if act.kind == ActKind.HANG_UP:
        return line.hang_up(target["sid"])
    return line.text(target["number"], target["body"], target["status_url"], act.duty)
