"""How is somebody called back? The owner first; the machine says nothing to the called side."""

from datetime import timedelta
from secrets import token_hex

from hotline.callers import store as contact_store
from hotline.calls import store as call_store
from hotline.calls.call import RESULT_OF_STATUS, LegResult
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.followups import actions as followups
from hotline.followups import store as owed
from hotline.followups.followup import CallBack, FollowUp, Result, State
from hotline.notifications import actions as notifications
from hotline.notifications import store as notices
from hotline.notifications.notice import Notice
from hotline.telephony import acts
from hotline.telephony.acts import ANSWER_LOST, Act, ActKind, ActState, Outcome, Priority
from hotline.telephony.instructions import HangUp, Instruction, JoinRoom
from hotline.telephony.line import NumberRefused

CALL_BACK = "call_back"
"""Purpose of our acts."""

RING_SECONDS = 30
TALKED_FOR = timedelta(seconds=30)
"""An owner who hangs up without a key after so long has talked with the person, not with a voicemail box."""

NOT_RUNG = "not_rung"
"""How an attempt ended in which the provider would not ring the person's phone: it counts as none."""

TALKED, AGAIN, WRONG = "talked", "again", "wrong"
"""What the owner may report by key."""


def begin(
    board: Switchboard, tx: Transaction, notice: Notice, follow_up: FollowUp, turn: str
) -> list[Instruction]:
    """Ring the person, and let the owner wait in the room; nothing when nobody may be rung (any more)."""
    contact = contact_store.contact_of(tx, follow_up.call_id)
    if contact is None or contact.number is None or not contact.allows(tx.now):
        followups.turn_into_review(tx, follow_up, heard_by_owner=True)
        return []
    attempt = CallBack(
        token_hex(8), follow_up.id, notice.id, notice.person_id, f"b{token_hex(12)}", began_at=tx.now
    )
    target = {
        "number": contact.number,
        "answer_url": board.urls.called_back(attempt.id, "answer"),
        "status_url": board.urls.called_back_status(attempt.id),
        "seconds": RING_SECONDS,
    }
    lane = f"back:{attempt.id}"
    try:
        acts.intend(tx, Act(ActKind.RING, CALL_BACK, attempt.id, lane, Priority.RING, target))
    except NumberRefused:
        followups.turn_into_review(tx, follow_up, heard_by_owner=True)
        return []
    owed.add_call_back(tx, attempt)
    followups.attempted(tx, follow_up)
    call_store.add_events(tx, follow_up.call_id, [("calls_back", "", notice.person_id)])
    return [
        JoinRoom(
            attempt.room,
            then=board.urls.notice(notice.id, turn, "back"),
            wait=board.urls.room_wait("responder"),
            events=board.urls.room_events(attempt.room),
        )
    ]


def person_turn(board: Switchboard, tx: Transaction, attempt_id: str, at: str, sid: str) -> list[Instruction]:
    """Bring whoever answered to the owner, without a word."""
    found = owed.lock_call_back(tx, attempt_id)
    if found is None or at != "answer" or found[1].ended_at is not None:
        return [HangUp()]
    follow_up, attempt = found
    owed.change_call_back(tx, attempt.id, {"met_at": tx.now, "sid": sid})
    call_store.add_events(tx, follow_up.call_id, [("called_back", "", attempt.person_id)])
    return [
        JoinRoom(
            attempt.room,
            then=board.urls.called_back(attempt.id, "over"),
            wait=board.urls.called_back_wait(),
            events=board.urls.room_events(attempt.room),
        )
    ]


def person_status(board: Switchboard, tx: Transaction, attempt_id: str, sid: str, status: str) -> None:
    """Take in how the called leg fares; the owner is told when it was not answered."""
    found = owed.lock_call_back(tx, attempt_id)
    if found is None or found[1].ended_at is not None:
        return
    attempt = found[1]
    if attempt.sid is None and sid:
        owed.change_call_back(tx, attempt.id, {"sid": sid})
    if attempt.met_at is not None and status == "completed":
        owed.change_call_back(tx, attempt.id, {"ended_at": tx.now})
    elif status in RESULT_OF_STATUS or status == "completed":
        _unanswered(board, tx, found[0], attempt, RESULT_OF_STATUS.get(status, LegResult.CANCELED))


