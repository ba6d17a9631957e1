"""What happens on the leg of a hand-over, or of the morning's numbers?"""

from hotline.calls.handover import talk as talks
from hotline.calls.handover.over import notice_over
from hotline.calls.handover.words import MORNING, NODE_OF, TALK
from hotline.calls.heard import staff_words
from hotline.calls.morning.morning import morning_list
from hotline.calls.morning.window import window_of
from hotline.calls.promise.alarm_leg import START, AlarmHeard
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.handovers import store
from hotline.ivr.engine import Situation, Step, enter, take_turn
from hotline.ivr.flows.handover_v1 import CALL_FIRST, GONE
from hotline.ivr.nodes import Accept, Confirm
from hotline.ivr.prompts import Value
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Notice, NoticeState
from hotline.people import store as people
from hotline.telephony.instructions import HangUp, Instruction, Listen

OVER = "over"
"""Where a leg comes when the room has ended."""

_LED_TO = frozenset({CALL_FIRST, GONE})
"""Where the live call leads a leg, whatever key is pressed."""


def handover_turn(
    board: Switchboard, tx: Transaction, notice_id: str, heard: AlarmHeard
) -> list[Instruction]:
    """Say what the leg is for, and take in its key."""
    notice = notices.get(tx, notice_id)
    if notice is None or notice.kind not in NODE_OF:
        return [HangUp()]
    if not heard.on_line:
        notice_over(board, tx, notice_id)
        return [HangUp()]
    flow = board.handover_flow
    if heard.at == START:
        notifications.picked_up(tx, notice, heard.sid)
        return _say(board, tx, notice, heard, enter(flow, _begin(tx, notice), Situation()))
    if heard.at == OVER:
        return [HangUp()]
    if heard.at in _LED_TO:
        return _say(board, tx, notice, heard, enter(flow, heard.at, Situation()))
    step = take_turn(flow, heard.at, heard.key, Situation())
    for effect in step.does:
        match effect:
            case Accept():
                return _join(board, tx, notice, heard)
            case Confirm():
                notices.change(tx, notice.id, {"state": NoticeState.TAKEN})
    return _say(board, tx, notice, heard, step)


def _begin(tx: Transaction, notice: Notice) -> str:
    """Return where the leg begins: nobody is asked to talk with somebody who has hung up."""
    if notice.kind != TALK:
        return NODE_OF[notice.kind]
    talk = store.lock_talk(tx, notice.call_id)
    return GONE if talk is None or talk.ended_at is not None else NODE_OF[notice.kind]


def _join(board: Switchboard, tx: Transaction, notice: Notice, heard: AlarmHeard) -> list[Instruction]:
    talk = store.lock_talk(tx, notice.call_id)
    if notice.kind != TALK or talk is None or talk.ended_at is not None:
        return _say(board, tx, notice, heard, enter(board.handover_flow, GONE, Situation()))
    return [talks.join(board, tx, talk, notice, _next_turn(heard))]


def _next_turn(heard: AlarmHeard) -> str:
    return f"{heard.turn}.{heard.key or 0}"[-30:]


def _say(
    board: Switchboard, tx: Transaction, notice: Notice, heard: AlarmHeard, step: Step
) -> list[Instruction]:
    values: dict[str, Value] = {**board.handover_flow.spoken_keys}
    if notice.kind == MORNING:
        values |= _numbers(board, tx, notice)
    if notice.kind == TALK:
        values |= _who_asks(tx, notice)
    words = staff_words(board, None, step.says, "", tx.now, values)
    if not step.node.exits:
        return [*words, HangUp()]
    url = board.urls.handover(notice.id, _next_turn(heard), step.node.name)
    return [Listen(words, step.node.seconds, url)]


def _who_asks(tx: Transaction, notice: Notice) -> dict[str, Value]:
    talk = store.lock_talk(tx, notice.call_id)
    found = people.people_by_ids(tx, {talk.asker_id}) if talk is not None else ()
    return {"name": "".join(one.name.partition(" ")[0] for one in found)}


def _numbers(board: Switchboard, tx: Transaction, notice: Notice) -> dict[str, Value]:
    """Return what the morning's list counts: the hour of its end says which list it is."""
    hours, zone = board.profile.handover, board.profile.service.timezone
    day = notice.about.astimezone(zone).date()
    return {**morning_list(tx, window_of(day, hours.list_at, zone)).counts}
