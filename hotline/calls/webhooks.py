"""What does Twilio call, and what does each call bring about? Signature, event, action, reply."""

from secrets import token_hex

from fastapi import APIRouter, Request, Response

from hotline.callers.caller import parse_caller
from hotline.calls import backstop_leg
from hotline.calls.caller_heard import CallerHeard, callers_key
from hotline.calls.door import Door, tries_of
from hotline.calls.heard import staff_words
from hotline.calls.notices.webhooks import notice_webhooks
from hotline.calls.promise.webhooks import promise_webhooks
from hotline.calls.responder_leg import ResponderHeard, leg_status, note_met, responder_turn
from hotline.calls.staff.staff_leg import caller_turn, come_in, number_status
from hotline.calls.staff.webhooks import staff_webhooks
from hotline.calls.texts.webhooks import text_webhooks
from hotline.ivr.nodes import Say
from hotline.ivr.prompts import SOFT_TONE
from hotline.telephony.instructions import GoTo, Pause
from hotline.telephony.twilio.webhook_forms import OurNumber, Ours, room_form, voice_form


def webhooks(door: Door) -> APIRouter:
    """Return the routes that Twilio calls; every one checks the signature first."""
    router = APIRouter(prefix="/twilio", include_in_schema=False)
    _callers_turns(router, door)
    _staff_turns(router, door)
    _reports(router, door)
    promise_webhooks(router, door)
    notice_webhooks(router, door)
    text_webhooks(router, door)
    staff_webhooks(router, door)
    _without_database(router, door)
    return router


def _callers_turns(router: APIRouter, door: Door) -> None:
    board = door.board

    @router.post("/voice")
    async def voice(request: Request, again: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        caller = parse_caller(form.caller)
        sid = form.call_sid or f"none-{token_hex(14)}"
        return await door.turn(
            request,
            sid,
            f"in{form.error_code}{again}",
            lambda tx: come_in(board, tx, sid, caller),
            lambda url: backstop_leg.apologise(door, form, _tries(request), url, door.language_of(request)),
        )

    @router.post("/caller")
    async def caller(
        request: Request, call: Ours = "", turn: Ours = "", room: Ours = "", leg: Ours = "", lost: Ours = ""
    ) -> Response:
        form = voice_form(await door.proven_form(request))
        heard = CallerHeard(
            sid=form.call_sid,
            key=callers_key(form.digits),
            on_line=not (form.is_over and form.call_sid),
            ended_room=room,
            moved=turn.startswith("m"),
            turn=turn,
            dialled=leg,
            dial_status=form.dial_call_status,
            bridged=form.dial_bridged,
            typed=form.digits,
            lost=bool(lost),
        )
        return await door.turn(
            request,
            form.call_sid,
            f"c{call[:20]}.{turn}",
            lambda tx: (
                caller_turn(board, tx, call, heard)
                or [GoTo(board.urls.come_in_again(door.language_of(request)))]
            ),
            lambda url: backstop_leg.apologise(door, form, _tries(request), url, door.language_of(request)),
        )


def _staff_turns(router: APIRouter, door: Door) -> None:
    board = door.board

    @router.post("/responder")
    async def responder(
        request: Request, leg: Ours = "", turn: Ours = "", room: Ours = "", at: Ours = ""
    ) -> Response:
        form = voice_form(await door.proven_form(request))
        heard = ResponderHeard(
            sid=form.call_sid,
            key=callers_key(form.digits),
            on_line=not form.is_over,
            ended_room=room,
            answered=turn == "0",
            at=at,
            moved=turn.startswith("m"),
        )
        return await door.turn(
            request,
            form.call_sid,
            f"r{turn}",
            lambda tx: responder_turn(board, tx, leg, heard),
            lambda url: backstop_leg.try_again(_tries(request), url),
        )


def _reports(router: APIRouter, door: Door) -> None:
    board = door.board

    @router.post("/leg-status")
    async def leg_state(request: Request, leg: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        return await door.report(lambda tx: leg_status(board, tx, leg, form.call_sid, form.call_status))

    @router.post("/voice/status")
    async def voice_status(request: Request) -> Response:
        form = voice_form(await door.proven_form(request))
        return await door.report(lambda tx: number_status(board, tx, form.call_sid, form.is_over))

    @router.post("/room")
    async def room_event(request: Request, room: Ours = "") -> Response:
        form = room_form(await door.proven_form(request))
        if form.event != "conference-start":
            return Response(status_code=204)
        return await door.report(lambda tx: note_met(tx, room))


def _without_database(router: APIRouter, door: Door) -> None:
    board = door.board

    @router.post("/room-wait")
    async def room_wait(request: Request, side: str = "") -> Response:
        await door.proven_form(request)
        if side == "caller":
            return door.say([SOFT_TONE, Pause(4)])
        words = staff_words(board, None, [Say("whisper.accepted")], "", door.clock.now(), {})
        return door.say([*words, Pause(4)])

    @router.post("/backstop")
    async def backstop(request: Request, index: OurNumber = 0) -> Response:
        form = voice_form(await door.proven_form(request))
        return door.say(backstop_leg.after_dial(door, form, index, door.language_of(request)))

    @router.post("/backstop-whisper")
    async def backstop_whisper(request: Request, asked: OurNumber = 0) -> Response:
        form = voice_form(await door.proven_form(request))
        return door.say(backstop_leg.whisper(door, asked, callers_key(form.digits)))


def _tries(request: Request) -> int:
    return tries_of(str(request.url))
