"""What is measured of a call? One night call after another, each turn beside a bare request."""

import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from bench.history import ON_DUTY
from bench.machines import Pair
from bench.provider import Asked
from bench.webhook import Answer, Webhooks, new_sid
from hotline.clock import stopwatch

BARE, FIRST_RING = "bare endpoint", "key to first ring request"
GREETING, MENU_KEY, HOLD_PASS = "greeting", "menu key (starts the ringing)", "hold pass"
WHISPER, WHISPER_KEY = "whisper", "whisper key 1 (accept)"
RINGING, ENDED = "status callback: ringing", "status callback: ended"
MEASURED = (GREETING, MENU_KEY, HOLD_PASS, WHISPER, WHISPER_KEY, RINGING, ENDED)

_CATEGORY_KEY = "4"
_VOLUNTEERS = ON_DUTY["volunteer"]
_SETTLING = 0.03
"""Seconds left to the service's own threads between turns, which on a telephone are seconds apart."""

Times = dict[str, list[float]]


@dataclass
class Call:
    """One caller, the phones that ring for them, and the seconds that every turn took."""

    pair: Pair
    service: Webhooks
    bare: Webhooks
    times: Times
    sid: str = field(default_factory=new_sid)
    caller: str = field(default_factory=lambda: f"+39349{random.randrange(10**7):07}")

    def turn(self, kind: str, url: str, **fields: str) -> Answer:
        """Take one turn, and the bare request beside it."""
        answer = self.service.post(url, **({"CallSid": self.sid, "From": self.caller} | fields))
        self.times[kind].append(answer.seconds)
        self.times[BARE].append(self.bare.post("/bare", CallSid=self.sid, From=self.caller).seconds)
        return answer

    def play(self) -> None:
        """Play the call from the first word to the last callback."""
        reply = self.turn(GREETING, "/twilio/voice", CallStatus="ringing")
        began = stopwatch()
        reply = self.turn(MENU_KEY, reply.then, CallStatus="in-progress", Digits=_CATEGORY_KEY)
        rings = self.pair.provider.wait_for(_VOLUNTEERS)
        self.times[FIRST_RING].append(min(ring.at for ring in rings) - began)
        time.sleep(_SETTLING)
        for ring in rings:
            self.turn(RINGING, _status(ring), CallSid=ring.sid, From="", CallStatus="ringing")
        for _ in range(2):
            reply = self.turn(HOLD_PASS, reply.then, CallStatus="in-progress")
        winner, others = rings[0], rings[1:]
        whisper = self.turn(WHISPER, winner.url, CallSid=winner.sid, From="", CallStatus="in-progress")
        reply = self.turn(HOLD_PASS, reply.then, CallStatus="in-progress")
        room = self.turn(WHISPER_KEY, whisper.then, CallSid=winner.sid, CallStatus="in-progress", Digits="1")
        moved = next(a for a in self.pair.provider.wait_for(len(rings)) if a.sid == self.sid)
        talk = self.turn("caller joins", moved.url, CallStatus="in-progress")
        met = {"StatusCallbackEvent": "conference-start", "ConferenceSid": f"CF{winner.sid[2:]}"}
        self.turn("room callback: both are there", talk.room_events, **met)
        time.sleep(_SETTLING)
        for ring in others:
            self.turn(ENDED, _status(ring), CallSid=ring.sid, From="", CallStatus="canceled")
        self.turn("caller leaves", talk.then, CallStatus="completed")
        self.turn("responder leaves", room.then, CallSid=winner.sid, CallStatus="completed")
        self.turn(ENDED, _status(winner), CallSid=winner.sid, From="", CallStatus="completed")


def play_calls(pair: Pair, number: int) -> Times:
    """Play so many calls, one after another; return the seconds of every turn by its kind."""
    times: Times = defaultdict(list)
    with Webhooks(pair.service) as service, Webhooks(pair.bare) as bare:
        bare.post("/bare", CallSid=new_sid(), From="")
        for _ in range(number):
            Call(pair, service, bare, times).play()
    return times


def _status(ring: Asked) -> str:
    return f"/twilio/leg-status?leg={leg_of(ring.url)}"


def leg_of(url: str) -> str:
    """Return the id of the leg that a responder's address names."""
    return parse_qs(urlsplit(url).query)["leg"][0]
