"""Somebody offers a shift: who is asked, who has it then, and who reads what?"""

from datetime import timedelta

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.overrides.actions import consider, decide
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.rota.ground import Ground
from hotline.people import store as people
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import Hire
from tests.stories.offers.offered import MORNING, TONIGHT, Command, Ready, on_at, states
from tests.stories.test_texts import kept


def test_three_are_asked_two_answer_in_the_same_second_and_one_has_it(
    anna: Phone, bruno: Phone, dora: Phone, elio: Phone, lucia: Phone, carla: Phone, database: Database
) -> None:
    anna.texts("OFFRO")
    assert anna.reads("Offerto") == (
        "Offerto: lun 23/11 22.00-6.00. Resta tuo finché nessuno lo prende. Per ritirarlo rispondi RITIRO."
    )
    for asked in (bruno, dora, elio):
        assert asked.reads("Cerchiamo") == (
            "Cerchiamo chi copre lun 23/11 22.00-6.00. Rispondi PRENDO. Il primo che risponde ha il turno."
        )
    assert on_at(database, TONIGHT[0]) == ["Anna"]
    dora.texts("lo prendo io!")
    elio.texts("PRENDO")
    assert dora.reads("assegnato") == ("Turno lun 23/11 22.00-6.00 assegnato a te. Se hai sbagliato: LASCIO.")
    assert elio.reads("Già") == "Già coperto, grazie lo stesso."
    assert (
        anna.reads("collega")
        == "Il turno che hai offerto, lun 23/11 22.00-6.00, ora è di un collega. Grazie."
    )
    assert on_at(database, TONIGHT[0]) == on_at(database, TONIGHT[1] - timedelta(seconds=1)) == ["Dora"]
    bruno.never_rang()


def test_whoever_offered_it_takes_it_back_and_then_nobody_can_take_it(
    anna: Phone, bruno: Phone, database: Database
) -> None:
    anna.texts("OFFRO")
    anna.reads("Offerto")
    anna.texts("Offro il mio turno")
    assert anna.reads("già").startswith("Hai già offerto lun 23/11 22.00-6.00.")
    bruno.reads("Cerchiamo")
    anna.texts("RITIRO")
    assert anna.reads("Ritirato") == "Ritirato: il turno lun 23/11 22.00-6.00 resta tuo."
    bruno.texts("PRENDO")
    assert bruno.reads("non è più") == "Il turno lun 23/11 22.00-6.00 non è più offerto. Grazie lo stesso."
    anna.texts("Ritiro")
    anna.reads("Non hai turni offerti da ritirare.")
    assert states(database) == ["withdrawn"]
    assert on_at(database, TONIGHT[0]) == ["Anna"]


def test_a_forger_who_offers_and_withdraws_without_end_is_read_by_the_coordinator_instead(
    anna: Phone, carla: Phone, town: Town, database: Database
) -> None:
    for _ in range(10):
        anna.texts("OFFRO")
        anna.texts("RITIRO")
    assert states(database) == ["withdrawn"] * 6
    town.passes(60)
    assert len(anna.texts_read()) == 12
    assert len(kept(database)) == 8
    assert carla.times_rung() == 1
    assert on_at(database, TONIGHT[0]) == ["Anna"]


def test_the_limit_holds_for_whoever_gets_no_texts_and_never_for_i_cannot(
    anna: Phone, database: Database
) -> None:
    anna.texts("STOP")
    for _ in range(10):
        anna.texts("OFFRO")
        anna.texts("RITIRO")
    assert states(database) == ["withdrawn"] * 6
    anna.texts("NON POSSO")
    assert states(database) == ["withdrawn"] * 6 + ["open"]


