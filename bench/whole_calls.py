"""How many whole calls a second does one replica carry, from the first word to the last callback?"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from bench.machines import Pair
from bench.provider import Asked
from bench.turns import leg_of
from bench.webhook import Answer, Webhooks, new_sid
from hotline.clock import stopwatch

CALLERS = 4
"""Callers at the same time; three volunteers, a social worker and four coordinators answer them."""

_BETWEEN_PASSES = 0.02
_LONGEST_WAIT = 60


def calls_per_second(pair: Pair, calls: int) -> float:
    """Let the callers dial again and again until so many calls were answered; return the rate."""
    town = _Town(pair)
    pair.provider.on_request = town.asked
    each = calls // CALLERS
    threads = [threading.Thread(target=town.guarded, args=(town.dial, each)) for _ in range(CALLERS)]
    began = stopwatch()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = each * CALLERS / (stopwatch() - began)
    time.sleep(0.5)
    pair.provider.on_request = pair.provider.keep
    if town.errors:
        raise RuntimeError("a call at full speed failed") from town.errors[0]
    return rate


class _Town:
    """Callers who wait in the hold until they are moved, and responders who press 1 at once."""

    def __init__(self, pair: Pair) -> None:
        self.errors: list[Exception] = []
        self._port = pair.service
        self._moved: dict[str, str] = {}
        self._room_over: dict[str, threading.Event] = defaultdict(threading.Event)

    def asked(self, asked: Asked) -> None:
        """Take in a REST request: a phone rings, or a leg is moved."""
        if asked.is_ring:
            threading.Thread(target=self.guarded, args=(self._answer, asked), daemon=True).start()
        elif asked.url:
            self._moved[asked.sid] = asked.url

    def guarded(self, act: Callable[..., None], *arguments: object) -> None:
        """Keep an error for the end."""
        try:
            act(*arguments)
        except Exception as error:  # noqa: BLE001  # told by whoever waits for the threads
            self.errors.append(error)

    def dial(self, times: int) -> None:
        """Call so many times, one after another."""
        with Webhooks(self._port) as service:
            for number in range(times):
                # Of no member of staff: their calls go another way.
                self._call(service, new_sid(), f"+39349{number:07}")

    def _call(self, service: Webhooks, sid: str, caller: str) -> None:
        def turn(url: str, **more: str) -> Answer:
            return service.post(url, CallSid=sid, **({"From": caller, "CallStatus": "in-progress"} | more))

        reply = turn("/twilio/voice", CallStatus="ringing")
        reply = turn(reply.then, Digits="4")
        patience = stopwatch() + _LONGEST_WAIT
        while not reply.is_room:
            if stopwatch() > patience:
                raise RuntimeError(f"nobody answered for {_LONGEST_WAIT} s")
            time.sleep(_BETWEEN_PASSES)
            reply = turn(self._moved.pop(sid, "") or reply.then)
        turn(reply.room_events, StatusCallbackEvent="conference-start")
        turn(reply.then, CallStatus="completed")
        turn("/twilio/voice/status", CallStatus="completed")
        self._room_over[_room(reply)].set()

    def _answer(self, ring: Asked) -> None:
        with Webhooks(self._port) as service:

            def turn(url: str, **more: str) -> Answer:
                return service.post(url, CallSid=ring.sid, **({"CallStatus": "in-progress"} | more))

            status = f"/twilio/leg-status?leg={leg_of(ring.url)}"
            turn(status, CallStatus="ringing")
            reply = turn(ring.url)
            if "<Gather" in reply.body:
                reply = turn(reply.then, Digits="1")
            if reply.is_room:
                self._room_over[_room(reply)].wait(20)
                turn(reply.then)
            turn(status, CallStatus="completed")


def _room(reply: Answer) -> str:
    return parse_qs(urlsplit(reply.room_events).query)["room"][0]
