"""How does a webhook get its answer, whatever breaks? Signature, deadline, turn, apology."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import anyio
from anyio import CapacityLimiter
from fastapi import HTTPException, Request, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import FormData

from hotline.calls.backstop import BackstopFile
from hotline.calls.journal import Journal
from hotline.calls.switchboard import Switchboard
from hotline.clock import Clock, Deadline
from hotline.database import Database, Transaction
from hotline.ivr.prompts import Wording
from hotline.telephony import replies
from hotline.telephony.instructions import GoTo, HangUp, Instruction, Pause
from hotline.telephony.twilio.signature import SignatureCheck
from hotline.telephony.twilio.twiml import render
from hotline.telephony.twilio.webhook_forms import LARGEST_BODY, read_form

log = logging.getLogger(__name__)

Action = Callable[[Transaction], list[Instruction]]
Report = Callable[[Transaction], None]
_TOGETHER = 20
MOST_TRIES = 2
"""So often a turn that failed is taken again; then the leg goes on without the database."""
_Answer = TypeVar("_Answer")


@dataclass
class Door:
    """Let Twilio in, and nobody else; answer within the deadline or apologise and go on."""

    database: Database
    board: Switchboard
    signatures: SignatureCheck
    account_sid: str
    backstop: BackstopFile
    journal: Journal
    clock: Clock
    reply_seconds: float
    on_refused: Callable[[], None] = lambda: None
    _limiter: CapacityLimiter | None = field(default=None, init=False)

    async def proven_form(self, request: Request) -> FormData:
        """Return the form of a webhook that Twilio signed for this account; anything else gets a 403."""
        body = await _limited_body(request)
        form = read_form(body)
        raw_path = request.scope.get("raw_path") or request.url.path.encode()
        proven = self.signatures.holds(
            raw_path.decode("latin-1").partition("?")[0],
            request.scope.get("query_string", b"").decode("latin-1"),
            form,
            request.headers.get("X-Twilio-Signature", ""),
            request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""),
        )
        if not proven or form.get("AccountSid", self.account_sid) != self.account_sid:
            log.warning("a webhook was refused: its signature does not hold")
            if request.headers.get("X-Twilio-Signature"):
                self.on_refused()
            raise HTTPException(403, "the signature does not hold")
        return _with_what_was_heard(form, request)

    async def turn(
        self,
        request: Request,
        sid: str,
        turn: str,
        action: Action,
        on_error: Callable[[str], list[Instruction]],
        first: Callable[[], None] | None = None,
    ) -> Response:
        """Answer one turn of a leg, once: a repetition gets the stored reply.

        `first` is slow work that is done within the deadline, but before anything is locked.
        """
        url = _carrying(self.signatures.url_of(request.url.path, request.url.query), request)
        named = turn[: replies.LONGEST_TURN]
        work = partial(self._take_turn, sid or "none", named, action, url, first)
        try:
            answer = await self._within_deadline(work)
        except Exception as error:  # noqa: BLE001  # whatever breaks, the caller must hear something
            log.error("a turn failed and the leg goes on without it", extra={"error": type(error).__name__})
            answer = None
        return _twiml(answer if answer is not None else self._render(on_error(url)))

    async def once(self, sid: str, turn: str, action: Action, on_error: Callable[[], None]) -> Response:
        """Answer what comes only once and cannot be put off, as a text; `on_error` keeps it otherwise."""
        try:
            answer = await self._within_deadline(partial(self._answered, sid, turn, action))
        except Exception as error:  # noqa: BLE001  # whatever breaks, what came in must not be lost
            log.error("a text was kept without the database", extra={"error": type(error).__name__})
            answer = None
        if answer is None:
            on_error()
        return _twiml(answer if answer is not None else self._render([]))

    async def report(self, report: Report) -> Response:
        """Take in a callback; when that fails Twilio is asked to repeat it."""
        try:
            stored = await self._within_deadline(partial(self._take_report, report))
        except Exception as error:  # noqa: BLE001  # whatever breaks, Twilio is asked to repeat it
            log.error("a callback could not be stored", extra={"error": type(error).__name__})
            stored = None
        return Response(status_code=503 if stored is None else 204)

    def say(self, instructions: list[Instruction]) -> Response:
        """Answer without touching the database."""
        return _twiml(self._render(instructions))

    def language_of(self, request: Request) -> str:
        """Return the language that the address of a turn names, if callers may choose it."""
        known = [language.code for language in self.board.profile.languages]
        named = request.query_params.get("lang", "")
        return named if named in known else self.board.profile.default_language

    def apology(self, language: str) -> list[Instruction]:
        """Return the sentence for an error of ours."""
        wording: Wording = self.board.callers_wording
        return [*wording.speak(language, "error.ours")]

    def _take_turn(
        self,
        sid: str,
        turn: str,
        action: Action,
        url: str,
        first: Callable[[], None] | None,
        deadline: Deadline,
    ) -> str:
        try:
            if first is not None:
                first()
            return self._answered(sid, turn, action, deadline)
        except DBAPIError as error:
            if not error.connection_invalidated:
                if _is_lock_timeout(error) and tries_of(url) < MOST_TRIES:
                    return self._render([Pause(2), GoTo(next_try(url))])
                raise
            # A connection left from before a restart of the database: nothing was stored, once more.
            return self._answered(sid, turn, action, deadline)
        except PoolTimeout:
            if tries_of(url) < MOST_TRIES:
                return self._render([Pause(2), GoTo(next_try(url))])
            raise

    def _answered(self, sid: str, turn: str, action: Action, deadline: Deadline) -> str:
        with self.database.transaction(deadline) as tx:
            if not replies.claim_turn(tx, sid, turn):
                return replies.stored_reply(tx, sid, turn) or self._render([HangUp()])
            reply = self._render(action(tx))
            replies.store_reply(tx, sid, turn, reply)
        return reply

    def _take_report(self, report: Report, deadline: Deadline) -> bool:
        with self.database.transaction(deadline) as tx:
            report(tx)
        return True

    async def _within_deadline(self, work: Callable[[Deadline], _Answer]) -> _Answer | None:
        if self._limiter is None:
            self._limiter = CapacityLimiter(_TOGETHER)
        deadline = Deadline(self.reply_seconds)
        with anyio.move_on_after(self.reply_seconds):
            return await anyio.to_thread.run_sync(
                work, deadline, abandon_on_cancel=True, limiter=self._limiter
            )
        return None

    def _render(self, instructions: list[Instruction]) -> str:
        return render(instructions, self.board.urls.public)


_CARRIED = {"Digits": "pressed", "DialBridged": "bridged", "DialCallStatus": "dialled_as"}
"""What only the first request of a turn tells: it travels on in the address when the turn is taken again."""

LOST = "lost"
"""Mark in the address of a turn taken again: what was keyed in did not travel with it."""

_EMERGENCY = "112"


def _with_what_was_heard(form: FormData, request: Request) -> FormData:
    query = request.query_params
    missing = [
        (name, query[short]) for name, short in _CARRIED.items() if short in query and name not in form
    ]
    request.state.form = FormData([*form.multi_items(), *missing])
    heard: FormData = request.state.form
    return heard


def _carrying(url: str, request: Request) -> str:
    """Add to the address of a turn what it reported; a keyed-in number stays out of every address."""
    form = getattr(request.state, "form", FormData())
    told = {short: str(form[name]) for name, short in _CARRIED.items() if form.get(name)}
    if len(told.get("pressed", "")) > 1 and told["pressed"] != _EMERGENCY:
        told |= {LOST: "1"}
        del told["pressed"]
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in told]
    return urlunsplit(parts._replace(query=urlencode([*query, *told.items()]))) if told else url


def tries_of(url: str) -> int:
    """Return how often this turn has failed before; a number that is not ours counts as too often."""
    found = dict(parse_qsl(urlsplit(url).query)).get("try", "0")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 3 else 99


def next_try(url: str) -> str:
    """Return the address of the same turn, tried once more."""
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "try"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("try", str(tries_of(url) + 1))])))


async def _limited_body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, "the body is larger than any webhook")
    return body


def _is_lock_timeout(error: DBAPIError) -> bool:
    # PostgreSQL: lock_not_available; a twin of this turn is being answered.
    return getattr(error.orig, "sqlstate", "") == "55P03" or "database is locked" in str(error.orig)


def _twiml(xml: str) -> Response:
    return Response(xml, media_type="text/xml")
