"""What goes wrong on the way between the exchange and the service, on request or at random?"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from hotline.clock import Clock
from hotline.simulator.dice import Dice
from hotline.simulator.wire import WebRequest


@dataclass(frozen=True)
class WebhookFate:
    """What happens to one webhook: refused, lost, held up by `delay`, slow by `seconds`, sent twice."""

    refused: bool = False
    lost: bool = False
    delay: float = 0.0
    seconds: float = 0.0
    copies: int = 0


@dataclass(frozen=True)
class RestFate:
    """What happens to one REST request: an error status, slowness, a lost answer, a refusal."""

    status: int = 0
    seconds: float = 0.0
    answer_lost: bool = False
    refused: bool = False


@dataclass
class _Rule:
    kind: str
    left: int
    match: str = ""
    seconds: float = 0.0
    status: int = 0
    until: datetime | None = None
    taken: int = 0


@dataclass
class Chances:
    """Probabilities, 0 to 1, of the random faults; `longest_delay` in seconds."""

    duplicate: float = 0.0
    delay: float = 0.0
    drop_callback: float = 0.0
    slow: float = 0.0
    rest_error: float = 0.0
    rest_busy: float = 0.0
    rest_lost: float = 0.0
    longest_delay: float = 5.0


class Faults:
    """Inject faults, scripted (counted down) or drawn from a seed, and count them by kind."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        self._clock = clock
        self._rules: list[_Rule] = []
        self._dice = Dice(seed)
        self.chances = Chances()
        self.latency = 0.0
        self.counts: Counter[str] = Counter()

    def randomly(self, seed: int, chances: Chances) -> None:
        """Draw faults from `seed` from now on."""
        self._dice, self.chances = Dice(seed), chances

    def calm(self) -> None:
        """Forget every fault that has not happened yet."""
        self._rules.clear()
        self.chances, self.latency = Chances(), 0.0

    # Webhooks. `path_contains` picks them by a piece of their address; empty picks all.

    def unreachable(self, seconds: float, path_contains: str = "") -> None:
        """Refuse every connection to the service for `seconds`."""
        until = self._clock.now() + timedelta(seconds=seconds)
        self._rules.append(_Rule("unreachable", -1, path_contains, until=until))

    def duplicate_webhooks(self, path_contains: str = "", times: int = 1) -> None:
        """Send webhooks twice; as after a retry, the second answer counts."""
        self._rules.append(_Rule("duplicate", times, path_contains))

    def drop_webhooks(self, path_contains: str = "", times: int = 1) -> None:
        """Lose webhooks before they arrive: a status callback never comes, a call's one times out."""
        self._rules.append(_Rule("drop", times, path_contains))

    def delay_webhooks(self, path_contains: str = "", times: int = 1, seconds: float = 5.0) -> None:
        """Let webhooks arrive `seconds` late."""
        self._rules.append(_Rule("delay", times, path_contains, seconds))

    def slow_webhooks(self, path_contains: str = "", times: int = 1, seconds: float = 5.0) -> None:
        """Let answers come `seconds` late."""
        self._rules.append(_Rule("slow", times, path_contains, seconds))

    def reorder_webhooks(self, path_contains: str = "", times: int = 1, seconds: float = 3.0) -> None:
        """Let the first, third... of the picked webhooks arrive `seconds` late: later ones overtake them."""
        self._rules.append(_Rule("reorder", times, path_contains, seconds))

    # REST. `operation` is as create_call, update_call, list_calls, create_message; empty is any.

    def rest_fails(self, times: int = 1, status: int = 500, operation: str = "") -> None:
        """Answer `status` and do nothing (429 answers code 20429)."""
        self._rules.append(_Rule("rest_status", times, operation, status=status))

    def rest_slow(self, times: int = 1, seconds: float = 2.0, operation: str = "") -> None:
        """Answer `seconds` of virtual time late; a client that waits less sees a time-out."""
        self._rules.append(_Rule("rest_slow", times, operation, seconds))

    def lose_rest_answer(self, operation: str = "", times: int = 1) -> None:
        """Do what is asked, and let the client time out."""
        self._rules.append(_Rule("rest_lost", times, operation))

    def rest_refused(self, times: int = 1, operation: str = "") -> None:
        """Refuse the connection."""
        self._rules.append(_Rule("rest_refused", times, operation))

    def wrong_credentials(self, times: int = 1, operation: str = "") -> None:
        """Answer 401 as if the token had been changed."""
        self._rules.append(_Rule("rest_status", times, operation, status=401))

    # What the exchange asks.

    def for_webhook(self, request: WebRequest, callback: bool, host: str) -> WebhookFate:
        """Decide the fate of one webhook; `callback` marks those whose answer changes nothing."""
        fate = WebhookFate(seconds=self.latency)
        if self._unreachable(request, host):
            return self._count("unreachable", replace(fate, refused=True))
        if self._take("drop", request.url) or (callback and self._chance(self.chances.drop_callback)):
            return self._count("drop", replace(fate, lost=True))
        fate = self._late(fate, request.url)
        if self._take("duplicate", request.url) or self._chance(self.chances.duplicate):
            fate = self._count("duplicate", replace(fate, copies=1))
        slow = self._take("slow", request.url)
        if slow:
            fate = self._count("slow", replace(fate, seconds=fate.seconds + slow.seconds))
        elif self._chance(self.chances.slow):
            fate = self._count("slow", replace(fate, seconds=fate.seconds + self._some_delay()))
        if callback and self._chance(self.chances.delay):
            fate = self._count("delay", replace(fate, delay=fate.delay + self._some_delay()))
        return fate

    def for_rest(self, operation: str) -> RestFate:
        """Decide the fate of one REST request."""
        if self._take("rest_refused", operation):
            return self._tally("rest_refused", RestFate(refused=True))
        status = self._take("rest_status", operation)
        if status:
            return self._tally(f"rest_{status.status}", RestFate(status=status.status))
        slow = self._take("rest_slow", operation)
        if slow:
            return self._tally("rest_slow", RestFate(seconds=slow.seconds))
        if self._take("rest_lost", operation) or self._chance(self.chances.rest_lost):
            return self._tally("rest_lost", RestFate(answer_lost=True))
        if self._chance(self.chances.rest_error):
            return self._tally("rest_500", RestFate(status=500))
        if self._chance(self.chances.rest_busy):
            return self._tally("rest_429", RestFate(status=429))
        return RestFate()

    def _late(self, fate: WebhookFate, url: str) -> WebhookFate:
        delayed = self._take("delay", url)
        if delayed:
            return self._count("delay", replace(fate, delay=delayed.seconds))
        reordered = self._take("reorder", url)
        if reordered and reordered.taken % 2 == 1:
            return self._count("reorder", replace(fate, delay=reordered.seconds))
        return fate

    def _unreachable(self, request: WebRequest, host: str) -> bool:
        now = self._clock.now()
        self._rules = [rule for rule in self._rules if rule.until is None or rule.until > now]
        ours = urlsplit(request.url).netloc == host
        return ours and any(r.kind == "unreachable" and r.match in request.url for r in self._rules)

    def _take(self, kind: str, subject: str) -> _Rule | None:
        for rule in self._rules:
            if rule.kind == kind and rule.left != 0 and rule.match in subject:
                rule.left -= 1
                rule.taken += 1
                return rule
        return None

    def _chance(self, probability: float) -> bool:
        return probability > 0 and self._dice.fraction() < probability

    def _some_delay(self) -> float:
        return round(self._dice.between(0.2, self.chances.longest_delay), 1)

    def _count(self, kind: str, fate: WebhookFate) -> WebhookFate:
        self.counts[kind] += 1
        return fate

    def _tally(self, kind: str, fate: RestFate) -> RestFate:
        self.counts[kind] += 1
        return fate