def test_who_took_it_by_mistake_leaves_it_and_the_others_are_asked_again(
    anna: Phone, bruno: Phone, dora: Phone, carla: Phone, town: Town, database: Database
) -> None:
    anna.texts("OFFRO")
    dora.reads("Cerchiamo")
    dora.texts("PRENDO")
    anna.reads("ora è di un collega")
    dora.texts("Lascio")
    assert dora.reads("Va bene") == "Va bene, il turno lun 23/11 22.00-6.00 non è più tuo. Cerchiamo ancora."
    assert anna.reads("di nuovo tuo") == (
        "Turno lun 23/11 22.00-6.00: chi lo aveva preso non può più. Ora è di nuovo tuo, cerchiamo ancora."
    )
    assert carla.reads("non può più") == (
        "Turno lun 23/11 22.00-6.00, volontari: chi lo aveva preso non può più. Cerchiamo ancora."
    )
    assert on_at(database, TONIGHT[0]) == ["Anna"]
    town.passes(15)
    asked = [text for text in bruno.texts_read() if text.startswith("Cerchiamo")]
    assert len(asked) == 2
    assert len(carla.texts_read()) == 3, "offered, covered, open again: nothing twice"
    assert len([text for text in dora.texts_read() if text.startswith("Cerchiamo")]) == 1
    bruno.texts("PRENDO")
    bruno.reads("assegnato a te")
    assert on_at(database, TONIGHT[0]) == ["Bruno"]
    dora.texts("LASCIO")
    dora.reads("Non c'è un turno preso da lasciare")
    assert on_at(database, TONIGHT[0]) == ["Bruno"]


def test_what_is_left_of_a_running_shift_goes_over_at_once_and_rings_for_whoever_waits(
    hire: Hire,
    ready: Ready,
    bruno: Phone,
    lucia: Phone,
    caller: Phone,
    command: Command,
    town: Town,
    rig: Rig,
    database: Database,
) -> None:
    sara = ready("Sara", 8, (MORNING - timedelta(hours=2), MORNING + timedelta(hours=2)))
    command("new", "--for", sara.number, "--now", "--by", sara.number)
    bruno.reads("Cerchiamo chi copre lun 23/11 8.00-12.00.")
    assert on_at(database, MORNING + timedelta(hours=1)) == ["Sara"]
    caller.dials()
    sara.rings(within=30)
    bruno.texts("PRENDO")
    bruno.reads("assegnato a te")
    bruno.rings(within=5)
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)
    assert on_at(database, MORNING + timedelta(hours=1)) == ["Bruno"]
    assert on_at(database, MORNING - timedelta(hours=1)) == ["Sara"], "the past is not rewritten"
    bruno.texts("LASCIO")
    bruno.reads("è già iniziato")


def test_who_cannot_come_tonight_offers_it_and_the_coordinator_knows_at_once(
    anna: Phone, bruno: Phone, carla: Phone, database: Database
) -> None:
    anna.texts("Non posso stasera")
    anna.reads("Offerto: lun 23/11 22.00-6.00.")
    bruno.reads("Cerchiamo chi copre lun 23/11 22.00-6.00.")
    carla.reads("alle 10.00 ha scritto un collega")
    carla.reads("Turno lun 23/11 22.00-6.00, volontari: offerto", within=90)
    assert on_at(database, TONIGHT[0]) == ["Anna"], "nobody is taken off before somebody has it"


def test_whoever_offered_a_shift_that_was_changed_meanwhile_hears_that_the_rest_stays_theirs(
    anna: Phone, bruno: Phone, elio: Phone, carla: Phone, database: Database, rig: Rig, town: Town
) -> None:
    anna.texts("OFFRO")
    bruno.reads("Cerchiamo")
    with database.transaction() as tx:
        known = {person.name.split()[0]: person for person in people.everybody(tx)}
        ids, by = (known["Anna"].id, known["Elio"].id), known["Carla"]
        hour = (TONIGHT[0], TONIGHT[0] + timedelta(hours=1))
        wanted = Override("volunteer", *ids, *hour, Cause.REPLACE, by.id, "she comes later", "together")
        decide(tx, consider(tx, Ground(rig.service.board.profile), by, [wanted]))
    assert "resta tuo. Se non puoi, rispondi NON POSSO." in anna.reads("Nessuno ha preso", within=60)
    carla.reads("Resta a chi lo aveva")
    bruno.texts("PRENDO")
    bruno.reads("non è più offerto")
