"""What does Twilio call while one of ours is at the staff door?"""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response

from hotline.calls import backstop_leg
from hotline.calls import store as calls
from hotline.calls.caller_heard import callers_key
from hotline.calls.door import Door, tries_of
from hotline.calls.staff.staff_leg import StaffHeard, staff_turn
from hotline.calls.staff.who import person_calling
from hotline.people import store as people
from hotline.people.pin import pin_matches
from hotline.telephony.instructions import GoTo
from hotline.telephony.replies import LONGEST_TURN
from hotline.telephony.twilio.webhook_forms import Ours, voice_form

_PIN_NODES = frozenset({"code", "code_again"})
_LEAST = 4


def staff_webhooks(router: APIRouter, door: Door) -> None:
    """Add the route of the staff door; it checks the signature first."""
    board = door.board

    @router.post("/staff")
    async def staff(request: Request, call: Ours = "", turn: Ours = "", at: Ours = "") -> Response:
        form = voice_form(await door.proven_form(request))
        tries = tries_of(str(request.url))
        typing = at in _PIN_NODES
        heard = StaffHeard(
            sid=form.call_sid,
            at=at,
            turn=turn,
            key=callers_key(form.digits),
            typed=form.digits,
            on_line=not form.is_over,
            # A PIN never travels in an address: taken again, the turn asks for it anew.
            again=typing and tries > 0 and not form.digits,
        )
        check = _PinCheck(door, form.call_sid, form.digits if typing else "")
        return await door.turn(
            request,
            form.call_sid,
            f"s{turn}"[:LONGEST_TURN],
            lambda tx: (
                staff_turn(board, tx, call, replace(heard, pin_right=check.right))
                or [GoTo(board.urls.come_in_again(door.language_of(request)))]
            ),
            lambda url: backstop_leg.apologise(door, form, tries, url, door.language_of(request)),
            check,
        )


@dataclass
class _PinCheck:
    """Compare a PIN with the one stored: slow on purpose, so it is done while nothing is locked."""

    door: Door
    sid: str
    typed: str
    right: bool = False

    def __call__(self) -> None:
        """Take the time that it takes; without a PIN to look at, none."""
        if len(self.typed) < _LEAST:
            return
        with self.door.database.reading() as tx:
            call = calls.call_by_sid(tx, self.sid)
            person = person_calling(tx, call.caller) if call is not None else None
            pin_hash = people.pin_hash_of(tx, person.id) if person is not None else None
        self.right = pin_matches(pin_hash, self.typed)
