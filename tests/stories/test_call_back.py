"""How is somebody called back through the line, what do they hear, and what is written down?"""

from collections.abc import Callable

import pytest

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town, asleep, busy
from hotline.telephony import refusals
from tests.stories.owed import attempts, contact, follow_up, is_refused
from tests.stories.records import Record
from tests.stories.test_follow_ups import alarms, promised

Written = Callable[[], Record]


def taken_by(lucia: Phone) -> None:
    """Let the social worker take the alarm and say that she is ready."""
    lucia.answers(within=15 * 60)
    lucia.hears("Premi uno per prenderla")
    lucia.presses("1")
    lucia.hears(
        "Chiami tu, si vedrà il nostro numero, zero sette otto uno, tre tre zero zero zero.", within=40
    )
    lucia.hears("In segreteria non lasciare messaggi. Premi uno quando vuoi.")
    lucia.presses("1")


def test_the_owner_first_then_the_person_and_the_machine_says_nothing_to_them(
    caller: Phone, town: Town, lucia: Phone, database: Database, written: Written
) -> None:
    promised(caller, town)
    taken_by(lucia)
    caller.rings(within=10)
    assert lucia.is_on_the_line()
    caller.answers()
    caller.talks_with(lucia)
    assert caller.heard() == ""
    town.passes(90)
    caller.hangs_up()
    lucia.hears("uno se avete parlato, due se va richiamata più tardi")
    lucia.presses("1")
    lucia.hears("Segnato, grazie")
    lucia.hung_up()
    assert (follow_up(database).state, follow_up(database).outcome) == ("done", "talked")
    assert contact(database).number is None
    rung = lucia.times_rung()
    town.passes(3600)
    assert lucia.times_rung() == rung
    assert {"alarm", "taken", "calls_back", "called_back", "reported"} <= set(written().events)


def test_an_owner_who_just_hangs_up_after_a_talk_has_talked(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    promised(caller, town)
    taken_by(lucia)
    caller.answers(within=10)
    caller.talks_with(lucia)
    town.passes(60)
    lucia.hangs_up()
    caller.hung_up()
    assert caller.heard() == ""
    assert follow_up(database).outcome == "talked"


def test_a_long_talk_is_not_disturbed_and_alarms_nobody_else(
    caller: Phone, town: Town, lucia: Phone, carla: Phone, database: Database
) -> None:
    left = promised(caller, town)
    taken_by(lucia)
    caller.answers(within=10)
    caller.talks_with(lucia)
    town.passes(25 * 60)
    caller.talks_with(lucia)
    assert not alarms(carla, left)
    caller.hangs_up()
    lucia.hears("uno se avete parlato")
    lucia.presses("1")
    lucia.hears("Segnato")
    town.passes(1800)
    assert not alarms(carla, left)
    assert follow_up(database).outcome == "talked"


def test_nobody_answers_three_times_and_that_is_enough(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    left = promised(caller, town)
    caller.is_now(asleep)
    for number in (1, 2, 3):
        taken_by(lucia)
        caller.rings(within=10)
        rang = town.exchange.now()
        caller.stops_ringing(within=40)
        assert 28 <= (town.exchange.now() - rang).total_seconds() <= 36
        lucia.hears("Non ha risposto" if number < 3 else "era la terza volta: basta così", within=15)
        lucia.hung_up()
    assert len(attempts(database)) == 3
    assert (follow_up(database).state, follow_up(database).outcome) == ("done", "not_reached")
    assert len(alarms(lucia, left)) == 3


def test_a_phone_that_the_exchange_would_not_ring_was_not_tried(
    rig: Rig, caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    promised(caller, town)
    rung = caller.times_rung()
    for _ in range(3):
        rig.exchange.faults.calm()
        lucia.answers(within=15 * 60)
        lucia.presses("1")
        lucia.hears("Premi uno quando vuoi", within=60)
        rig.exchange.faults.rest_fails(100, 500, "create_call")
        lucia.presses("1")
        lucia.hears("Adesso non riusciamo a telefonare. Fra qualche minuto ti chiamiamo per riprovare.")
        lucia.hung_up()
    assert (follow_up(database).attempts, caller.times_rung()) == (0, rung)
    rig.exchange.faults.calm()
    taken_by(lucia)
    caller.answers(within=10)
    caller.talks_with(lucia)
    caller.hangs_up()
    lucia.presses("1")
    lucia.hung_up()


def test_a_busy_line_is_tried_again_after_two_minutes(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    promised(caller, town)
    caller.is_now(busy)
    taken_by(lucia)
    lucia.hears("Non ha risposto", within=20)
    ended = town.exchange.now()
    lucia.hung_up()
    rang = lucia.rings(within=200)
    assert 110 <= (rang - ended).total_seconds() <= 140
    assert attempts(database)[0].result == "busy"


def test_somebody_else_answered_and_the_number_is_never_rung_again(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    promised(caller, town)
    taken_by(lucia)
    caller.answers(within=10)
    caller.talks_with(lucia)
    caller.hangs_up()
    lucia.hears("tre se ha risposto un'altra persona")
    lucia.presses("3")
    lucia.hears("Segnato")
    assert follow_up(database).outcome == "wrong_person"
    assert is_refused(database, caller.number)


def test_the_owner_gives_up_while_it_rings_and_the_phone_stops(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    promised(caller, town)
    taken_by(lucia)
    caller.rings(within=10)
    lucia.hangs_up()
    caller.stops_ringing()
    assert follow_up(database).state == "owned"
    lucia.rings(within=8 * 60)


def test_after_the_yes_has_lapsed_nobody_is_called(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    lucia.is_now(asleep)
    caller.dials(anonymous=True)
    caller.hears("scriva un numero", within=200)
    caller.presses("3400000077#")
    caller.hears("Giusto?")
    caller.presses("8")
    caller.hears("La richiama una persona")
    caller.hangs_up()
    home = town.phone("Home", "+393400000077")
    town.passes(2 * 3600 + 60)
    lucia.answers(within=20 * 60)
    lucia.hears("non può essere richiamata")
    lucia.presses("1")
    town.passes(1800)
    home.never_rang()
    assert follow_up(database).kind == "review"


@pytest.mark.parametrize("settings", [{"ring_seconds": 20}])
def test_it_lapses_between_the_key_and_the_call(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    promised(caller, town)
    lucia.answers(within=15)
    lucia.hears("Premi uno")
    lucia.presses("1")
    lucia.hears("Chiami tu", within=30)
    with database.transaction() as tx:
        refusals.refuse(tx, caller.number)
    lucia.presses("1")
    lucia.hears("Non possiamo più richiamare questa persona")
    assert not caller.handset.rang_at
