"""What does Twilio call while a colleague, or a coordinator in the morning, is on the phone for us?"""

from fastapi import APIRouter, Request, Response

from hotline.calls import backstop_leg
from hotline.calls.caller_heard import callers_key
from hotline.calls.door import Door, tries_of
from hotline.calls.handover.leg import handover_turn
from hotline.calls.promise.alarm_leg import AlarmHeard
from hotline.telephony.twilio.webhook_forms import Ours, voice_form


def handover_webhooks(router: APIRouter, door: Door) -> None:
    """Add the route of a hand-over's leg; it checks the signature first."""
    board = door.board

    @router.post("/handover")
    async def handover(request: Request, notice: Ours = "", turn: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        heard = AlarmHeard(form.call_sid, at, turn, callers_key(form.digits), not form.is_over)
        return await door.turn(
            request,
            form.call_sid,
            f"h{turn}",
            lambda tx: handover_turn(board, tx, notice[:40], heard),
            lambda url: backstop_leg.try_again(tries_of(str(request.url)), url),
        )
