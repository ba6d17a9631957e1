"""What may become of a shift that is offered: taken, left, withdrawn, decided, or wanted by many at once?"""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.audit.tables import changes
from hotline.calls.cover.offer_times import forget_who_was_asked
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.errors import BadInput, TooLate
from hotline.oncall.news import store as news
from hotline.oncall.rota.ground import Ground
from hotline.oncall.shifts import Shift
from hotline.oncall.store import on_duty
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.offer import NEXT, Event, Offer, State
from hotline.oncall.swaps.tables import offer_asks
from hotline.oncall.swaps.taking import TakeOutcome, Wanted
from hotline.people.actions import import_people
from hotline.people.person import Person
from hotline.people.store import everybody
from tests.oncall.swaps.offered import (
    GROUND,
    HOUR,
    IGLESIAS,
    NAMES,
    START,
    offered,
    put_on,
    taken,
)

# The life of an offer


def test_nothing_ends_twice_and_only_what_was_taken_is_open_again() -> None:
    assert {state for state, _ in NEXT} == {State.OPEN, State.TAKEN, State.DECIDED}
    assert [pair for pair, after in NEXT.items() if after == State.OPEN] == [
        (State.TAKEN, Event.UNTAKE),
        (State.DECIDED, Event.UNTAKE),
    ]
    assert {event for _, event in NEXT} == set(Event)


def test_a_shift_offered_twice_is_one_offer_and_every_change_is_written_down(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, "an exam"))
    with database.transaction() as tx:
        again = actions.offer(tx, Wanted(night, anna.id, "an exam"))
    assert again.known
    assert again.offer is not None
    assert again.offer.number == number
    assert taken(database, number, anna) == TakeOutcome.OWN
    assert taken(database, number, bruno) == TakeOutcome.YOURS
    assert taken(database, number, bruno) == TakeOutcome.ALREADY
    with database.transaction() as tx:
        assert actions.untake(tx, bruno) is not None
        assert actions.untake(tx, bruno) is None
        offer = store.by_number(tx, number)
        assert offer is not None
        assert actions.withdraw(tx, offer, anna.id, "found somebody else")
        assert not actions.withdraw(tx, offer, anna.id, "found somebody else")
        noted = [
            (row.who, row.before, row.after.partition(":")[0], row.why)
            for row in tx.execute(changes.select().order_by(changes.c.at, changes.c.id))
            if row.what == f"offer {number}"
        ]
    assert noted == [
        (anna.id, None, "offered", "an exam"),
        (bruno.id, "open", f"taken by {bruno.id}", None),
        (bruno.id, f"taken by {bruno.id}", "open again", None),
        (anna.id, "open", "withdraw", "found somebody else"),
    ]


def test_whoever_gave_a_taken_shift_on_cannot_leave_it_and_nobody_is_on_twice(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno, dora = (volunteers[name] for name in ("Anna", "Bruno", "Dora"))
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    taken(database, offered(database, Wanted(night, anna.id, "")), bruno)
    his = replace(night, person_id=bruno.id)
    assert taken(database, offered(database, Wanted(his, bruno.id, "")), dora) == TakeOutcome.YOURS
    with database.transaction() as tx:
        assert actions.untake(tx, bruno) is None
        assert [one.person_id for one in on_duty(tx, night.starts_at)] == [dora.id]
        assert actions.untake(tx, dora) is not None
        assert [one.person_id for one in on_duty(tx, night.starts_at)] == [bruno.id]


def test_an_offer_whose_shift_somebody_else_has_meanwhile_gives_nothing(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno, dora = (volunteers[name] for name in ("Anna", "Bruno", "Dora"))
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    other = Wanted(night, anna.id, "", asked_id=dora.id)
    number = offered(database, other)
    assert taken(database, number, bruno) == TakeOutcome.NOTHING, "somebody else was asked"
    with database.transaction() as tx:
        changes_of_hands = Offer("volunteer", anna.id, night.starts_at, night.ends_at, "", "", tx.now)
        wanted = changes_of_hands.taken_as(bruno.id, "carla", "asked by phone", "group", tx.now)
        _, around = actions.overrides.look_at(tx, GROUND, wanted)
        actions.overrides.put(tx, around, wanted)
    assert taken(database, number, dora) == TakeOutcome.GONE
    with database.reading() as tx:
        assert [one.person_id for one in on_duty(tx, night.starts_at)] == [bruno.id]


def test_only_a_coordinator_decides_and_only_for_a_reason(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, ""))
    with database.transaction() as tx:
        import_people(tx, "name,phone,role,languages\nCarla,+39 340 0000009,coordinator,it\n")
    with database.reading() as tx:
        carla = next(person for person in everybody(tx) if person.name == "Carla")
    for by, reason, wrong in ((bruno, "I want it", "only a coordinator"), (carla, " ", "say why")):
        with pytest.raises(BadInput, match=wrong), database.transaction() as tx:
            actions.consider(tx, GROUND, number, bruno, by, reason)
    given = number, bruno, carla, "nobody else"
    with database.transaction() as tx:
        considered = actions.consider(tx, Ground(IGLESIAS), *given)
        offer = actions.decide(tx, considered, *given)
    assert (offer.state, offer.taken_by) == (State.DECIDED, bruno.id)
    assert any("no training is recorded" in line for line in considered.lines)
    with database.reading() as tx:
        assert news.untold(tx) == (), "whoever decides about an offer has it told as an offer"
    with pytest.raises(TooLate, match="not open"), database.transaction() as tx:
        actions.decide(tx, considered, *given)
    with pytest.raises(TooLate, match="not open"), database.reading() as tx:
        actions.consider(tx, GROUND, *given)


def test_without_training_or_a_tested_phone_a_take_is_refused_and_nothing_changes(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, ""))
    with database.transaction() as tx:
        taking = actions.take(tx, Ground(IGLESIAS), number, bruno)
    assert (taking.outcome, taking.why) == (TakeOutcome.REFUSED, "training")
    assert any("no training is recorded" in line for line in taking.lines)
    with database.reading() as tx:
        assert [one.person_id for one in on_duty(tx, night.starts_at)] == [anna.id]
        offer = store.by_number(tx, number)
    assert offer is not None
    assert offer.state == State.OPEN


