"""What follows when somebody says "I can't, now", or takes the rest of a shift, however they said it?"""

from collections.abc import Iterable

from hotline.calls import store as calls
from hotline.calls.cover.words import (
    ASKED,
    COVERED,
    FOUND,
    RELEASED,
    STAYS,
    THERE,
    TOLD_ABOUT,
    Message,
    message,
    target_of,
    told_kind,
)
from hotline.calls.ring import ring_for_waiting_calls
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, takes_texts
from hotline.oncall import actions
from hotline.oncall.cover import NIGHT, CannotNow, CannotOutcome, Cover, CoverOutcome, Withdrawal
from hotline.people import store as people
from hotline.people.person import Person


def cannot_now(board: Switchboard, tx: Transaction, person: Person, said_by: str) -> CannotNow:
    """Take in "I can't, now", ask for cover, and tell the social worker and the coordinator.

    Everything is done when it returns, but the answer to whoever said it: that is up to the caller of this
    function, who can say whether it was recorded, known already, or off duty, and whether they are the last.
    """
    said = actions.cannot_now(tx, person, said_by, board.countries)
    withdrawal = said.withdrawal
    if said.outcome == CannotOutcome.RECORDED and withdrawal is not None:
        tell(board, tx, withdrawal, said.ask, ASKED, withdrawal.id)
        tell(board, tx, withdrawal, said.tell, told_kind(withdrawal), TOLD_ABOUT + withdrawal.id)
    return said


def take_cover(
    board: Switchboard, tx: Transaction, person: Person, withdrawal_id: str | None = None
) -> Cover:
    """Give somebody the rest of a shift; waiting callers ring them at once, and everybody asked is let alone.

    Everything is done when it returns, but the answer to the taker: yours, taken by somebody else, and so on.
    """
    cover = actions.take_cover(tx, person, withdrawal_id)
    if cover.withdrawal is None or cover.outcome not in (CoverOutcome.YOURS, CoverOutcome.BACK):
        return cover
    stop_asking(tx, cover.withdrawal)
    if cover.outcome == CoverOutcome.YOURS:
        freed = (cover.freed,) if cover.freed is not None and not cover.withdrawal.is_unheard else ()
        _text(board, tx, cover.withdrawal, freed, COVERED)
    if not cover.too_often:
        knew = {one.person_id for one in notices.about_call(tx, TOLD_ABOUT + cover.withdrawal.id)}
        _text(board, tx, cover.withdrawal, people.people_by_ids(tx, knew - {person.id}), FOUND)
    ring_for_waiting_calls(board, tx)
    return cover


def found_again(board: Switchboard, tx: Transaction, withdrawal: Withdrawal) -> None:
    """Let everybody rest when a person is heard at last; who took the shift by their own word keeps it."""
    stop_asking(tx, withdrawal)
    taker = people.people_by_ids(tx, {withdrawal.taken_by} if withdrawal.taken_by else ())
    _text(board, tx, withdrawal, taker, RELEASED if withdrawal.said_by == NIGHT else STAYS)
    knew = {one.person_id for one in notices.about_call(tx, TOLD_ABOUT + withdrawal.id)}
    told = knew - {withdrawal.taken_by, withdrawal.person_id}
    _text(board, tx, withdrawal, people.people_by_ids(tx, {one for one in told if one}), THERE)


def stop_asking(tx: Transaction, withdrawal: Withdrawal) -> None:
    """Stop every phone that rings for cover and was not answered."""
    for notice in notices.about_call(tx, withdrawal.id):
        if notice.answered_at is None:
            notifications.stop(tx, notice)


def tell(
    board: Switchboard,
    tx: Transaction,
    withdrawal: Withdrawal,
    to: Iterable[Person],
    kind: str,
    about: str,
    rung: bool = False,
) -> None:
    """Tell people about a shift that somebody cannot keep."""
    reach(board, tx, to, message(board, withdrawal, kind, about), rung)


def reach(
    board: Switchboard, tx: Transaction, to: Iterable[Person], told: Message, rung: bool = False
) -> None:
    """Text those who can be texted, and ring the others, unless they are on the phone for us, or have left.

    `rung`: everybody is rung, because an answer is needed soon.
    """
    in_use = calls.people_in_legs(tx, "") | notifications.in_use(tx)
    for person in to:
        if not person.active:
            continue
        texted = takes_texts(person, board.sms_number) and not rung
        channel = Channel.TEXT if texted else Channel.CALL
        if channel == Channel.CALL and person.id in in_use:
            continue
        notice = notifications.new_notice(tx, person.id, told.about, told.kind, channel, told.moment)
        notifications.send(tx, notice, target_of(board, notice, told.text, person))


def _text(
    board: Switchboard, tx: Transaction, withdrawal: Withdrawal, to: Iterable[Person], kind: str
) -> None:
    """Tell a good end by text only: nobody is woken for it."""
    able = [person for person in to if takes_texts(person, board.sms_number)]
    tell(board, tx, withdrawal, able, kind, withdrawal.id)
