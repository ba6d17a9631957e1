"""Who is asked before a shift whether they will come, and what if they say that they cannot?"""

import pytest

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.actions import confirm_shift, gaps_between
from hotline.oncall.proof.coverage import Lacking
from hotline.people import store as people
from hotline.simulator.phones import Phone, Town, manual, off
from tests.stories.conftest import Hire
from tests.stories.presence.saturday import Until, also, at, confirmed, from_to, trained, unheard, wants_calls


def test_an_early_shift_is_asked_about_on_the_evening_before_and_ok_is_the_check_in(
    hire: Hire, carla: Phone, until: Until, database: Database
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(8, 14, days=1))
    until(at(17, 58), 60)
    anna.reads_nothing()
    until(at(18))
    assert anna.texts_read() == ["Domani sei di turno 8.00-14.00. Rispondi OK, oppure NON POSSO."]
    anna.texts("OK")
    assert anna.reads("Confermato") == "Confermato: dom 22/11 8.00-14.00. Grazie."
    assert confirmed(database) == 1
    until(at(8, days=1))
    until(at(8, 6, days=1), 60)
    assert len(anna.texts_read()) == 2
    anna.never_rang()
    carla.reads_nothing()


def test_any_other_shift_is_asked_about_one_hour_ahead(hire: Hire, until: Until) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    until(at(13, 58), 60)
    anna.reads_nothing()
    until(at(14))
    expected = "Rispondi OK: vale come presenza. Telefono acceso, 0781 33000 consentito."
    assert anna.texts_read() == [f"Turno dalle 15.00 alle 20.00. {expected}"]


def test_nobody_is_asked_in_quiet_hours_a_late_shift_is_asked_about_before_they_begin(
    hire: Hire, until: Until
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(23, 7))
    until(at(20, 58), 60)
    anna.reads_nothing()
    until(at(21))
    anna.reads("Turno dalle 23.00 alle 7.00")


def test_a_shift_that_becomes_known_in_quiet_hours_waits_until_it_begins(
    hire: Hire, town: Town, until: Until
) -> None:
    until(at(21, 40))
    anna = hire("Anna", 1, "volunteer", shift=from_to(23, 7))
    town.passes(60)
    anna.reads_nothing()
    until(at(23))
    anna.reads("Turno iniziato alle 23.00, non ti abbiamo sentito.")


def test_who_has_confirmed_in_another_way_after_being_asked_is_let_alone(
    hire: Hire, until: Until, database: Database
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    until(at(14))
    with database.transaction() as tx:
        person = people.person_by_phone(tx, anna.number)
        assert person is not None
        confirm_shift(tx, person.id, tx.now)
    until(at(15))
    until(at(15, 6))
    assert len(anna.texts_read()) == 1
    anna.never_rang()


def test_shifts_that_touch_are_asked_about_once(hire: Hire, until: Until, database: Database) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    also(database, anna, from_to(20, 23))
    until(at(14))
    anna.texts("ok")
    anna.reads("Confermato")
    until(at(19))
    until(at(20))
    until(at(20, 6), 60)
    assert len(anna.texts_read()) == 2
    anna.never_rang()


def test_who_has_confirmed_before_is_not_asked(hire: Hire, until: Until) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    anna.texts("ok")
    anna.reads("Confermato")
    until(at(14))
    until(at(15))
    until(at(15, 6), 60)
    assert len(anna.texts_read()) == 1
    anna.never_rang()


def test_an_ok_of_days_ago_is_no_check_in(hire: Hire, until: Until, rig: Rig) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20, days=5))
    anna.texts("ok")
    until(at(14, days=5), 45)
    anna.reads("Rispondi OK")
    until(at(15, days=5))
    anna.reads("non ti abbiamo sentito")


def test_ok_answers_what_was_asked_also_in_the_middle_of_another_shift(
    hire: Hire, until: Until, database: Database
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(9, 20))
    also(database, anna, from_to(8, 14, days=1))
    until(at(18))
    anna.reads("Domani sei di turno 8.00-14.00")
    anna.texts("OK")
    assert anna.reads("Confermato") == "Confermato: dom 22/11 8.00-14.00. Grazie."
    assert unheard(database) == 0


