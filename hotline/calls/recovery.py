"""How do calls that were served without the database come into it, once it is back?"""

from collections.abc import Sequence
from datetime import datetime

from hotline.callers.caller import parse_caller
from hotline.calls import store
from hotline.calls.call import BY_BACKSTOP, ELSEWHERE, Call, CallOutcome
from hotline.calls.endings import caller_left
from hotline.calls.journal import ANSWERED, LEFT, TEXTED, Entry, Journal
from hotline.calls.live import LiveCall
from hotline.calls.switchboard import Switchboard
from hotline.calls.texts.arrival import TextHeard, text_comes_in
from hotline.database import Database, Transaction
from hotline.followups import actions as followups
from hotline.followups import store as owed
from hotline.followups.followup import Result
from hotline.ivr.nodes import Position


def import_journal(board: Switchboard, database: Database, journal: Journal) -> None:
    """Bring each call of the journal into the database: as answered, or with a follow-up."""
    entries = journal.take()
    by_sid: dict[str, list[Entry]] = {}
    for entry in entries:
        by_sid.setdefault(entry.sid, []).append(entry)
    for sid, steps in by_sid.items():
        with database.transaction() as tx:
            if steps[0].what == TEXTED:
                _import_text(board, tx, steps[0])
            else:
                _import(board, tx, sid, steps)
    journal.forget()


def _import_text(board: Switchboard, tx: Transaction, step: Entry) -> None:
    text_comes_in(board, tx, TextHeard(step.sid, step.caller, step.body, step.pictures))


def _import(board: Switchboard, tx: Transaction, sid: str, steps: Sequence[Entry]) -> None:
    known = store.lock_call_by_sid(tx, sid)
    live = LiveCall(tx, known) if known is not None else _unknown(board, tx, sid, steps[0])
    for step in steps:
        live.note("backstop", step.what)
    said = {step.what for step in steps}
    if ANSWERED in said:
        live.flag(BY_BACKSTOP)
    if live.call.caller_left_at is not None:
        if ANSWERED in said:
            _answered_after_all(live)
    elif steps[-1].what == LEFT:
        caller_left(board, live)
    live.save()


def _unknown(board: Switchboard, tx: Transaction, sid: str, first: Entry) -> LiveCall:
    """Store a call of which the database never heard; the ticker asks whether it is still on."""
    live = unheard_of(board, tx, sid, first.caller, first.moment)
    live.note("came_in", "without the database")
    live.add()
    return live


def unheard_of(board: Switchboard, tx: Transaction, sid: str, given: str, began: datetime) -> LiveCall:
    """Return a call that is served elsewhere since `began`, not stored yet; `given` as it was given."""
    caller = parse_caller(given)
    flow = board.caller_flow
    call = Call(
        id=store.new_id(tx),
        sid=sid,
        caller=caller.number,
        caller_hash=tx.keyring.fingerprint(caller.number) if caller.number else None,
        withheld=caller.withheld,
        flow_version=flow.version,
        position=Position.HOLD,
        node=flow.human,
        turn=0,
        language=board.profile.default_language,
        category=None,
        flags=frozenset({ELSEWHERE, *({"withheld"} if caller.withheld else ())}),
        keys=(),
        said=0,
        came_in_at=began,
        rung_at=began,
        pass_due_at=tx.now,
    )
    return LiveCall(tx, call)


def _answered_after_all(live: LiveCall) -> None:
    """Correct what was assumed when the caller left: a person had answered."""
    if live.call.outcome == CallOutcome.ANSWERED:
        return
    live.change(outcome=CallOutcome.ANSWERED)
    live.note("outcome", CallOutcome.ANSWERED)
    follow_up = owed.lock_of_call(live.tx, live.call.id)
    if follow_up is not None:
        followups.finish(live.tx, follow_up, Result.IN_THE_CALL)
