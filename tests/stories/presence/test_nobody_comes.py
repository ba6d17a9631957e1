"""What if nobody answers when a shift begins, and whom do callers reach meanwhile?"""

from datetime import datetime, timedelta

import pytest

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.overrides.actions import consider, decide
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.rota.ground import Ground
from hotline.oncall.store import on_duty
from hotline.people import store as people
from hotline.simulator.phones import Phone, Town, asleep, voicemail
from tests.stories.conftest import Hire
from tests.stories.presence.saturday import ROME, Until, at, confirmed, from_to, nobody_answers, volunteers_on


def test_a_no_show_at_ten_is_rung_twice_then_the_next_in_line_is_added_and_the_coordinator_told(
    anna: Phone,
    bruno: Phone,
    dora: Phone,
    elio: Phone,
    lucia: Phone,
    carla: Phone,
    caller: Phone,
    town: Town,
    until: Until,
) -> None:
    anna.is_now(asleep)
    until(at(21))
    until(at(22))
    anna.reads("Turno iniziato alle 22.00, non ti abbiamo sentito. Rispondi OK o ti chiamiamo tra 5 minuti.")
    carla.reads_nothing()
    rang_at = anna.rings(within=6 * 60)
    assert timedelta(minutes=5) <= rang_at - at(22) <= timedelta(minutes=6)
    town.passes(3 * 60)
    assert anna.times_rung() == 2
    town.passes(60)
    assert carla.reads("non risponde") == (
        "0781 33000: turno sab 21/11 22.08-6.00, volontari: una persona non risponde. "
        "Cerchiamo chi si aggiunge."
    )
    dora.reads("Cerchiamo chi copre sab 21/11 22.08-6.00. Rispondi PRENDO.")
    elio.reads_nothing()
    lucia.reads_nothing()
    dora.texts("PRENDO")
    dora.reads("assegnato a te")
    caller.dials()
    for phone in (dora, bruno, anna):
        phone.rings(within=20)
    caller.hangs_up()
    town.passes(20)
    anna.texts("OK, scusate")
    town.passes(5)
    anna.texts("OK")
    anna.reads("Confermato")
    assert carla.reads("mancava") == (
        "Turno sab 21/11 22.08-6.00, volontari: la persona che mancava c'è. Tutto a posto."
    )
    dora.reads("La persona di turno adesso c'è. Fino alle 6.00 sei di turno anche tu: grazie.")


def test_once_the_coordinator_has_put_somebody_on_nobody_else_is_sought(
    anna: Phone,
    bruno: Phone,
    dora: Phone,
    elio: Phone,
    carla: Phone,
    database: Database,
    rig: Rig,
    town: Town,
    until: Until,
) -> None:
    anna.is_now(asleep)
    until(at(21))
    bruno.texts("OK")
    nobody_answers(until, at(22))
    dora.reads("Cerchiamo chi copre")
    with database.transaction() as tx:
        known = {person.name.split()[0]: person for person in people.everybody(tx)}
        (ends_at,) = {one.ends_at for one in on_duty(tx, tx.now) if one.person_id == known["Anna"].id}
        ids = (known["Anna"].id, known["Elio"].id)
        stand_in = Override("volunteer", *ids, tx.now, ends_at, Cause.REPLACE, "Carla", "asleep", "together")
        decide(tx, consider(tx, Ground(rig.service.board.profile), known["Carla"], [stand_in]))
    until(at(22, 16), 60)
    until(at(22, 22), 60)
    assert not [text for text in elio.texts_read() if "Cerchiamo" in text]
    dora.texts("PRENDO")
    town.passes(10)
    assert volunteers_on(database) == {"Bruno", "Elio"}


def test_whoever_was_let_off_is_not_asked_to_join_after_all(
    anna: Phone,
    bruno: Phone,
    dora: Phone,
    elio: Phone,
    carla: Phone,
    database: Database,
    rig: Rig,
    until: Until,
) -> None:
    with database.transaction() as tx:
        known = {person.name.split()[0]: person for person in people.everybody(tx)}
        ids = (known["Anna"].id, known["Dora"].id)
        fever = Override("volunteer", *ids, *from_to(22, 6), Cause.REPLACE, "Carla", "fever", "together")
        decide(tx, consider(tx, Ground(rig.service.board.profile), known["Carla"], [fever]))
    until(at(21))
    bruno.texts("OK")
    nobody_answers(until, at(22))
    until(at(22, 15), 60)
    elio.reads("Cerchiamo chi copre")
    assert not [text for text in anna.texts_read() if "Cerchiamo" in text]
    anna.never_rang()


def test_while_nobody_joins_the_next_in_line_is_asked_and_a_late_ok_ends_it(
    anna: Phone, bruno: Phone, dora: Phone, elio: Phone, carla: Phone, town: Town, until: Until
) -> None:
    anna.is_now(voicemail())
    until(at(21))
    nobody_answers(until, at(22))
    dora.reads("Cerchiamo chi copre")
    elio.reads_nothing()
    town.passes(3 * 60)
    elio.reads("Cerchiamo chi copre")
    anna.texts("OK")
    anna.reads("Confermato: sab 21/11 22.00-6.00")
    carla.reads("la persona che mancava c'è")
    dora.texts("PRENDO")
    dora.reads("Adesso non c'è nessun turno da coprire.")


