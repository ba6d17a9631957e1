"""What does Twilio call during a practice call? Routes of their own, so that nothing real is touched."""

from fastapi import APIRouter, Request, Response

from hotline.calls.caller_heard import callers_key
from hotline.calls.door import Door
from hotline.calls.drill.leg import drill_turn
from hotline.drills import actions
from hotline.telephony.instructions import HangUp
from hotline.telephony.twilio.webhook_forms import Ours, voice_form


def drill_webhooks(door: Door) -> APIRouter:
    """Return the routes of practice calls; every one checks the signature first."""
    router = APIRouter(prefix="/twilio", include_in_schema=False)
    board = door.board

    @router.post("/drill")
    async def drill(request: Request, drill: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        key = callers_key(form.digits)
        return await door.turn(
            request,
            form.call_sid,
            f"d{at[:24]}",
            lambda tx: drill_turn(board, tx, drill[:40], at[:24], key),
            lambda _url: [HangUp()],
        )

    @router.post("/drill-status")
    async def drill_status(request: Request, drill: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        if not form.is_over:
            return Response(status_code=204)
        return await door.report(lambda tx: actions.leg_over(tx, drill[:40], form.call_status))

    return router
