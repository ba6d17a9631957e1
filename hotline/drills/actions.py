"""How does a practice call begin, end, and give way to a real one?"""

from collections.abc import Collection
from secrets import randbelow, token_hex

from hotline.database import Transaction
from hotline.drills import store
from hotline.drills.drill import CODE_HOLDS, LONGEST, Drill, Result, result_of
from hotline.people.person import Person
from hotline.telephony import acts
from hotline.telephony.acts import Act, ActKind, ActState, Outcome, Priority

DRILL = "drill"
"""Purpose of our acts."""


def new_drill(tx: Transaction, person: Person, asked_by: str, with_code: bool = False) -> Drill:
    """Return a practice call that nobody has been rung for yet; with a code, it says four digits."""
    code = f"{randbelow(10_000):04}" if with_code else None
    return Drill(token_hex(8), person.id, asked_by[:80], tx.now, code=code)


def is_in_drill(tx: Transaction, person: Person) -> bool:
    """Tell whether this person's phone is in a practice call; one that was lost track of is closed first."""
    live = store.live_of(tx, [person.id])
    for drill in live:
        if tx.now - drill.asked_at > LONGEST:
            end(tx, drill, Result.UNKNOWN)
    return any(tx.now - drill.asked_at <= LONGEST for drill in live)


def ring(tx: Transaction, drill: Drill, target: dict[str, object]) -> None:
    """Store a practice call and have the phone rung, after everything that is real."""
    store.add(tx, drill)
    acts.intend(tx, Act(ActKind.RING, DRILL, drill.id, f"drill:{drill.id}", Priority.REMINDER, target))


def settle(tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Store that the phone is being rung, or could not be."""
    drill = store.get(tx, act.subject)
    if drill is None or act.kind != ActKind.RING:
        return
    if outcome.state != ActState.DONE:
        end(tx, drill, Result.FAILED)
        return
    store.change(tx, drill.id, {"sid": outcome.answer})
    if not drill.is_open:
        _hang_up(tx, drill.id, outcome.answer)


def answered(tx: Transaction, drill: Drill) -> None:
    """Store that somebody, or a voicemail, picked up."""
    if drill.answered_at is None:
        store.change(tx, drill.id, {"answered_at": tx.now})


def pressed(tx: Transaction, drill: Drill, result: Result) -> None:
    """Store which key was pressed; the first one counts."""
    if drill.result is None:
        store.change(tx, drill.id, {"result": result})


def heard(tx: Transaction, drill: Drill, code: str) -> bool:
    """Take in a code that somebody says was spoken; the right one counts once, and for a while only."""
    late = tx.now - drill.asked_at > CODE_HOLDS
    if drill.code is None or drill.answered_at is None or late or code.strip() != drill.code:
        return False
    store.change(tx, drill.id, {"result": Result.HEARD, "code": None})
    return True


def leg_over(tx: Transaction, drill_id: str, status: str) -> None:
    """Take in that the leg of a practice call has ended."""
    drill = store.get(tx, drill_id)
    if drill is not None:
        end(tx, drill, result_of(drill, status))


def end(tx: Transaction, drill: Drill, result: Result) -> None:
    """Close a practice call; what is closed stays as it is."""
    if drill.is_open:
        store.change(tx, drill.id, {"ended_at": tx.now, "result": result})


def make_way(tx: Transaction, people: Collection[str]) -> None:
    """End the practice calls of people whose phone a real call needs now."""
    if not people:
        return
    for drill in store.live_of(tx, people):
        acts.cancel(tx, drill.id, ActKind.RING)
        end(tx, drill, drill.result or Result.MADE_WAY)
        if drill.sid is not None:
            _hang_up(tx, drill.id, drill.sid)


def withdraw(tx: Transaction, drills: Collection[Drill]) -> None:
    """Take back practice calls that nobody has begun to ring."""
    for drill in drills:
        if acts.cancel(tx, drill.id, ActKind.RING):
            end(tx, drill, Result.FAILED)


def _hang_up(tx: Transaction, drill_id: str, sid: str) -> None:
    acts.intend(tx, Act(ActKind.HANG_UP, DRILL, drill_id, f"drill:{drill_id}", Priority.END, {"sid": sid}))
