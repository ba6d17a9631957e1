"""What does Twilio call while somebody is called back, and what does each call bring about?"""

from fastapi import APIRouter, Request, Response

from hotline.calls import backstop_leg
from hotline.calls.door import Door, tries_of
from hotline.calls.promise import call_back
from hotline.telephony.instructions import Pause
from hotline.telephony.twilio.webhook_forms import Ours, voice_form


def promise_webhooks(router: APIRouter, door: Door) -> None:
    """Add the routes of a call-back; every one checks the signature first."""
    board = door.board

    @router.post("/called-back")
    async def called_back(request: Request, attempt: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        return await door.turn(
            request,
            form.call_sid,
            f"b{at}",
            lambda tx: call_back.person_turn(board, tx, attempt[:40], at, form.call_sid),
            lambda url: backstop_leg.try_again(tries_of(str(request.url)), url),
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
