"""What can a member of staff ask and do behind the staff door?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from hotline.calls.call import Call
from hotline.calls.cover import telling
from hotline.calls.handover import talk
from hotline.calls.handover.at_the_door import with_handover
from hotline.calls.heard import seconds_of
from hotline.calls.live import LiveCall
from hotline.calls.presence.heard import check_in, is_unheard, leaving, note_leaving, reachable
from hotline.calls.promise.alarms import about_of, kind_of
from hotline.calls.staff import offered
from hotline.calls.staff.lent import lend
from hotline.calls.staff.words import Known, door_words
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp, to_take
from hotline.ivr.engine import Situation, Step, enter
from hotline.ivr.nodes import (
    CallColleague,
    CheckIn,
    CheckOut,
    ChooseShift,
    Effect,
    OfferShift,
    OpenDoor,
    Position,
    Say,
    StepDown,
    TakeOwed,
    TakeShift,
)
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel
from hotline.oncall.actions import duty_status
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
    came = Known()
    for effect in step.does:
        match effect:
            case TakeOwed():
                taking = _most_urgent(own.tx, person)
                if taking is not None:
                    return _take_owed(board, own, person, taking)
                step = enter(board.staff_flow, "nothing_owed", Situation())
            case CallColleague():
                return _call_colleague(board, own, person)
            case _:
                came = _brought_about(board, own, person, effect, came)
    if step.node.name == "cannot_sure":
        step = _sure_or_back(board, own, person, step)
    return arrive(board, own, person, offered.really(board, own, person, step), came)


def _brought_about(board: Switchboard, own: LiveCall, person: Person, effect: Effect, came: Known) -> Known:
    """Do what a key asks for and the same leg goes on from; return what the words must know of it."""
    match effect:
        case OpenDoor():
            own.change(flags=own.call.flags | {IN})
            reachable(board, own.tx, person)
        case CheckIn():
            here = check_in(board, own.tx, person) is not None
            own.note("checked_in", "", person.id)
            return replace(came, here=here)
        case CheckOut():
            note_leaving(own.tx, person)
        case ChooseShift() | OfferShift() | TakeShift():
            about = offered.bring_about(board, own, person, effect)
            return replace(came, offered=replace(came.offered, came=about))
        case StepDown():
            said = telling.cannot_now(board, own.tx, person, "phone")
            own.note("cannot_now", "", person.id)
            return replace(came, said=said)
    return came


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
    board: Switchboard, own: LiveCall, person: Person, step: Step, came: Known | None = None
) -> list[Instruction]:
    """Say what a node of the staff flow says, and listen; `came` is what a key has brought about."""
    known = came or Known()
    if is_in(own.call):
        about = replace(offered.known_of(own, person), came=known.offered.came)
        known = replace(known, offered=about)
    words = words_of(board, own.tx, person, step.says, known, is_in(own.call))
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
    known: Known,
    inside: bool = False,
) -> tuple[Heard, ...]:
    """Return what is heard; nothing of the rota is read, let alone said, before the right PIN."""
    if inside:
        count = len(to_take(owed.still_owed(tx), person.id))
        known = replace(known, status=duty_status(tx, person.id, tx.now), owed=count)
        known = with_handover(board, tx, person, known, says)
        known = replace(known, unheard=is_unheard(tx, person), leaving=leaving(tx, person))
    return door_words(board, tx, says, known)


def _call_colleague(board: Switchboard, own: LiveCall, person: Person) -> list[Instruction]:
    """Ring who comes next, or was there before, and let them wait in the room; or say that nobody is free."""
    words = words_of(board, own.tx, person, board.staff_flow.node("talk").says, Known(), inside=True)
    room = talk.begin(board, own, person)
    if room is None:
        return arrive(board, own, person, enter(board.staff_flow, "nobody_free", Situation()))
    lend(own)
    return [*words, room]


def _most_urgent(tx: Transaction, person: Person) -> FollowUp | None:
    return next(iter(to_take(owed.still_owed(tx), person.id)), None)


def _take_owed(board: Switchboard, own: LiveCall, person: Person, follow_up: FollowUp) -> list[Instruction]:
    """Let them hear the alarm of what is owed on this leg: a key takes it, the next calls the person back."""
    notice = notifications.new_notice(
        own.tx, person.id, follow_up.call_id, kind_of(own.tx, follow_up), Channel.CALL, about_of(follow_up)
    )
    notices.add(own.tx, replace(notice, sid=own.call.sid, answered_at=own.tx.now))
    own.note("hears_owed", follow_up.kind, person.id)
    lend(own)
    return [GoTo(board.urls.notice(notice.id, "0", "start"))]
