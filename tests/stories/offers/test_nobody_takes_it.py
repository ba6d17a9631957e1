"""When is a shift that nobody takes asked about again, and what if it is taken at the last minute?"""

import threading
from datetime import datetime, timedelta

import pytest

from hotline.calls.cover.offer_times import follow_offers
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town
from tests.stories.offers.offered import MORNING, ON_FRIDAY, TONIGHT, Ready, on_at, states


def test_nobody_takes_it_so_they_are_asked_again_the_coordinator_hears_and_it_stays(
    anna: Phone, bruno: Phone, carla: Phone, rig: Rig, town: Town, database: Database
) -> None:
    anna.texts("OFFRO")
    bruno.reads("Cerchiamo")
    untaken = (
        "Turno lun 23/11 22.00-6.00, volontari: offerto, nessuno lo ha ancora preso. Resta a chi lo aveva."
    )
    assert carla.reads("offerto", within=90) == untaken
    rig.clock.set(MORNING.replace(hour=15, minute=58))
    town.passes(60)
    assert len(bruno.texts_read()) == 1
    town.passes(120)
    assert len(bruno.texts_read()) == 2, "asked again after six hours"
    rig.clock.set(MORNING.replace(hour=18))
    town.passes(60)
    assert carla.texts_read() == [untaken] * 2, "four hours before it begins"
    rig.clock.set(MORNING.replace(hour=21, minute=58))
    town.passes(60)
    assert states(database) == ["open"]
    town.passes(120)
    assert anna.reads("Nessuno ha preso") == (
        "Nessuno ha preso il turno lun 23/11 22.00-6.00: resta tuo. Se non puoi, rispondi NON POSSO."
    )
    assert carla.texts_read() == [untaken] * 3
    assert states(database) == ["lapsed"]
    bruno.texts("PRENDO")
    bruno.reads("non è più offerto")
    assert on_at(database, TONIGHT[0]) == ["Anna"]


def test_what_is_offered_at_night_for_another_week_is_asked_in_the_morning(
    ready: Ready, bruno: Phone, carla: Phone, rig: Rig, town: Town, database: Database
) -> None:
    later = ready("Sara", 8, ON_FRIDAY)
    rig.clock.set(MORNING.replace(hour=23))
    later.texts("OFFRO")
    later.reads("Offerto: ven 27/11 20.00-0.00.")
    town.passes(120)
    bruno.reads_nothing()
    rig.clock.set(MORNING.replace(day=24, hour=7, minute=59, second=50))
    town.passes(5)
    bruno.reads_nothing()
    bruno.reads("Cerchiamo chi copre ven 27/11 20.00-0.00.", within=90)
    carla.reads_nothing()
    rig.clock.set(MORNING.replace(day=24, hour=23, minute=10))
    town.passes(120)
    carla.reads_nothing()
    rig.clock.set(MORNING.replace(day=25, hour=8))
    carla.reads("nessuno lo ha ancora preso", within=90)


def test_two_replicas_ask_and_tell_once(
    anna: Phone, bruno: Phone, carla: Phone, rig: Rig, town: Town, database: Database
) -> None:
    anna.texts("OFFRO")
    bruno.reads("Cerchiamo")
    rig.clock.set(MORNING.replace(hour=16, minute=0, second=30))
    together = threading.Barrier(2)

    def looks() -> None:
        together.wait(5)
        follow_offers(rig.service.board, database)

    replicas = [threading.Thread(target=looks) for _ in range(2)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join()
    town.passes(5)
    assert len([text for text in bruno.texts_read() if text.startswith("Cerchiamo")]) == 2
    assert len([text for text in carla.texts_read() if "offerto" in text]) == 1


class TestAtTwoMinutesToTen:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return TONIGHT[0] - timedelta(minutes=4)

    def test_the_next_call_rings_whoever_took_it_and_not_whoever_offered_it(
        self, anna: Phone, bruno: Phone, caller: Phone, town: Town, rig: Rig
    ) -> None:
        anna.texts("OFFRO")
        bruno.reads("Cerchiamo chi copre lun 23/11 22.00-6.00.")
        rig.clock.set(TONIGHT[0] - timedelta(minutes=2))
        bruno.texts("PRENDO")
        bruno.reads("assegnato a te")
        rig.clock.set(TONIGHT[0] + timedelta(minutes=1))
        caller.dials()
        bruno.rings(within=30)
        bruno.answers()
        bruno.presses("1")
        caller.talks_with(bruno)
        anna.never_rang()

    def test_whoever_takes_it_so_late_has_said_that_they_are_there(
        self, anna: Phone, bruno: Phone, town: Town, rig: Rig
    ) -> None:
        anna.texts("OFFRO")
        bruno.reads("Cerchiamo chi copre lun 23/11 22.00-6.00.")
        rig.clock.set(TONIGHT[0] - timedelta(minutes=2))
        bruno.texts("PRENDO")
        bruno.reads("assegnato a te")
        for late in (0, 6, 9, 12):
            rig.clock.set(TONIGHT[0] + timedelta(minutes=late))
            town.passes(45)
        assert not [text for text in (*anna.texts_read(), *bruno.texts_read()) if "sentito" in text]
        bruno.never_rang()
        anna.never_rang()


class TestTheEveningOfTheShift:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return TONIGHT[0] - timedelta(hours=3)

    def test_whoever_took_it_is_asked_an_hour_ahead_and_whoever_gave_it_is_not(
        self, anna: Phone, bruno: Phone, town: Town, rig: Rig
    ) -> None:
        anna.texts("OFFRO")
        bruno.reads("Cerchiamo chi copre lun 23/11 22.00-6.00.")
        bruno.texts("PRENDO")
        anna.reads("un collega")
        told = len(anna.texts_read())
        rig.clock.set(TONIGHT[0] - timedelta(hours=1))
        bruno.reads("Rispondi OK", within=45)
        bruno.texts("OK")
        bruno.reads("Confermato")
        for late in (0, 6, 9):
            rig.clock.set(TONIGHT[0] + timedelta(minutes=late))
            town.passes(45)
        assert len(anna.texts_read()) == told
        bruno.never_rang()
        anna.never_rang()
