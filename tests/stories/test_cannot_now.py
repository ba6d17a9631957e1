"""Somebody on duty cannot: who is asked, who is told, who has the shift, and whom do callers reach?"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from hotline.calls.cover.telling import cannot_now, take_cover
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.cover import CannotNow, Cover, CoverOutcome
from hotline.people.person import Person
from hotline.people.serving.actions import add_absence
from hotline.people.store import everybody
from hotline.people.terms import Absence, AbsenceKind
from hotline.simulator.phones import Phone, Town, asleep, manual, voicemail
from tests.stories.conftest import Hire

Say = Callable[[str], CannotNow]
Take = Callable[[str], Cover]
TEXTS = "+393400000077"


def somebody(database: Database, name: str) -> Person:
    with database.reading() as tx:
        return next(person for person in everybody(tx) if person.name.startswith(name))


@pytest.fixture
def cannot(rig: Rig, database: Database) -> Say:
    """Let somebody say it, in whichever way."""

    def said(name: str) -> CannotNow:
        with database.transaction() as tx:
            found = cannot_now(rig.service.board, tx, somebody(database, name), "text")
        rig.town.passes(0.5)
        return found

    return said


@pytest.fixture
def takes(rig: Rig, database: Database) -> Take:
    """Let somebody take what they were asked for by text."""

    def taken(name: str) -> Cover:
        with database.transaction() as tx:
            found = take_cover(rig.service.board, tx, somebody(database, name))
        rig.town.passes(0.5)
        return found

    return taken


@pytest.fixture
def dora(hire: Hire) -> Phone:
    """A volunteer at home."""
    return hire("Dora", 5, "volunteer", shift=None)


@pytest.fixture
def elio(hire: Hire) -> Phone:
    """Another volunteer at home."""
    return hire("Elio", 6, "volunteer", shift=None)


# By call, where the service has no number for texts


def test_those_at_home_are_rung_and_the_first_key_takes_the_shift(
    anna: Phone, bruno: Phone, dora: Phone, elio: Phone, caller: Phone, town: Town, cannot: Say
) -> None:
    cannot("Anna")
    dora.answers(within=20)
    dora.hears(
        "Pronto Intervento Sociale: nessuno aspetta in linea. Cerchiamo chi copre un turno, volontari, "
        "da adesso fino alle ore quindici. Premi uno se lo prendi tu, due se non puoi."
    )
    elio.rings(within=20)
    dora.presses("1")
    dora.hears("Grazie: il turno è tuo, da adesso fino alle ore quindici. Tieni il telefono acceso.")
    elio.stops_ringing(within=20)
    dora.hung_up(within=20)
    caller.dials()
    dora.rings(within=40)
    bruno.rings(within=10)
    caller.hangs_up()
    town.passes(60)
    anna.never_rang()


def test_whoever_is_away_is_left_in_peace(
    anna: Phone, bruno: Phone, dora: Phone, elio: Phone, town: Town, cannot: Say, rig: Rig, database: Database
) -> None:
    begins, ends = (rig.clock.now() + timedelta(hours=hours) for hours in (-1, 72))
    with database.transaction() as tx:
        ill = Absence(somebody(database, "Elio").id, begins, ends, AbsenceKind.SICKNESS)
        add_absence(tx, ill, "Carla")
    cannot("Anna")
    dora.rings(within=20)
    town.passes(60)
    elio.never_rang()


def test_the_second_key_is_told_that_it_is_covered(
    anna: Phone, bruno: Phone, dora: Phone, elio: Phone, cannot: Say
) -> None:
    cannot("Anna")
    dora.answers(within=20)
    elio.answers(within=20)
    dora.hears("se lo prendi tu")
    elio.hears("se lo prendi tu")
    dora.presses("1")
    dora.hears("il turno è tuo")
    elio.presses("1")
    elio.hears("Già coperto, grazie lo stesso.")
    elio.hung_up()


def test_who_cannot_either_says_so_by_a_key_and_a_voicemail_takes_nothing(
    anna: Phone, bruno: Phone, dora: Phone, elio: Phone, cannot: Say, takes: Take
) -> None:
    cannot("Anna")
    dora.answers(within=20)
    dora.hears("due se non puoi")
    dora.presses("2")
    dora.hears("Va bene, grazie lo stesso.")
    dora.hung_up()
    elio.answers(within=20)
    elio.hung_up(within=90)
    assert takes("Elio").outcome == CoverOutcome.YOURS


def test_the_social_worker_and_the_coordinator_are_told_without_a_name(
    anna: Phone, bruno: Phone, lucia: Phone, carla: Phone, cannot: Say
) -> None:
    cannot("Anna")
    lucia.answers(within=20)
    lucia.hears(
        "Pronto Intervento Sociale: da adesso manca una persona in turno, volontari, fino alle ore quindici. "
        "Cerchiamo chi copre. Premi uno per confermare."
    )
    assert "Anna" not in lucia.heard()
    lucia.presses("1")
    lucia.hears("Segnato, grazie.")
    carla.answers(within=20)
    carla.hears("manca una persona")
    carla.hangs_up()


def test_of_the_last_one_they_are_told_so_and_callers_reach_that_person_last(
    anna: Phone, lucia: Phone, carla: Phone, caller: Phone, town: Town, cannot: Say
) -> None:
    assert cannot("Anna").last_one
    lucia.answers(within=20)
    lucia.hears("turno scoperto, volontari")
    lucia.hears("Suona per ultimo chi ha detto che non può.")
    lucia.presses("1")
    carla.answers(within=20)
    carla.presses("1")
    town.passes(30)
    caller.dials()
    rung = [phone.rings(within=90) for phone in (lucia, carla, anna)]
    assert rung == sorted(rung)
    assert (rung[2] - rung[0]).total_seconds() >= 50
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)


# By text


class TestByText:
    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {"sms_number": TEXTS}

    def test_nobody_is_woken_by_a_call_and_no_text_tells_who_or_why(
        self, anna: Phone, bruno: Phone, dora: Phone, elio: Phone, lucia: Phone, carla: Phone, cannot: Say
    ) -> None:
        cannot("Anna")
        asked = (
            "Cerchiamo chi copre dom 22/11 3.00-15.00. Rispondi PRENDO. Il primo che risponde ha il turno."
        )
        assert dora.reads("Cerchiamo") == elio.reads("Cerchiamo") == asked
        told = "Turno dom 22/11 3.00-15.00, volontari: una persona non può. Cerchiamo chi copre."
        assert lucia.reads("non può") == carla.reads("non può") == told
        anna.reads_nothing()
        bruno.reads_nothing()
        for phone in (anna, bruno, dora, elio, lucia, carla):
            phone.never_rang()

    def test_the_gap_is_named_when_nobody_else_is_there(
        self, anna: Phone, lucia: Phone, carla: Phone, cannot: Say
    ) -> None:
        cannot("Anna")
        expected = "Scoperto: dom 22/11 3.00-15.00 volontari. Apri i turni o chiama lo 0781 33000."
        assert carla.reads("Scoperto") == expected

    def test_once_taken_whoever_could_not_may_rest_and_the_others_know(
        self, anna: Phone, bruno: Phone, dora: Phone, lucia: Phone, carla: Phone, cannot: Say, takes: Take
    ) -> None:
        cannot("Anna")
        assert takes("Dora").outcome == CoverOutcome.YOURS
        assert anna.reads("Grazie") == "Grazie: il tuo turno lo copre un collega. Riposa."
        assert lucia.reads("coperto") == carla.reads("coperto")


# While somebody waits


def test_a_call_that_is_ringing_rings_the_taker_too(
    anna: Phone, bruno: Phone, dora: Phone, caller: Phone, town: Town, cannot: Say, takes: Take
) -> None:
    caller.dials()
    bruno.rings(within=30)
    cannot("Anna")
    takes("Dora")
    dora.rings(within=3)
    dora.answers()
    dora.presses("1")
    caller.talks_with(dora)


def test_whoever_takes_their_word_back_rings_like_everybody(
    anna: Phone, bruno: Phone, caller: Phone, cannot: Say, takes: Take
) -> None:
    cannot("Anna")
    assert takes("Anna").outcome == CoverOutcome.BACK
    caller.dials()
    anna.rings(within=30)


def test_whoever_must_know_is_rung_again_until_a_key_says_that_they_have_heard(
    anna: Phone, bruno: Phone, lucia: Phone, carla: Phone, town: Town, cannot: Say
) -> None:
    lucia.is_now(voicemail())
    carla.is_now(asleep)
    cannot("Anna")
    town.passes(4 * 60)
    assert (lucia.times_rung(), carla.times_rung()) == (1, 1)
    town.passes(2 * 60)
    assert (lucia.times_rung(), carla.times_rung()) == (2, 2)
    carla.is_now(manual)
    carla.answers(within=5 * 60)
    carla.presses("1")
    town.passes(30 * 60)
    assert (lucia.times_rung(), carla.times_rung()) == (3, 3)


def test_once_the_shift_is_covered_nobody_is_rung_about_it_again(
    anna: Phone, bruno: Phone, dora: Phone, lucia: Phone, carla: Phone, town: Town, cannot: Say, takes: Take
) -> None:
    for phone in (lucia, carla, dora):
        phone.is_now(asleep)
    cannot("Anna")
    town.passes(60)
    takes("Dora")
    town.passes(30 * 60)
    assert (lucia.times_rung(), carla.times_rung()) == (1, 1)


# One person's changes of mind


class TestChangesOfMind:
    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {"sms_number": TEXTS}

    @pytest.fixture
    def changes_of_mind(self, anna: Phone, town: Town) -> Callable[[int], None]:
        """Let Anna, or whoever forges her number, write that she cannot and that she can, in turn."""

        def written(times: int) -> None:
            for _ in range(times):
                anna.texts("NON POSSO")
                town.passes(20)
                anna.texts("PRENDO")
                town.passes(20)

        return written

    def test_everybody_is_asked_twice_and_then_only_those_are_told_who_must_know_once(
        self,
        anna: Phone,
        bruno: Phone,
        carla: Phone,
        lucia: Phone,
        dora: Phone,
        changes_of_mind: Callable[[int], None],
    ) -> None:
        changes_of_mind(10)
        assert sum("Cerchiamo chi copre" in text for text in dora.texts_read()) == 2
        for phone in (carla, lucia):
            told = [text for text in phone.texts_read() if "volontari" in text]
            assert len(told) == 5, "cannot, found, cannot, found, and cannot: no more is said to be well"
            assert "coperto" not in told[-1]
        for phone in (bruno, carla, lucia, dora):
            phone.never_rang()

    def test_a_true_no_holds_however_often_it_was_said_before(
        self,
        anna: Phone,
        bruno: Phone,
        carla: Phone,
        dora: Phone,
        caller: Phone,
        town: Town,
        changes_of_mind: Callable[[int], None],
    ) -> None:
        changes_of_mind(6)
        anna.texts("NON POSSO")
        assert "grazie di averlo detto" in anna.reads("Cerchiamo chi copre", within=30)
        caller.dials()
        bruno.rings(within=30)
        town.passes(20)
        anna.never_rang()
        caller.hangs_up()
        dora.texts("PRENDO")
        assert "assegnato a te" in dora.reads("assegnato", within=30)

    def test_the_clock_tells_nobody_of_it_again(
        self, anna: Phone, bruno: Phone, carla: Phone, town: Town, changes_of_mind: Callable[[int], None]
    ) -> None:
        changes_of_mind(6)
        anna.texts("NON POSSO")
        told = len(carla.texts_read())
        town.passes(20 * 60)
        assert len(carla.texts_read()) == told
        carla.never_rang()

    def test_a_day_later_everybody_is_asked_again(
        self,
        hire: Hire,
        bruno: Phone,
        dora: Phone,
        rig: Rig,
        town: Town,
        cannot: Say,
        takes: Take,
    ) -> None:
        hire("Fabio", 8, "volunteer", shift=(rig.clock.now(), rig.clock.now() + timedelta(days=3)))
        for _ in range(5):
            cannot("Fabio")
            takes("Fabio")
        assert not cannot("Fabio").ask
        takes("Fabio")
        rig.clock.set(rig.clock.now() + timedelta(hours=24, minutes=1))
        assert cannot("Fabio").ask
