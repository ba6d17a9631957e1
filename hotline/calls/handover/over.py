"""The leg of a notice has ended, or a hand-over was lost track of: what follows?"""

from hotline.calls.handover.talk import NOT_REACHED, end, move_asker, side_over, sides_of
from hotline.calls.handover.words import ASKS, TALK
from hotline.calls.promise.alarm_leg import alarm_over
from hotline.calls.ring import ring_for_waiting_calls
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.handovers import store
from hotline.handovers.talk import TalkResult
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.telephony.acts import Act, Outcome


def notice_over(board: Switchboard, tx: Transaction, notice_id: str) -> None:
    """Take in that the leg of a notice has ended; of a hand-over, the other side is told."""
    seen = notices.get(tx, notice_id)
    if seen is None or seen.kind not in (ASKS, TALK):
        alarm_over(tx, notice_id)
        return
    notice = notices.lock(tx, notice_id)
    if notice is None or not notice.is_open:
        return
    side_over(board, tx, notice)
    # Their phone is free for whoever waits.
    ring_for_waiting_calls(board, tx)


def settle(board: Switchboard, tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Store how a notice went out; a colleague whose phone could not be rung is one who was not reached."""
    notifications.settle(tx, act, outcome)
    notice = notices.get(tx, act.subject)
    if notice is not None and notice.kind == TALK and not notice.is_open:
        _look_after(board, tx, notice.call_id)


def look_after_talks(board: Switchboard, database: Database) -> None:
    """End the hand-overs of which one side is gone without a word, so that nobody waits for it."""
    with database.reading() as tx:
        running = store.open_talks(tx)
    for talk in running:
        with database.transaction() as tx:
            _look_after(board, tx, talk.id)


def _look_after(board: Switchboard, tx: Transaction, talk_id: str) -> None:
    talk = store.lock_talk(tx, talk_id)
    if talk is None or talk.ended_at is not None:
        return
    sides = {side.kind: side for side in sides_of(tx, talk)}
    if {ASKS, TALK} <= sides.keys():
        return
    end(tx, talk, TalkResult.TALKED if talk.met_at is not None else TalkResult.NOT_REACHED)
    if ASKS in sides and talk.met_at is None:
        move_asker(board, tx, talk, sides[ASKS], NOT_REACHED)
