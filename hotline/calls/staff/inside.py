"""What can a member of staff ask and do behind the staff door?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from hotline.calls.call import Call
from hotline.calls.cover import telling
from hotline.calls.heard import seconds_of
from hotline.calls.live import LiveCall
from hotline.calls.promise.alarms import about_of
from hotline.calls.staff import offered
from hotline.calls.staff.lent import lend
from hotline.calls.staff.words import Known, door_words
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp, to_take
from hotline.ivr.engine import Situation, Step, enter
from hotline.ivr.nodes import ChooseShift, OfferShift, OpenDoor, Position, Say, StepDown, TakeOwed, TakeShift
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel
from hotline.oncall.actions import duty_status
from hotline.oncall.cover import CannotNow
from hotline.people.person import Person
from hotline.telephony.instructions import GoTo, HangUp, Heard, Instruction, Listen

IN = "pin_right"
"""Flag of a call in which the right PIN was keyed in."""

_LONGEST_PIN, _LONGEST_KEYING = 12, 60


def is_in(call: Call) -> bool:
    """Tell whether the right PIN has been keyed in."""
    return IN in call.flags


def take_step(board: Switchboard, own: LiveCall, person: Person, step: Step) -> list[Instruction]:
    """Bring about what a key asks for, and say what follows."""
    said, came = None, None
    for effect in step.does:
        match effect:
            case OpenDoor():
                own.change(flags=own.call.flags | {IN})
            case TakeOwed():
                taking = _most_urgent(own.tx, person)
                if taking is not None:
                    return _take_owed(board, own, person, taking)
                step = enter(board.staff_flow, "nothing_owed", Situation())
            case ChooseShift() | OfferShift() | TakeShift():
                came = offered.bring_about(board, own, person, effect)
            case StepDown():
                said = telling.cannot_now(board, own.tx, person, "phone")
                own.note("cannot_now", "", person.id)
    if step.node.name == "cannot_sure":
        step = _sure_or_back(board, own, person, step)
    return arrive(board, own, person, offered.really(board, own, person, step), said, came)


def _sure_or_back(board: Switchboard, own: LiveCall, person: Person, step: Step) -> Step:
    """Ask once more, unless they said it before: then the same key means that they can again."""
    status = duty_status(own.tx, person.id, own.tx.now)
    if status.until is None:
        return enter(board.staff_flow, "inside", Situation())
    if not status.withdrawn:
        return step
    telling.take_cover(board, own.tx, person)
    own.note("can_again", "", person.id)
    return enter(board.staff_flow, "back", Situation())


def arrive(
    board: Switchboard,
    own: LiveCall,
    person: Person,
    step: Step,
    said: CannotNow | None = None,
    came: offered.Came | None = None,
) -> list[Instruction]:
    """Say what a node of the staff flow says, and listen."""
    known = replace(offered.known_of(own, person), came=came) if is_in(own.call) else offered.Offered()
    words = words_of(board, own.tx, person, step.says, said, is_in(own.call), known)
    seconds = seconds_of(words) + step.node.seconds + (_LONGEST_KEYING if step.node.typing else 0)
    own.change(position=Position.STAFF, node=step.node.name)
    own.change(pass_due_at=own.tx.now + timedelta(seconds=seconds))
    if not step.node.exits:
        return [*words, HangUp()]
    url = board.urls.staff(own.call.id, own.next_turn(), step.node.name)
    if step.node.typing:
        return [Listen(words, step.node.seconds, url, digits=_LONGEST_PIN, finish_on="#")]
    return [Listen(words, step.node.seconds, url)]


def words_of(
    board: Switchboard,
    tx: Transaction,
    person: Person,
    says: Iterable[Say],
    said: CannotNow | None = None,
    inside: bool = False,
    about_offers: offered.Offered | None = None,
) -> tuple[Heard, ...]:
    """Return what is heard; nothing of the rota is read, let alone said, before the right PIN."""
    known = Known(said=said, offered=about_offers or offered.Offered())
    if inside:
        count = len(to_take(owed.still_owed(tx), person.id))
        known = replace(known, status=duty_status(tx, person.id, tx.now), owed=count)
    return door_words(board, tx, says, known)


def _most_urgent(tx: Transaction, person: Person) -> FollowUp | None:
    return next(iter(to_take(owed.still_owed(tx), person.id)), None)


def _take_owed(board: Switchboard, own: LiveCall, person: Person, follow_up: FollowUp) -> list[Instruction]:
    """Let them hear the alarm of what is owed on this leg: a key takes it, the next calls the person back."""
    notice = notifications.new_notice(
        own.tx, person.id, follow_up.call_id, follow_up.kind, Channel.CALL, about_of(follow_up)
    )
    notices.add(own.tx, replace(notice, sid=own.call.sid, answered_at=own.tx.now))
    own.note("hears_owed", follow_up.kind, person.id)
    lend(own)
    return [GoTo(board.urls.notice(notice.id, "0", "start"))]
