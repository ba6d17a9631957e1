"""What happens on the leg of a hand-over, or of the morning's numbers?"""

from hotline.calls.handover.words import MORNING, NODE_OF
from hotline.calls.heard import staff_words
from hotline.calls.morning.morning import morning_list
from hotline.calls.morning.window import window_of
from hotline.calls.promise.alarm_leg import START, AlarmHeard
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.engine import Situation, Step, enter, take_turn
from hotline.ivr.nodes import Confirm
from hotline.ivr.prompts import Value
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Notice, NoticeState
from hotline.telephony.instructions import HangUp, Instruction, Listen


def handover_turn(
    board: Switchboard, tx: Transaction, notice_id: str, heard: AlarmHeard
) -> list[Instruction]:
    """Say what the leg is for, and take in its key."""
    notice = notices.lock(tx, notice_id)
    if notice is None or notice.kind not in NODE_OF:
        return [HangUp()]
    if not heard.on_line:
        notifications.over(tx, notice)
        return [HangUp()]
    flow = board.handover_flow
    if heard.at == START:
        notifications.picked_up(tx, notice, heard.sid)
        return _say(board, tx, notice, heard, enter(flow, NODE_OF[notice.kind], Situation()))
    step = take_turn(flow, heard.at, heard.key, Situation())
    if any(isinstance(effect, Confirm) for effect in step.does):
        notices.change(tx, notice.id, {"state": NoticeState.TAKEN})
    return _say(board, tx, notice, heard, step)


def _say(
    board: Switchboard, tx: Transaction, notice: Notice, heard: AlarmHeard, step: Step
) -> list[Instruction]:
    values: dict[str, Value] = {**board.handover_flow.spoken_keys}
    if notice.kind == MORNING:
        values |= _numbers(board, tx, notice)
    words = staff_words(board, None, step.says, "", tx.now, values)
    if not step.node.exits:
        return [*words, HangUp()]
    turn = f"{heard.turn}.{heard.key or 0}"[-30:]
    return [Listen(words, step.node.seconds, board.urls.handover(notice.id, turn, step.node.name))]


def _numbers(board: Switchboard, tx: Transaction, notice: Notice) -> dict[str, Value]:
    """Return what the morning's list counts: the hour of its end says which list it is."""
    hours, zone = board.profile.handover, board.profile.service.timezone
    day = notice.about.astimezone(zone).date()
    return {**morning_list(tx, window_of(day, hours.list_at, zone)).counts}