def settle(board: Switchboard, tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Store that the person's phone is being rung, or that it cannot be."""
    found = owed.lock_call_back(tx, act.subject)
    if found is None or act.kind != ActKind.RING:
        return
    follow_up, attempt = found
    if outcome.state == ActState.DONE:
        owed.change_call_back(tx, attempt.id, {"sid": outcome.answer})
        if attempt.ended_at is not None:
            _end_call(tx, attempt.id, outcome.answer)
    elif attempt.ended_at is None:
        never_rang = outcome.reached is False or outcome.error == ANSWER_LOST
        _unanswered(board, tx, follow_up, attempt, NOT_RUNG if never_rang else LegResult.FAILED)


def after(tx: Transaction, notice: Notice, follow_up: FollowUp) -> str:
    """Return at which node the owner arrives when the room has ended."""
    attempt = owed.latest_call_back(tx, notice.id)
    if attempt is not None and attempt.ended_at is None:
        _end(tx, attempt, None if attempt.met_at else LegResult.CANCELED)
        if attempt.sid is not None:
            _end_call(tx, attempt.id, attempt.sid)
        if attempt.met_at is None:
            follow_up = _tried(tx, follow_up, busy=False)
    if attempt is not None and attempt.met_at is not None:
        return "after"
    if attempt is not None and attempt.result == NOT_RUNG:
        return "not_rung"
    return "enough" if follow_up.state == State.DONE else "not_reached"


def report(tx: Transaction, notice: Notice, follow_up: FollowUp, result: str) -> None:
    """Take in how the owner says it went."""
    attempt = owed.latest_call_back(tx, notice.id)
    if attempt is None or attempt.result is not None:
        return
    owed.change_call_back(tx, attempt.id, {"result": result})
    if result == TALKED:
        followups.finish(tx, follow_up, Result.TALKED)
    elif result == WRONG:
        followups.reached_the_wrong_person(tx, follow_up)
    else:
        _tried(tx, follow_up, busy=False)
    call_store.add_events(tx, follow_up.call_id, [("reported", result, notice.person_id)])


def owner_gone(tx: Transaction, notice: Notice, follow_up: FollowUp) -> None:
    """Take in that the owner's leg has ended: so does the call, and it counts as what it was."""
    attempt = owed.latest_call_back(tx, notice.id)
    if attempt is None or attempt.result is not None:
        return
    running = attempt.ended_at is None
    if running:
        _end(tx, attempt, None)
        if attempt.sid is not None:
            _end_call(tx, attempt.id, attempt.sid)
    until = tx.now if running else attempt.ended_at or tx.now
    talked = attempt.met_at is not None and until - attempt.met_at >= TALKED_FOR
    report(tx, notice, follow_up, TALKED if talked else AGAIN)


def _unanswered(
    board: Switchboard, tx: Transaction, follow_up: FollowUp, attempt: CallBack, result: str
) -> None:
    """Close an attempt that nobody answered, and tell the owner, who waits in the room."""
    _end(tx, attempt, result)
    if result == NOT_RUNG:
        followups.not_rung(tx, follow_up)
    else:
        _tried(tx, follow_up, busy=result == LegResult.BUSY)
    call_store.add_events(tx, follow_up.call_id, [("not_reached", result, attempt.person_id)])
    notice = notices.lock(tx, attempt.notice_id)
    if notice is not None:
        notifications.move(tx, notice, board.urls.notice(notice.id, f"m{token_hex(4)}", "back"))


def _tried(tx: Transaction, follow_up: FollowUp, busy: bool) -> FollowUp:
    return follow_up if follow_up.state == State.DONE else followups.not_reached(tx, follow_up, busy)


def _end(tx: Transaction, attempt: CallBack, result: str | None) -> None:
    values = {"ended_at": tx.now} if result is None else {"ended_at": tx.now, "result": result}
    owed.change_call_back(tx, attempt.id, values)


def _end_call(tx: Transaction, attempt_id: str, sid: str) -> None:
    act = Act(ActKind.HANG_UP, CALL_BACK, attempt_id, f"back:{attempt_id}", Priority.END, {"sid": sid})
    acts.intend(tx, act)
