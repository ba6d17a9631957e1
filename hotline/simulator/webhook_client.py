"""How does the exchange ask the service for a document: signed, retried, redirected, with a fallback?"""

import io
import wave
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from hotline.simulator.fields import call_fields
from hotline.simulator.leg import Address, Leg, Step
from hotline.simulator.overrides import CALL_LIMIT, Overrides, split_overrides
from hotline.simulator.program import Program, Task, send
from hotline.simulator.signing import sign
from hotline.simulator.twiml_reader import Document, FetchFailed, read_response, read_twiml
from hotline.simulator.wire import Fields, Outcome, WebRequest, WebResponse

if TYPE_CHECKING:
    from hotline.simulator.exchange import Exchange

MOST_REDIRECTS = 10
_CODES = {"refused": 11205, "ct": 11205, "rt": 11200, "4xx": 11217, "5xx": 11217}


class ApplicationError(Exception):
    """No document and no fallback: the caller hears Twilio's own apology, and the call ends."""


class WebhookClient:
    """Send webhooks for legs, rooms and texts."""

    def __init__(self, exchange: "Exchange") -> None:
        self.exchange = exchange
        self._sounds: dict[str, float] = {}

    def request(self, url: str, method: str, fields: Fields, token: str, limits: Overrides) -> WebRequest:
        """Build and sign one request; a GET carries its fields in the query."""
        if method == "GET" and fields:
            url += ("&" if "?" in url else "?") + urlencode(fields)
        form = fields if method == "POST" else ()
        headers = [
            ("X-Twilio-Signature", sign(self.exchange.auth_token, url, form)),
            ("I-Twilio-Idempotency-Token", token),
            ("X-Home-Region", "us1"),
            ("User-Agent", "TwilioProxy/1.1"),
            ("Accept", "*/*"),
        ]
        if method == "POST":
            headers.append(("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"))
        body = urlencode(form).encode()
        read = min(limits.read, limits.total)
        return WebRequest(method, url, tuple(headers), form, body, limits.connect, read)

    def fetch(
        self, address: Address, fields: Fields, purpose: str = "call"
    ) -> Program[tuple[WebResponse, str]]:
        """Ask until there is an answer or the retries are used up; return it with the final address."""
        url, limits, wrong = split_overrides(address.url)
        for complaint in wrong:
            self.exchange.violate(f"{complaint} in {address.url}")
        if "://" not in url:
            raise FetchFailed(11210, "no absolute address", url, defect=True)
        method = address.method
        for _ in range(MOST_REDIRECTS + 1):
            response = yield from self._ask(url, method, fields, limits, purpose)
            if response.status not in (301, 302, 303, 307, 308):
                return response, url
            url = urljoin(url, response.header("location"))
            if response.status < 307:
                method, fields = "GET", ()
        raise FetchFailed(11215, "too many redirects", url)

    def _ask(
        self, url: str, method: str, fields: Fields, limits: Overrides, purpose: str
    ) -> Program[WebResponse]:
        token = self.exchange.random_id("")
        began, failure = self.exchange.now(), ""
        for attempt in range(limits.retries + 1):
            spent = (self.exchange.now() - began).total_seconds() / self.exchange.speed
            left = min(limits.total, CALL_LIMIT) - spent
            if left <= 0:
                raise FetchFailed(11200, "time is up", url)
            within = replace(limits, read=min(limits.read, left), total=left)
            request = self.request(url, method, fields, token, within)
            outcome = yield from send(replace(request, purpose=purpose))
            failure = failure_of(outcome)
            if not failure and outcome.response is not None:
                return outcome.response
            if attempt == limits.retries or not limits.retries_after(failure):
                break
        raise FetchFailed(_CODES[failure], failure, url)

    def document(self, leg: Leg, step: Step, context: str) -> Program[Document]:
        """Return the document of a step; the leg's fallback address is asked when it cannot be had."""
        try:
            return (yield from self._read(leg, step, context))
        except FetchFailed as failed:
            self.exchange.fail(leg, failed)
            if leg.fallback is None or context != "call":
                raise ApplicationError(str(failed)) from failed
            fields = (("ErrorCode", str(failed.code)), ("ErrorUrl", failed.url))
        try:
            return (yield from self._read(leg, Step(leg.fallback, fields), context))
        except FetchFailed as failed:
            self.exchange.fail(leg, failed)
            raise ApplicationError(str(failed)) from failed

    def _read(self, leg: Leg, step: Step, context: str) -> Program[Document]:
        if step.twiml is not None or step.address is None:
            document = read_twiml(step.twiml or b"", None, context)
        else:
            fields = tuple((call_fields(leg) | dict(step.fields)).items())
            response, url = yield from self.fetch(step.address, fields)
            document = read_response(response, url, context)
        for complaint in document.violations:
            self.exchange.violate(f"{complaint} ({document.url or 'Twiml parameter'})")
        return document

    def sound_seconds(self, leg: Leg, url: str) -> Program[float]:
        """Return how long the sound at `url` lasts; it is fetched once."""
        if url not in self._sounds:
            try:
                response, _ = yield from self.fetch(Address(url, "GET"), (), "sound")
                self._sounds[url] = wav_seconds(response.body)
            except FetchFailed as failed:
                self.exchange.fail(leg, failed)
                return UNKNOWN_SOUND
        return self._sounds[url]

    def post_and_forget(self, address: Address, fields: Fields) -> None:
        """Send a webhook whose answer changes nothing."""
        Task(self.exchange.agenda, self.exchange.send, self._forgetful(address, fields)).start()

    def _forgetful(self, address: Address, fields: Fields) -> Program[None]:
        try:
            yield from self.fetch(address, fields, "callback")
        except FetchFailed as failed:
            self.exchange.fail(None, failed)


UNKNOWN_SOUND = 2.0


def wav_seconds(body: bytes) -> float:
    """Return the length of a WAV file, or 2 s for anything else."""
    try:
        with wave.open(io.BytesIO(body)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return UNKNOWN_SOUND


def failure_of(outcome: Outcome) -> str:
    """Name what is wrong with an outcome: refused, ct, rt, 4xx, 5xx, or nothing."""
    if outcome.response is None:
        return outcome.failure
    status = outcome.response.status
    return "5xx" if status >= 500 else "4xx" if status >= 400 else ""
