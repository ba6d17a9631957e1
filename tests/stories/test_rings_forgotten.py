"""Who may read how a phone fared, what does it show, and what is left of it after 90 days?"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from hotline.audit.tables import access_log
from hotline.calls.rings.jobs import OldRings
from hotline.calls.rings.tables import past_rings
from hotline.calls.tables import events, legs
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.operations.store import figures
from hotline.people.store import person_by_phone
from hotline.simulator.phones import Phone, Town
from tests.operations.test_commands import run
from tests.stories.conftest import Hire

__all__ = ["run"]
DAY = 24 * 3600


def one_call(caller: Phone, anna: Phone, bruno: Phone, town: Town) -> None:
    """Let Bruno pass the call on, and Anna take it."""
    caller.dials()
    bruno.answers(within=60)
    bruno.presses("2")
    anna.answers(within=60)
    anna.presses("1")
    caller.talks_with(anna)
    caller.hangs_up()
    anna.hangs_up()
    town.passes(30)


def test_after_ninety_days_the_rings_that_nobody_took_name_nobody_and_the_counts_stay(
    caller: Phone, anna: Phone, bruno: Phone, town: Town, database: Database, clock: ManualClock
) -> None:
    one_call(caller, anna, bruno, town)

    def of(phone: Phone) -> tuple[int, int]:
        with database.reading() as tx:
            person = person_by_phone(tx, phone.number)
            assert person is not None
            counted = [
                len(tx.execute(select(table.c.id).where(table.c.person_id == person.id)).all())
                for table in (legs, events)
            ]
        return counted[0], counted[1]

    with database.reading() as tx:
        before = figures(tx).rings
    known = of(anna)
    old = OldRings(database)
    clock.advance(89 * DAY)
    old.forget()
    assert of(bruno)[0] == 1
    clock.advance(2 * DAY)
    old.forget()
    old.forget()
    assert of(bruno) == (0, 0)
    assert of(anna) == known, "a call that was taken is somebody's work"
    with database.reading() as tx:
        assert figures(tx).rings == before
        assert [(row.result, row.rings) for row in tx.execute(past_rings.select())] == [("declined", 1)]


def test_what_was_looked_through_is_not_read_again_and_what_came_later_is_forgotten_in_its_turn(
    hire: Hire, caller: Phone, anna: Phone, town: Town, database: Database, clock: ManualClock
) -> None:
    old = OldRings(database)
    clock.advance(100 * DAY)
    old.forget()  # of before the first call
    bruno = hire("Bruno", 2, "volunteer", shift=(clock.now(), clock.now() + timedelta(days=1)))
    anna = hire("Anna", 1, "volunteer", shift=(clock.now(), clock.now() + timedelta(days=1)))
    one_call(caller, anna, bruno, town)
    for day in range(1, 96):
        clock.advance(DAY)
        old.forget()
        with database.reading() as tx:
            rings = tx.execute(select(legs.c.result)).scalars().all()
        assert (len(rings) == 2) == (day < 90), day
    assert rings == ["accepted"]


def test_only_the_person_and_a_coordinator_read_how_a_phone_fared(
    caller: Phone,
    anna: Phone,
    bruno: Phone,
    carla: Phone,
    town: Town,
    database: Database,
    run: Callable[..., tuple[int, str]],
) -> None:
    one_call(caller, anna, bruno, town)
    now = {"CLOCK_START": "2026-11-22T04:00:00+01:00"}
    mine = run("rings", "--for", bruno.number, "--by", bruno.number, **now)
    assert mine == run("rings", "--for", bruno.number, "--by", carla.number, **now)
    assert mine == (0, "2026-11-22 03:00  as volunteer: declined\n")
    code, said = run("rings", "--for", bruno.number, "--by", anna.number, **now)
    assert (code, "only the same person or an active coordinator" in said) == (1, True)
    with database.reading() as tx:
        read = tx.execute(select(access_log.c.who).where(access_log.c.action == "read rings")).scalars().all()
    assert len(read) == 2