def test_who_was_asked_is_forgotten_once_the_shift_is_long_over(
    database: Database, volunteers: dict[str, Person], clock: ManualClock
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, ""))
    with database.transaction() as tx:
        store.ask(tx, number, [bruno.id])
        store.asked(tx, number, bruno.id)
        assert store.asked_for(tx, bruno.id) == store.by_number(tx, number)
    for after, left in ((89, 1), (92, 0)):
        clock.set(START + timedelta(days=after))
        forget_who_was_asked(database)
        with database.reading() as tx:
            assert len(tx.execute(offer_asks.select()).all()) == left


def test_whoever_said_no_is_not_asked_again_and_the_others_keep_their_place(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno, dora, elio = (volunteers[name] for name in ("Anna", "Bruno", "Dora", "Elio"))
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, ""))
    with database.transaction() as tx:
        store.ask(tx, number, [dora.id, bruno.id])
        assert store.to_ask(tx, number) == (dora.id, bruno.id)
        store.asked(tx, number, dora.id)
        store.declined(tx, number, bruno.id)
        assert store.to_ask(tx, number) == ()
        store.ask(tx, number, [elio.id, dora.id])
        assert store.to_ask(tx, number) == (dora.id, elio.id)


# At once


def test_of_many_who_take_it_at_the_same_moment_one_has_it(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, *others = (volunteers[name] for name in NAMES)
    for round_number in range(20):
        starts_at = START + timedelta(days=1 + round_number)
        night = Shift(anna.id, "volunteer", starts_at, starts_at + 8 * HOUR)
        put_on(database, night)
        number = offered(database, Wanted(night, anna.id, ""))
        ready = threading.Barrier(len(others))

        def takes(person: Person, number: int = number, ready: threading.Barrier = ready) -> TakeOutcome:
            ready.wait(5)
            return taken(database, number, person)

        with ThreadPoolExecutor(len(others)) as pool:
            outcomes = list(pool.map(takes, others))
        assert sorted(outcomes) == [TakeOutcome.TAKEN] * 3 + [TakeOutcome.YOURS]
        winner = others[outcomes.index(TakeOutcome.YOURS)]
        with database.reading() as tx:
            assert [one.person_id for one in on_duty(tx, starts_at)] == [winner.id]


def test_a_take_and_a_withdrawal_at_the_same_moment_leave_the_shift_with_one_of_them(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    for round_number in range(8):
        starts_at = START + timedelta(days=1 + round_number)
        night = Shift(anna.id, "volunteer", starts_at, starts_at + 8 * HOUR)
        put_on(database, night)
        number = offered(database, Wanted(night, anna.id, ""))
        ready = threading.Barrier(2)

        def takes(number: int = number, ready: threading.Barrier = ready) -> bool:
            ready.wait(5)
            return taken(database, number, bruno) == TakeOutcome.YOURS

        def withdraws(number: int = number, ready: threading.Barrier = ready) -> bool:
            ready.wait(5)
            with database.transaction() as tx:
                offer = store.by_number(tx, number)
                return offer is not None and actions.withdraw(tx, offer, anna.id, "")

        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(takes), pool.submit(withdraws)]
            took, withdrew = (one.result() for one in both)
        assert took != withdrew
        with database.reading() as tx:
            (on,) = on_duty(tx, starts_at)
        assert on.person_id == (bruno.id if took else anna.id)