def test_who_chose_calls_hears_the_shift_and_confirms_by_a_key(
    hire: Hire, until: Until, database: Database, town: Town
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(8, 14, days=1))
    wants_calls(database, anna)
    until(at(17, 59, second=50), 0)
    anna.answers(within=60)
    anna.hears(
        "Pronto Intervento Sociale: nessuno aspetta in linea. Sei di turno domenica 22, dalle ore otto "
        "alle ore quattordici. Premi uno per confermare, due se non puoi."
    )
    anna.presses("1")
    anna.hears("Grazie, segnato.")
    anna.hung_up(within=20)
    assert confirmed(database) == 1
    until(at(8, 6, days=1), 60)
    assert anna.times_rung() == 1
    anna.reads_nothing()


@pytest.fixture
def anna_cannot_come(hire: Hire, carla: Phone, dora: Phone, until: Until, database: Database) -> Phone:
    """Anna says so by a key, the evening before; Dora is at home, and may take a shift."""
    trained(database, dora)
    anna = hire("Anna", 1, "volunteer", shift=from_to(8, 14, days=1))
    wants_calls(database, anna)
    until(at(17, 59, second=50), 0)
    anna.answers(within=60)
    anna.hears("due se non puoi")
    anna.presses("2")
    anna.hears("Va bene, cerchiamo chi lo prende, e lo diciamo al coordinamento.")
    anna.hung_up(within=20)
    return anna


def test_a_shift_that_somebody_cannot_come_to_is_offered_at_once_and_whoever_takes_it_has_it(
    anna_cannot_come: Phone, dora: Phone, until: Until, town: Town
) -> None:
    town.passes(30)
    dora.reads("Cerchiamo chi copre dom 22/11 8.00-14.00")
    dora.texts("PRENDO")
    dora.reads("assegnato a te")
    anna_cannot_come.reads("un collega")
    told = len(dora.texts_read())
    until(at(8, 5, days=1))
    assert anna_cannot_come.times_rung() == 1
    assert not [text for text in dora.texts_read()[told:] if "copre" in text]


def test_where_nobody_takes_it_the_shift_begins_by_seeking_cover(
    anna_cannot_come: Phone,
    carla: Phone,
    dora: Phone,
    until: Until,
    town: Town,
    rig: Rig,
    database: Database,
) -> None:
    town.passes(30)
    with database.reading() as tx:
        hours = from_to(8, 14, days=1)
        found = gaps_between(tx, rig.service.board.profile, *hours)
    assert [(one.starts_at, one.ends_at) for one in found if one.lack.lacking == Lacking.VOLUNTEER] == [hours]
    assert carla.reads("non può") == (
        "0781 33000: turno dom 22/11 8.00-14.00, volontari: una persona dice che non può. "
        "Chi è lo dice hotline presence."
    )
    dora.reads("Cerchiamo chi copre dom 22/11 8.00-14.00")
    until(at(8, days=1))
    asked = [text for text in dora.texts_read() if "Cerchiamo chi copre dom 22/11 8.00-14.00" in text]
    assert len(asked) >= 2


def test_whom_the_text_did_not_reach_is_called(hire: Hire, until: Until) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    anna.is_now(off)
    until(at(14), 45)
    anna.is_now(manual)
    anna.answers(within=120)
    anna.hears("Sei di turno sabato 21, dalle ore quindici")
    anna.presses("1")
    anna.hears("Grazie, segnato.")


def test_a_live_call_goes_before_a_reminder(
    hire: Hire, caller: Phone, until: Until, database: Database
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(9, 20))
    also(database, anna, from_to(8, 14, days=1))
    wants_calls(database, anna)
    until(at(17, 59, second=40), 0)
    caller.dials()
    anna.answers(within=60)
    anna.hears("una persona aspetta")
    anna.presses("1")
    caller.talks_with(anna, within=20)
    until(at(18, 1), 60)
    caller.talks_with(anna)
    assert anna.times_rung() == 1
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    anna.hangs_up()
    anna.rings(within=60)
    anna.answers()
    anna.hears("Sei di turno domenica 22")
    anna.hangs_up()


def test_a_week_of_shifts_is_a_week_of_single_questions(hire: Hire, until: Until, database: Database) -> None:
    anna = hire("Anna", 1, "volunteer", shift=from_to(8, 14, days=1))
    for day in range(2, 8):
        also(database, anna, from_to(8, 14, days=day))
    for day in range(7):
        until(at(17, 59, days=day, second=50), 40)
        anna.texts("OK")
        until(at(8, 6, days=day + 1))
    asked = [text for text in anna.texts_read() if text.startswith("Domani sei di turno")]
    said = [text for text in anna.texts_read() if text.startswith("Confermato")]
    assert (len(asked), len(said), len(anna.texts_read())) == (7, 7, 14)
    assert confirmed(database) == 7
    anna.never_rang()
