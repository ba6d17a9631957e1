"""What does Twilio call when a text comes in? One route; whatever breaks, the text is kept."""

from secrets import token_hex

from fastapi import APIRouter, Request, Response

from hotline.calls.door import Door
from hotline.calls.journal import TEXTED, Entry
from hotline.calls.texts.arrival import TextHeard, text_comes_in
from hotline.database import Transaction
from hotline.telephony.instructions import Instruction
from hotline.telephony.twilio.webhook_forms import text_form


def text_webhooks(router: APIRouter, door: Door) -> None:
    """Add the route for texts; it checks the signature first, and says nothing in its own answer.

    What goes back goes by an outward act, past the numbers that nobody may text.
    """

    @router.post("/sms")
    async def text(request: Request) -> Response:
        form = text_form(await door.proven_form(request))
        token = request.headers.get("I-Twilio-Idempotency-Token", "")
        sid = form.message_sid or token[:64] or token_hex(16)
        heard = TextHeard(sid, form.sender, form.body, form.pictures)

        def take_in(tx: Transaction) -> list[Instruction]:
            text_comes_in(door.board, tx, heard)
            return []

        def keep() -> None:
            at = door.clock.now().isoformat()
            door.journal.note(Entry(at, sid, heard.sender, TEXTED, heard.body, heard.pictures))

        return await door.once(sid, "text", take_in, keep)
