"""A caller waits: does a hand-over end for them? It does when one of the two would be rung now."""

from collections.abc import Collection
from secrets import token_hex

from hotline.calls.handover.talk import WANTED, end, move_asker, sides_of
from hotline.calls.handover.words import ASKS, TALK
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.handovers import store
from hotline.handovers.talk import TalkResult
from hotline.ivr.flows.handover_v1 import CALL_FIRST
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices


def handing_over(tx: Transaction) -> frozenset[str]:
    """Return whose phone is in a hand-over."""
    return frozenset(one.person_id for one in notices.open_calls(tx) if one.kind in (ASKS, TALK))


def end_for_a_caller(board: Switchboard, tx: Transaction, people: Collection[str]) -> None:
    """End the hand-overs of people who would be rung for a caller now.

    The asker comes back to the staff door, where the call is offered; the other is told, and let go.
    """
    for talk in store.open_talks(tx):
        if not {talk.asker_id, talk.other_id} & set(people):
            continue
        end(tx, talk, TalkResult.CALL_FIRST)
        for side in sides_of(tx, talk):
            if side.kind == ASKS:
                if talk.met_at is None:
                    move_asker(board, tx, talk, side, WANTED)
                # Otherwise the room ends with the other, and the exchange asks where to go.
            elif side.answered_at is None:
                notifications.stop(tx, side)
            else:
                notifications.move(tx, side, board.urls.handover(side.id, f"m{token_hex(4)}", CALL_FIRST))
