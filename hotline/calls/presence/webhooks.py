"""What does Twilio call while somebody is asked whether they are there?"""

from fastapi import APIRouter, Request, Response

from hotline.calls import backstop_leg
from hotline.calls.caller_heard import callers_key
from hotline.calls.door import Door, tries_of
from hotline.calls.presence.presence_leg import presence_turn
from hotline.calls.promise.alarm_leg import AlarmHeard
from hotline.telephony.twilio.webhook_forms import Ours, voice_form


def presence_webhooks(router: APIRouter, door: Door) -> None:
    """Add the route of the leg that asks; it checks the signature first."""
    board = door.board

    @router.post("/presence")
    async def presence(request: Request, notice: Ours = "", turn: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        heard = AlarmHeard(form.call_sid, at, turn, callers_key(form.digits), not form.is_over)
        return await door.turn(
            request,
            form.call_sid,
            f"p{turn}",
            lambda tx: presence_turn(board, tx, notice[:40], heard),
            lambda url: backstop_leg.try_again(tries_of(str(request.url)), url),
        )
