"""What does Twilio call while somebody is told about the rota?"""

from fastapi import APIRouter, Request, Response

from hotline.calls import backstop_leg
from hotline.calls.caller_heard import callers_key
from hotline.calls.door import Door, tries_of
from hotline.calls.promise.alarm_leg import AlarmHeard
from hotline.calls.telling.leg import telling_turn
from hotline.telephony.twilio.webhook_forms import Ours, voice_form


def telling_webhooks(router: APIRouter, door: Door) -> None:
    """Add the route; it checks the signature first."""
    board = door.board

    @router.post("/telling")
    async def telling(request: Request, notice: Ours = "", turn: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        heard = AlarmHeard(form.call_sid, at, turn, callers_key(form.digits), not form.is_over)
        return await door.turn(
            request,
            form.call_sid,
            f"t{turn}",
            lambda tx: telling_turn(board, tx, notice[:40], heard),
            lambda url: backstop_leg.try_again(tries_of(str(request.url)), url),
        )
