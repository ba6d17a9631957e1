"""Who gets a call that two accept at the same moment, in two transactions?"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hotline.calls import store
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone

AT_ONCE = 4


@pytest.fixture
def caller(database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[Phone]:
    """Somebody who waits for whoever claims the call."""
    with Rig(database, clock, tmp_path) as rig:
        caller = rig.town.phone("Caller", "+393400000099")
        caller.dials()
        caller.waits(20)
        yield caller


def claim(database: Database, leg: str) -> bool:
    with database.transaction() as tx:
        return store.claim(tx, store.recent_calls(tx, 1)[0].id, leg)


def test_of_several_who_claim_at_the_same_moment_one_wins_and_stays_the_winner(
    database: Database, caller: Phone
) -> None:
    ready = threading.Barrier(AT_ONCE)

    def claims(leg: str) -> bool:
        ready.wait(5)
        return claim(database, leg)

    legs = [f"leg{number}" for number in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        won = dict(zip(legs, pool.map(claims, legs), strict=True))
    winners = [leg for leg, has_won in won.items() if has_won]
    assert len(winners) == 1
    assert not claim(database, "late")
    with database.reading() as tx:
        assert store.recent_calls(tx, 1)[0].winner == winners[0]


def test_nobody_claims_a_caller_who_has_left(database: Database, caller: Phone) -> None:
    caller.hangs_up()
    caller.waits(1)
    assert not claim(database, "late")
    with database.reading() as tx:
        assert store.recent_calls(tx, 1)[0].winner is None