def test_by_day_the_next_in_line_is_rung_and_joins_by_a_key(
    hire: Hire, dora: Phone, elio: Phone, carla: Phone, caller: Phone, until: Until
) -> None:
    bruno = hire("Bruno", 2, "volunteer", shift=from_to(9, 20))
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    anna.is_now(asleep)
    until(at(15))
    until(at(15, 6), 60)
    dora.answers(within=3 * 60)
    dora.hears("nessuno aspetta in linea. Cerchiamo chi copre un turno, volontari")
    dora.presses("1")
    dora.hears("il turno è tuo")
    dora.hung_up(within=20)
    caller.dials()
    for phone in (anna, bruno, dora):
        phone.rings(within=20)
    elio.never_rang()


def test_where_nobody_else_is_there_the_whole_line_is_asked_at_once_and_nobody_is_removed(
    anna: Phone,
    dora: Phone,
    elio: Phone,
    lucia: Phone,
    carla: Phone,
    caller: Phone,
    until: Until,
) -> None:
    anna.is_now(asleep)
    until(at(21))
    nobody_answers(until, at(22))
    for phone in (dora, elio):
        phone.reads("Cerchiamo chi copre sab 21/11")
    for phone in (lucia, carla):
        phone.reads("una persona non risponde e non c'è nessun altro. Cerchiamo chi copre.")
    caller.dials()
    anna.rings(within=20)


def test_one_key_on_the_ring_is_the_check_in_and_nobody_else_hears_of_it(
    anna: Phone, bruno: Phone, dora: Phone, carla: Phone, until: Until, town: Town, database: Database
) -> None:
    until(at(21))
    until(at(22))
    until(at(22, 4, second=50), 0)
    anna.answers(within=60)
    anna.hears(
        "Pronto Intervento Sociale: il tuo turno è iniziato alle ore ventidue, e non ti abbiamo ancora "
        "sentito. Premi uno se ci sei, due se non puoi."
    )
    anna.presses("1")
    anna.hears("Grazie, segnato.")
    until(at(22, 8))
    until(at(22, 10))
    assert anna.times_rung() == 1
    assert confirmed(database) == 1
    dora.reads_nothing()
    carla.reads_nothing()


def test_the_other_key_on_the_ring_seeks_cover_at_once(
    anna: Phone, bruno: Phone, dora: Phone, carla: Phone, until: Until
) -> None:
    until(at(21))
    until(at(22))
    until(at(22, 4, second=50), 0)
    anna.answers(within=60)
    anna.hears("due se non puoi")
    anna.presses("2")
    anna.hears("Va bene, segnato. Cerchiamo subito chi ti copre.")
    dora.reads("Cerchiamo chi copre sab 21/11")
    carla.reads("una persona non può")


def test_whoever_answers_a_caller_is_there(
    anna: Phone, carla: Phone, caller: Phone, until: Until, town: Town
) -> None:
    until(at(21))
    until(at(22))
    caller.dials()
    anna.answers(within=40)
    anna.presses("1")
    caller.talks_with(anna, within=20)
    town.passes(6 * 60)
    caller.talks_with(anna)
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    anna.hangs_up()
    town.passes(4 * 60)
    assert anna.times_rung() == 1
    carla.reads_nothing()


def test_the_missing_one_who_cannot_after_all_is_no_longer_rung_once_somebody_has_joined(
    anna: Phone, bruno: Phone, dora: Phone, caller: Phone, town: Town, until: Until
) -> None:
    anna.is_now(asleep)
    until(at(21))
    nobody_answers(until, at(22))
    dora.texts("PRENDO")
    dora.reads("assegnato a te")
    anna.texts("non posso")
    anna.reads("Va bene, grazie di averlo detto.")
    rung = anna.times_rung()
    caller.dials()
    dora.rings(within=20)
    bruno.rings(within=20)
    town.passes(5)
    assert anna.times_rung() == rung


def test_a_shift_that_was_running_when_the_service_started_disturbs_nobody(
    bruno: Phone, carla: Phone, town: Town, until: Until
) -> None:
    town.passes(60)
    bruno.reads_nothing()
    bruno.never_rang()


def test_two_volunteers_who_do_not_answer_are_sought_for_along_the_whole_line(
    anna: Phone, hire: Hire, dora: Phone, elio: Phone, until: Until
) -> None:
    gina = hire("Gina", 7, "volunteer", shift=from_to(22, 6))
    for phone in (anna, gina):
        phone.is_now(asleep)
    until(at(21))
    nobody_answers(until, at(22))
    for phone in (dora, elio):
        phone.reads("Cerchiamo chi copre")


class TestWhenTheClocksGoBack:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return datetime(2026, 10, 24, 12, 0, tzinfo=ROME)

    def test_a_no_show_after_the_hour_that_comes_twice_is_rung_after_five_real_minutes(
        self, hire: Hire, carla: Phone, until: Until
    ) -> None:
        three = datetime(2026, 10, 25, 3, 0, tzinfo=ROME)
        anna = hire("Anna", 1, "volunteer", shift=(three, three.replace(hour=9)))
        until(datetime(2026, 10, 24, 18, 0, tzinfo=ROME))
        assert anna.texts_read() == ["Domani sei di turno 3.00-9.00. Rispondi OK, oppure NON POSSO."]
        until(datetime(2026, 10, 25, 2, 59, fold=0, tzinfo=ROME), 60)
        assert len(anna.texts_read()) == 1, "it is two o'clock again"
        until(datetime(2026, 10, 25, 2, 58, fold=1, tzinfo=ROME), 60)
        assert len(anna.texts_read()) == 1
        until(three)
        anna.reads("Turno iniziato alle 3.00")
        late = anna.rings(within=6 * 60) - three
        assert timedelta(minutes=5) <= late <= timedelta(minutes=6)
        anna.answers()
        anna.presses("1")
        anna.hears("Grazie")
