"""What does Twilio call while one of ours hears something outside a live call, and how did that end?"""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from hotline.calls import backstop_leg
from hotline.calls.caller_heard import callers_key
from hotline.calls.cover.cover_leg import cover_turn
from hotline.calls.door import Door, tries_of
from hotline.calls.handover.leg import handover_turn
from hotline.calls.handover.over import notice_over
from hotline.calls.presence.presence_leg import presence_turn
from hotline.calls.promise.alarm_leg import AlarmHeard, alarm_turn
from hotline.calls.switchboard import Switchboard
from hotline.calls.telling.leg import telling_turn
from hotline.database import Transaction
from hotline.telephony.instructions import Instruction
from hotline.telephony.twilio.webhook_forms import OVER, Ours, voice_form

Turn = Callable[[Switchboard, Transaction, str, AlarmHeard], list[Instruction]]
"""What one turn of such a leg brings about: the notice by its id, and what was heard."""

LEGS: tuple[tuple[str, str, Turn], ...] = (
    ("/notice", "n", alarm_turn),
    ("/cover", "v", cover_turn),
    ("/presence", "p", presence_turn),
    ("/handover", "h", handover_turn),
    ("/telling", "t", telling_turn),
)
"""Each address, the letter of its turns, and its action."""


def notice_webhooks(router: APIRouter, door: Door) -> None:
    """Add the routes of every such leg, and of its end; each checks the signature first."""
    for path, letter, turn in LEGS:
        _leg(router, door, path, letter, turn)

    @router.post("/notice-status")
    async def notice_status(request: Request, notice: Ours = "") -> Response:
        form = await door.proven_form(request)
        if not _is_over(form):
            return Response(status_code=204)
        return await door.report(lambda tx: notice_over(door.board, tx, notice[:40]))


def _leg(router: APIRouter, door: Door, path: str, letter: str, act: Turn) -> None:
    @router.post(path)
    async def leg(request: Request, notice: Ours = "", turn: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        heard = AlarmHeard(form.call_sid, at, turn, callers_key(form.digits), not form.is_over)
        return await door.turn(
            request,
            form.call_sid,
            f"{letter}{turn}",
            lambda tx: act(door.board, tx, notice[:40], heard),
            lambda url: backstop_leg.try_again(tries_of(str(request.url)), url),
        )


def _is_over(form: FormData) -> bool:
    """Tell whether a notice has come to its end: a call that is over, or a text that was not delivered."""
    status = form.get("CallStatus") or form.get("MessageStatus") or ""
    return status in OVER or status in ("undelivered", "failed")
