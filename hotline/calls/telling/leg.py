"""What happens on the leg that tells something about the rota? It says it twice, and takes in a key."""

from hotline.calls.heard import staff_words
from hotline.calls.presence.heard import reachable
from hotline.calls.promise.alarm_leg import START, AlarmHeard
from hotline.calls.switchboard import Switchboard
from hotline.calls.telling.words import GAP, NEWS, gap_values, news_values
from hotline.database import Transaction
from hotline.ivr.engine import Situation, Step, enter, take_turn
from hotline.ivr.nodes import Confirm
from hotline.ivr.prompts import Value
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Channel, Notice
from hotline.oncall.holes import store as holes
from hotline.oncall.holes.holes import OF_THE_DAY
from hotline.oncall.news import store as news
from hotline.oncall.news.news import taken_together
from hotline.people import store as people
from hotline.telephony.instructions import HangUp, Instruction, Listen


def telling_turn(board: Switchboard, tx: Transaction, notice_id: str, heard: AlarmHeard) -> list[Instruction]:
    """Tell, and take in the key; a gap is taken in by whoever presses first."""
    notice = notices.lock(tx, notice_id)
    if notice is None or notice.kind not in (NEWS, GAP):
        return [HangUp()]
    if not heard.on_line:
        notifications.over(tx, notice)
        return [HangUp()]
    if heard.at == START:
        notifications.picked_up(tx, notice, heard.sid)
        return _say(board, tx, notice, heard, enter(board.telling_flow, _node(tx, notice), Situation()))
    step = take_turn(board.telling_flow, heard.at, heard.key, Situation())
    if any(isinstance(effect, Confirm) for effect in step.does):
        notifications.taken(tx, notice)
        if notice.kind == NEWS:
            told = [one for one in news.untold(tx, notice.person_id) if one.noted_at <= notice.created_at]
            news.told(tx, told, Channel.CALL)
            # Who takes in that they are on now has shown themselves.
            for person in people.people_by_ids(tx, {notice.person_id}):
                reachable(board, tx, person)
    return _say(board, tx, notice, heard, step)


def _node(tx: Transaction, notice: Notice) -> str:
    if notice.kind == NEWS:
        return "news"
    alarms = holes.about(tx, notice.call_id)
    return "gaps" if any(one.stage == OF_THE_DAY and one.gaps > 1 for one in alarms) else "gap"


def _say(
    board: Switchboard, tx: Transaction, notice: Notice, heard: AlarmHeard, step: Step
) -> list[Instruction]:
    values: dict[str, Value] = {**board.telling_flow.spoken_keys}
    if step.node.exits:
        values |= _values(board, tx, notice)
    words = staff_words(board, None, step.says, "", tx.now, values)
    if not step.node.exits:
        return [*words, HangUp()]
    turn = f"{heard.turn}.{heard.key or 0}"[-30:]
    return [Listen(words, step.node.seconds, board.urls.telling(notice.id, turn, step.node.name))]


def _values(board: Switchboard, tx: Transaction, notice: Notice) -> dict[str, Value]:
    if notice.kind == GAP:
        return gap_values(board, holes.about(tx, notice.call_id))
    change = taken_together(news.untold(tx, notice.person_id), tx.now)
    return news_values(board, tx, notice.person_id, change)
