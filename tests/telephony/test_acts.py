"""Are outward acts done once, in the right order, by one worker, and looked up when the answer was lost?"""

from dataclasses import replace

import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.telephony import acts
from hotline.telephony.acts import Act, ActKind, ActState, Outcome, Priority

TARGET = {"sid": "CA" + "0" * 32, "url": "https://hotline.example.org/x"}
RING = Act(ActKind.RING, "ring", "leg-1", "call-1", Priority.RING, {"number": "+393400000001"}, duty=True)
MOVE = Act(ActKind.REDIRECT, "caller", "call-1", "caller:call-1", Priority.REDIRECT, TARGET)
END = Act(ActKind.HANG_UP, "leg", "leg-2", "call-2", Priority.END, TARGET)
ALARM = Act(ActKind.RING, "notice", "n-1", "n-1", Priority.ALARM, {"number": "+393400000002"}, duty=True)
REMINDER = replace(ALARM, subject="n-2", lane="n-2", priority=Priority.REMINDER)
LEASE = 10.0


def intend(database: Database, *wanted: Act) -> None:
    """Write acts down in one transaction."""
    with database.transaction() as tx:
        for act in wanted:
            acts.intend(tx, act)


def intend_and_break(database: Database) -> None:
    """Write an act down in a transaction that then fails."""
    with database.transaction() as tx:
        acts.intend(tx, RING)
        raise ZeroDivisionError


def claim(database: Database) -> Act | None:
    """Take the next act, as a worker does."""
    with database.transaction() as tx:
        return acts.claim_next(tx, LEASE)


def taken(database: Database) -> Act:
    """Take the next act, which must be there."""
    act = claim(database)
    assert act is not None
    return act


def settled(database: Database, act: Act, state: ActState = ActState.DONE) -> bool:
    """Write how an act ended; tell whether this worker still held it."""
    with database.transaction() as tx:
        return acts.settle(tx, act, Outcome(state))


def state_of(database: Database, act: Act) -> ActState | None:
    """Return where the newest act of this kind stands."""
    with database.reading() as tx:
        return acts.latest_state(tx, act.subject, act.kind)


def test_whoever_is_moved_comes_first_then_ends_then_rings_then_alarms(database: Database) -> None:
    intend(database, REMINDER, ALARM, RING, END, MOVE)
    order = []
    while (act := claim(database)) is not None:
        order.append(act.priority)
        assert settled(database, act)
    assert order == [Priority.REDIRECT, Priority.END, Priority.RING, Priority.ALARM, Priority.REMINDER]


def test_of_equal_urgency_the_oldest_comes_first(database: Database) -> None:
    several = [replace(RING, subject=f"leg-{number}", lane=f"call-{number}") for number in range(4)]
    intend(database, *several)
    assert [taken(database).subject for _ in several] == [act.subject for act in several]


def test_one_call_is_worked_in_order_and_never_by_two_at_once(database: Database) -> None:
    intend(database, RING, replace(RING, subject="leg-9"))
    first = taken(database)
    assert claim(database) is None
    settled(database, first)
    assert taken(database).subject == "leg-9"


def test_another_call_does_not_wait_for_it(database: Database) -> None:
    intend(database, RING, replace(RING, subject="leg-9", lane="call-9"))
    assert taken(database).subject == "leg-1"
    assert taken(database).subject == "leg-9"


def test_the_number_is_sealed_in_the_database(database: Database) -> None:
    intend(database, RING)
    with database.reading() as tx:
        raw = tx.connection.exec_driver_sql("SELECT target FROM acts").scalar()
    assert isinstance(raw, bytes | memoryview)
    assert b"3400000001" not in bytes(raw)


def test_a_withdrawn_act_is_never_done(database: Database) -> None:
    intend(database, RING)
    with database.transaction() as tx:
        assert acts.cancel(tx, "leg-1", ActKind.RING)
        assert not acts.cancel(tx, "leg-1", ActKind.RING)
    assert claim(database) is None
    assert state_of(database, RING) == ActState.CANCELED


def test_what_is_being_sent_cannot_be_withdrawn(database: Database) -> None:
    intend(database, RING)
    claim(database)
    with database.transaction() as tx:
        assert not acts.cancel(tx, "leg-1", ActKind.RING)


def test_a_rollback_leaves_no_act_and_wakes_nobody(database: Database) -> None:
    woken: list[bool] = []
    database.subscribe(acts.SIGNAL, lambda: woken.append(True))
    with pytest.raises(ZeroDivisionError):
        intend_and_break(database)
    assert claim(database) is None
    assert woken == []
    intend(database, RING)
    assert woken == [True]


def test_an_act_of_a_dead_worker_is_looked_up_after_its_lease(database: Database, clock: ManualClock) -> None:
    intend(database, RING)
    claim(database)
    clock.advance(LEASE - 1)
    with database.transaction() as tx:
        assert acts.expire_leases(tx) == 0
        assert acts.claim_doubtful(tx, LEASE) is None
    clock.advance(2)
    with database.transaction() as tx:
        assert acts.expire_leases(tx) == 1
    assert state_of(database, RING) == ActState.UNKNOWN
    with database.transaction() as tx:
        assert acts.claim_doubtful(tx, LEASE) is not None


def test_a_worker_believed_dead_cannot_write_over_who_took_its_act(
    database: Database, clock: ManualClock
) -> None:
    intend(database, RING)
    slow = taken(database)
    clock.advance(LEASE + 1)
    with database.transaction() as tx:
        acts.expire_leases(tx)
        taker = acts.claim_doubtful(tx, LEASE)
    assert taker is not None
    assert taker.fence > slow.fence
    assert not settled(database, slow, ActState.FAILED)
    with database.transaction() as tx:
        assert not acts.put_back(tx, slow, 1)
        assert not acts.doubt(tx, slow, "late", 1)
    assert settled(database, taker)
    assert state_of(database, RING) == ActState.DONE


def test_an_act_put_back_is_due_again_after_its_pause(database: Database, clock: ManualClock) -> None:
    intend(database, RING)
    act = taken(database)
    with database.transaction() as tx:
        acts.put_back(tx, act, 1.0)
    assert claim(database) is None
    clock.advance(1)
    assert taken(database).attempts == 2


def test_an_unknown_outcome_is_looked_up_after_two_seconds_and_not_sent_again(
    database: Database, clock: ManualClock
) -> None:
    intend(database, RING)
    act = taken(database)
    with database.transaction() as tx:
        acts.doubt(tx, act, "answer lost", 2.0)
    assert claim(database) is None
    with database.transaction() as tx:
        assert acts.claim_doubtful(tx, LEASE) is None
    clock.advance(2)
    with database.transaction() as tx:
        assert acts.claim_doubtful(tx, LEASE) is not None


def test_a_settled_act_is_never_settled_again(database: Database) -> None:
    intend(database, RING)
    act = taken(database)
    assert settled(database, act)
    assert not settled(database, act, ActState.FAILED)
    assert state_of(database, RING) == ActState.DONE
