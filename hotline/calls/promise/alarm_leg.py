"""What happens on the leg of an alarm? It says what is owed; a key takes it, and calls the person back."""

from dataclasses import dataclass

from hotline.calls.heard import staff_words
from hotline.calls.promise import call_back, store
from hotline.calls.promise.alarms import alarm_values, kind_of
from hotline.calls.switchboard import Switchboard
from hotline.calls.texts.aloud import number_to_say, spoken_texts
from hotline.database import Transaction
from hotline.followups import actions as followups
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp, Kind, Result, State
from hotline.ivr.engine import Situation, Step, enter, take_turn
from hotline.ivr.nodes import CallPerson, Confirm, Report, Say
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Notice
from hotline.people import store as people
from hotline.telephony.instructions import HangUp, Instruction, Listen

START, BACK = "start", "back"


@dataclass(frozen=True)
class AlarmHeard:
    """What a turn of an alarm's leg reports: where it stood, in which turn, and the key."""

    sid: str
    at: str
    turn: str
    key: str | None = None
    on_line: bool = True


@dataclass
class _Leg:
    """One turn: the notice, what it is about, and where the next turn comes in."""

    board: Switchboard
    tx: Transaction
    notice: Notice
    follow_up: FollowUp
    heard: AlarmHeard

    @property
    def next_turn(self) -> str:
        return f"{self.heard.turn}.{self.heard.key or 0}"[-30:]


def alarm_turn(board: Switchboard, tx: Transaction, notice_id: str, heard: AlarmHeard) -> list[Instruction]:
    """Say the alarm, take in its key, and after the call-back ask how it went."""
    seen = notices.get(tx, notice_id)
    follow_up = owed.lock_of_call(tx, seen.call_id) if seen is not None else None
    notice = notices.lock(tx, notice_id)
    if notice is None or follow_up is None:
        return [HangUp()]
    if not heard.on_line:
        alarm_over(tx, notice_id)
        return [HangUp()]
    leg = _Leg(board, tx, notice, follow_up, heard)
    flow = board.notice_flow
    if heard.at == START:
        notifications.picked_up(tx, notice, heard.sid)
        if follow_up.state == State.DONE:
            return _say(leg, enter(flow, "taken_by_other", Situation()))
        return _say(leg, enter(flow, kind_of(tx, follow_up), Situation()))
    if heard.at == BACK:
        return _say(leg, enter(flow, call_back.after(tx, notice, follow_up), Situation()))
    return _take_in(leg, take_turn(flow, heard.at, heard.key, Situation()))


def alarm_over(tx: Transaction, notice_id: str) -> None:
    """Take in that the leg has ended, or a text went nowhere; an attempt that ran on it ends too."""
    seen = notices.get(tx, notice_id)
    follow_up = owed.lock_of_call(tx, seen.call_id) if seen is not None else None
    notice = notices.lock(tx, notice_id)
    if notice is None or not notice.is_open:
        if notice is not None:
            notifications.undelivered(tx, notice)
        return
    notifications.over(tx, notice)
    if follow_up is not None:
        call_back.owner_gone(tx, notice, follow_up)


def _take_in(leg: _Leg, step: Step) -> list[Instruction]:
    for effect in step.does:
        match effect:
            case Confirm() if not _take(leg):
                return _say(leg, enter(leg.board.notice_flow, "taken_by_other", Situation()))
            case CallPerson():
                room = call_back.begin(leg.board, leg.tx, leg.notice, leg.follow_up, leg.next_turn)
                return room or _say(leg, enter(leg.board.notice_flow, "lapsed", Situation()))
            case Report("read"):
                followups.finish(leg.tx, leg.follow_up, Result.READ)
            case Report(result):
                call_back.report(leg.tx, leg.notice, leg.follow_up, result)
    return _say(leg, step)


def _take(leg: _Leg) -> bool:
    """Make this person the owner, unless somebody else was quicker."""
    follow_up, person_id = leg.follow_up, leg.notice.person_id
    others = follow_up.state == State.OWNED and follow_up.owner_id != person_id
    if follow_up.state == State.DONE or others:
        return False
    leg.follow_up = followups.take(leg.tx, follow_up, person_id)
    notifications.taken(leg.tx, leg.notice)
    event = "taken" if follow_up.kind == Kind.CALL_BACK else "understood"
    store.note(leg.tx, follow_up, event, "", person_id)
    return True


def _who_wants(leg: _Leg) -> str:
    wants = store.who_wants_the_social_worker(leg.tx, leg.follow_up.call_id)
    found = people.people_by_ids(leg.tx, {wants} if wants else set())
    return found[0].name.split()[0] if found else ""


def _say(leg: _Leg, step: Step) -> list[Instruction]:
    board = leg.board
    values = {**board.notice_flow.spoken_keys, **alarm_values(board, leg.notice)}
    says = step.node.says
    if step.node.name == "text_words":
        values |= spoken_texts(board, leg.tx, leg.follow_up.call_id)
    if step.node.name == "wanted_by":
        values |= {"name": _who_wants(leg)}
    if step.node.name == "text_number":
        caller = number_to_say(leg.tx, leg.follow_up.call_id)
        values |= {"caller": caller or ""}
        says = says if caller else (Say("extra.withheld"), *says[1:])
    words = staff_words(board, None, says, "", leg.tx.now, values)
    if not step.node.exits:
        return [*words, HangUp()]
    url = board.urls.notice(leg.notice.id, leg.next_turn, step.node.name)
    return [Listen(words, step.node.seconds, url)]
