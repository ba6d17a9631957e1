"""Who is rung after a long talk whose line was lost: first whoever the caller knows, and how long alone?"""

from dataclasses import replace
from datetime import datetime

from hotline.database import Database
from hotline.people import store as people
from hotline.simulator.phones import Phone, Town
from tests.stories.test_room import meet

ALONE_AT_MOST = 18
"""Fifteen seconds, and what a telephone network takes to make the next phone ring."""


def loses_the_line(caller: Phone, anna: Phone, town: Town) -> datetime:
    """Let them talk for so long that every phone might ring again, and then Anna's line break."""
    meet(caller, anna)
    town.passes(100)
    anna.hangs_up()
    return caller.hears("resti in linea: la ricolleghiamo", within=15)


def test_only_the_responder_whom_the_caller_knows_is_rung_at_first(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, town: Town
) -> None:
    told = loses_the_line(caller, anna, town)
    rung = bruno.times_rung(), lucia.times_rung()
    rang = anna.rings(within=20)
    assert 9 <= (rang - told).total_seconds() <= 13, "ten seconds of quiet"
    town.passes(12)
    assert (bruno.times_rung(), lucia.times_rung()) == rung
    anna.answers()
    anna.hears("La persona è ancora in linea")
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(30)
    assert (bruno.times_rung(), lucia.times_rung()) == rung


def test_they_had_finished_and_the_others_are_rung_at_once(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    loses_the_line(caller, anna, town)
    anna.answers(within=20)
    anna.hears("La persona è ancora in linea")
    anna.presses("2")
    bruno.rings(within=3)
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)


def test_the_ring_is_refused_by_hand_and_the_others_are_rung_at_once(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    loses_the_line(caller, anna, town)
    anna.declines(within=20)
    bruno.rings(within=4)


def test_nobody_answers_the_ring_back_and_the_others_are_rung_after_fifteen_seconds(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    loses_the_line(caller, anna, town)
    rang = anna.rings(within=20)
    joined = bruno.rings(within=20)
    assert 13 <= (joined - rang).total_seconds() <= ALONE_AT_MOST
    assert anna.is_ringing(), "who is slow may still come back"
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)
    anna.stops_ringing()


def test_whose_phone_is_taken_by_another_caller_keeps_nobody_waiting(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    meet(caller, anna)
    town.passes(100)
    other = town.phone("Other", "+393400000098")
    other.dials()
    bruno.rings(within=40)
    anna.hangs_up()
    told = caller.hears("resti in linea: la ricolleghiamo", within=15)
    anna.answers(within=5)
    anna.presses("1")
    other.talks_with(anna)
    bruno.stops_ringing()
    joined = bruno.rings(within=20)
    assert (joined - told).total_seconds() <= 14, "after the ten seconds of quiet"
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)
    other.talks_with(anna)


def test_who_may_no_longer_be_rung_keeps_nobody_waiting(
    caller: Phone, anna: Phone, bruno: Phone, town: Town, database: Database
) -> None:
    told = loses_the_line(caller, anna, town)
    with database.transaction() as tx:
        known = people.person_by_phone(tx, anna.number)
        assert known is not None
        people.change_person(tx, replace(known, active=False))
    joined = bruno.rings(within=20)
    assert 9 <= (joined - told).total_seconds() <= 14
    assert anna.times_rung() == 1
