"""What does Twilio call about alarms, cover and call-backs, and what does each call bring about?"""

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from hotline.calls import backstop_leg
from hotline.calls.caller_heard import callers_key
from hotline.calls.cover.cover_leg import cover_turn
from hotline.calls.door import Door
from hotline.calls.handover.over import notice_over
from hotline.calls.promise import call_back
from hotline.calls.promise.alarm_leg import AlarmHeard, alarm_turn
from hotline.telephony.instructions import Pause
from hotline.telephony.twilio.webhook_forms import OVER, Ours, voice_form


def promise_webhooks(router: APIRouter, door: Door) -> None:
    """Add the routes of the promise; every one checks the signature first."""
    _alarms(router, door)
    _call_backs(router, door)


def _alarms(router: APIRouter, door: Door) -> None:
    board = door.board

    @router.post("/notice")
    async def notice(request: Request, notice: Ours = "", turn: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        heard = AlarmHeard(form.call_sid, at, turn, callers_key(form.digits), not form.is_over)
        return await door.turn(
            request,
            form.call_sid,
            f"n{turn}",
            lambda tx: alarm_turn(board, tx, notice[:40], heard),
            lambda url: backstop_leg.try_again(_tries(request), url),
        )

    @router.post("/cover")
    async def cover(request: Request, notice: Ours = "", turn: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        heard = AlarmHeard(form.call_sid, at, turn, callers_key(form.digits), not form.is_over)
        return await door.turn(
            request,
            form.call_sid,
            f"v{turn}",
            lambda tx: cover_turn(board, tx, notice[:40], heard),
            lambda url: backstop_leg.try_again(_tries(request), url),
        )

    @router.post("/notice-status")
    async def notice_status(request: Request, notice: Ours = "") -> Response:
        form = await door.proven_form(request)
        if not _failed(form):
            return Response(status_code=204)
        return await door.report(lambda tx: notice_over(board, tx, notice[:40]))


def _call_backs(router: APIRouter, door: Door) -> None:
    board = door.board

    @router.post("/called-back")
    async def called_back(request: Request, attempt: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        return await door.turn(
            request,
            form.call_sid,
            f"b{at}",
            lambda tx: call_back.person_turn(board, tx, attempt[:40], at, form.call_sid),
            lambda url: backstop_leg.try_again(_tries(request), url),
        )

    @router.post("/called-back-status")
    async def called_back_status(request: Request, attempt: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        return await door.report(
            lambda tx: call_back.person_status(board, tx, attempt[:40], form.call_sid, form.call_status)
        )

    @router.post("/called-back-wait")
    async def called_back_wait(request: Request) -> Response:
        await door.proven_form(request)
        return door.say([Pause(10)])


def _failed(form: FormData) -> bool:
    """Tell whether a notice has come to its end: a call that is over, or a text that was not delivered."""
    status = form.get("CallStatus") or form.get("MessageStatus") or ""
    return status in OVER or status in ("undelivered", "failed")


def _tries(request: Request) -> int:
    """Return how often this turn has failed before; a number that is not ours counts as too often."""
    found = request.query_params.get("try", "0")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 3 else 99
