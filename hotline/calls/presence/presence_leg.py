"""What happens on the leg that asks somebody whether they are there?"""

from hotline.calls.heard import staff_words
from hotline.calls.presence.heard import cannot_come, check_in
from hotline.calls.presence.words import NODES, spoken_values
from hotline.calls.promise.alarm_leg import START, AlarmHeard
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.engine import Situation, Step, enter, take_turn
from hotline.ivr.nodes import PassOn
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Notice, NoticeState
from hotline.oncall.presence import store
from hotline.oncall.presence.check import Check
from hotline.people import store as people
from hotline.telephony.instructions import HangUp, Instruction, Listen


def presence_turn(
    board: Switchboard, tx: Transaction, notice_id: str, heard: AlarmHeard
) -> list[Instruction]:
    """Ask, and take in the key; a voicemail presses none."""
    notice = notices.get(tx, notice_id)
    check = store.get(tx, notice.call_id) if notice is not None else None
    if notice is None or check is None or notice.kind not in NODES:
        return [HangUp()]
    if not heard.on_line:
        notifications.over(tx, notice)
        return [HangUp()]
    flow = board.presence_flow
    if heard.at == START:
        notifications.picked_up(tx, notice, heard.sid)
        return _say(board, tx, notice, check, heard, enter(flow, notice.kind, Situation()))
    step = take_turn(flow, heard.at, heard.key, Situation())
    return _say(board, tx, notice, check, heard, _answered(board, tx, notice, check, step))


def _answered(board: Switchboard, tx: Transaction, notice: Notice, check: Check, step: Step) -> Step:
    person = next(iter(people.people_by_ids(tx, {notice.person_id})), None)
    if person is None or not step.does:
        return step
    notices.change(tx, notice.id, {"state": NoticeState.TAKEN})
    if any(isinstance(effect, PassOn) for effect in step.does):
        return enter(board.presence_flow, cannot_come(board, tx, person, check), Situation())
    check_in(board, tx, person)
    return step


def _say(
    board: Switchboard, tx: Transaction, notice: Notice, check: Check, heard: AlarmHeard, step: Step
) -> list[Instruction]:
    values = {**board.presence_flow.spoken_keys, **spoken_values(board, tx, check)}
    words = staff_words(board, None, step.says, "", tx.now, values)
    if not step.node.exits:
        return [*words, HangUp()]
    turn = f"{heard.turn}.{heard.key or 0}"[-30:]
    return [Listen(words, step.node.seconds, board.urls.presence(notice.id, turn, step.node.name))]
