"""What happens on the leg that asks for cover, or for a shift that is offered, or tells of either?"""

from hotline.calls.cover import offer_leg
from hotline.calls.cover.telling import take_cover
from hotline.calls.cover.words import ASKED, NODE_OF, TOLD_ABOUT, role_words, spoken_until
from hotline.calls.heard import staff_words
from hotline.calls.promise.alarm_leg import START, AlarmHeard
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.engine import Situation, Step, enter, take_turn
from hotline.ivr.nodes import Confirm, PassOn
from hotline.ivr.prompts import Value
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Notice, NoticeState
from hotline.oncall.cover import CoverOutcome
from hotline.oncall.swaps.refusal import Why
from hotline.oncall.withdrawals import store as withdrawals
from hotline.people import store as people
from hotline.telephony.instructions import HangUp, Instruction, Listen

_NODE_OF_OUTCOME = {CoverOutcome.YOURS: "yours", CoverOutcome.BACK: "yours", CoverOutcome.ON_DUTY: "yours"}


def cover_turn(board: Switchboard, tx: Transaction, notice_id: str, heard: AlarmHeard) -> list[Instruction]:
    """Ask or tell, and take in the key; the first who takes the shift has it."""
    notice = notices.get(tx, notice_id)
    node = NODE_OF.get(notice.kind) or offer_leg.NODE_OF.get(notice.kind) if notice is not None else None
    if notice is None or node is None:
        return [HangUp()]
    if not heard.on_line:
        notifications.over(tx, notice)
        return [HangUp()]
    flow = board.cover_flow
    if heard.at == START:
        notifications.picked_up(tx, notice, heard.sid)
        return _say(board, tx, notice, heard, enter(flow, node, Situation()))
    step = take_turn(flow, heard.at, heard.key, Situation())
    if any(isinstance(effect, Confirm) for effect in step.does):
        step, why = _confirmed(board, tx, notice, step)
        return _say(board, tx, notice, heard, step, why)
    if any(isinstance(effect, PassOn) for effect in step.does):
        offer_leg.declined(tx, notice)
    return _say(board, tx, notice, heard, step)


def _confirmed(board: Switchboard, tx: Transaction, notice: Notice, step: Step) -> tuple[Step, Why | None]:
    why = None
    if notice.kind == ASKED:
        person = next(iter(people.people_by_ids(tx, {notice.person_id})), None)
        # The shift first, then what rings for it: whoever takes it by text goes the same way.
        outcome = take_cover(board, tx, person, notice.call_id).outcome if person else CoverOutcome.NOTHING
        node = _NODE_OF_OUTCOME.get(outcome, "taken")
        step = enter(board.cover_flow, node, Situation())
    elif notice.kind in offer_leg.ASKS:
        node, why = offer_leg.take(board, tx, notice)
        step = enter(board.cover_flow, node, Situation())
    notices.change(tx, notice.id, {"state": NoticeState.TAKEN})
    return step, why


def _say(
    board: Switchboard,
    tx: Transaction,
    notice: Notice,
    heard: AlarmHeard,
    step: Step,
    why: Why | None = None,
) -> list[Instruction]:
    values = {**board.cover_flow.spoken_keys, **_values(board, tx, notice, why)}
    words = staff_words(board, None, step.says, "", tx.now, values)
    if not step.node.exits:
        return [*words, HangUp()]
    turn = f"{heard.turn}.{heard.key or 0}"[-30:]
    return [Listen(words, step.node.seconds, board.urls.cover(notice.id, turn, step.node.name))]


def _values(board: Switchboard, tx: Transaction, notice: Notice, why: Why | None) -> dict[str, Value]:
    if notice.kind in offer_leg.NODE_OF:
        return offer_leg.values(board, tx, notice, why)
    withdrawal = withdrawals.by_id(tx, notice.call_id.removeprefix(TOLD_ABOUT))
    return {
        "until": spoken_until(board, notice.about, tx.now),
        "roles": role_words(board, withdrawal.role) if withdrawal is not None else "",
    }
