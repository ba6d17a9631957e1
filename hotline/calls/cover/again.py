"""Has everybody heard who must know? Whom the call about a missing colleague did not reach is rung again."""

from datetime import timedelta

from hotline.calls.cover.telling import tell
from hotline.calls.cover.words import TOLD_ABOUT, told_kind
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, NoticeState
from hotline.oncall.actions import who_must_know
from hotline.oncall.cover import Withdrawal
from hotline.oncall.withdrawals import store as withdrawals
from hotline.people.person import Person

AGAIN_AFTER = timedelta(minutes=5)
MOST_TIMES = 3
"""A voicemail takes nothing in; after the third call the board and the ring plan must do."""


def tell_again(board: Switchboard, database: Database) -> None:
    """Ring whoever must know of a shift that nobody covers yet, and has not pressed a key."""
    with database.transaction() as tx:
        for withdrawal in withdrawals.lock_in_force(tx):
            if withdrawal.is_open(tx.now):
                _tell_again(board, tx, withdrawal)


def _tell_again(board: Switchboard, tx: Transaction, withdrawal: Withdrawal) -> None:
    about = TOLD_ABOUT + withdrawal.id
    missed = [
        person
        for person in who_must_know(tx, withdrawal, board.countries)
        if _has_missed_it(tx, about, person, withdrawal)
    ]
    tell(board, tx, withdrawal, missed, told_kind(withdrawal), about)


def _has_missed_it(tx: Transaction, about: str, person: Person, withdrawal: Withdrawal) -> bool:
    told = [one for one in notices.about_call(tx, about) if one.person_id == person.id]
    if not told:
        # They were on the phone for us at that moment, or have come on duty since.
        return tx.now - withdrawal.said_at >= AGAIN_AFTER
    heard = any(one.channel == Channel.TEXT or one.state == NoticeState.TAKEN for one in told)
    waiting = told[-1].is_open or tx.now - told[-1].created_at < AGAIN_AFTER
    return not (heard or waiting) and len(told) < MOST_TIMES
