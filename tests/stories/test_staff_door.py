"""One of ours dials the line from their own phone: a caller like any other, until `*` and a PIN."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.calls.live import LiveCall
from hotline.calls.ring import move_caller
from hotline.calls.store import lock_call, recent_calls
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.followups.followup import FollowUp
from hotline.followups.store import still_owed
from hotline.people.actions import set_active
from hotline.simulator.phones import Phone, Town
from tests.stories.at_the_door import PIN, comes_in, knocks, with_pin
from tests.stories.conftest import Hire
from tests.stories.records import Record
from tests.stories.test_follow_ups import promised

Written = Callable[[], Record]
WRONG = "715084"


@pytest.fixture(autouse=True)
def pin(database: Database, anna: Phone) -> None:
    """Give Anna, a volunteer on duty, her PIN."""
    with_pin(anna, database)


def owed_now(database: Database) -> list[FollowUp]:
    """Return everything that is still owed."""
    with database.reading() as tx:
        return list(still_owed(tx))


# A caller like any other


def test_without_the_star_a_responder_is_a_caller_like_any_other(
    anna: Phone, bruno: Phone, written: Written
) -> None:
    anna.dials()
    anna.hears("Resti in linea: risponde una persona.")
    bruno.answers(within=30)
    bruno.presses("1")
    anna.talks_with(bruno)
    anna.hangs_up()
    assert written().call.outcome == "answered"
    assert "Anna" not in written().rung


def test_the_star_of_anybody_else_means_a_person(caller: Phone, bruno: Phone) -> None:
    caller.dials()
    caller.waits(3)
    caller.presses("*")
    bruno.rings(within=5)
    caller.hears_nothing_like("Codice")


def test_the_star_of_somebody_who_has_left_us_means_a_person_too(
    anna: Phone, bruno: Phone, database: Database
) -> None:
    with database.transaction() as tx:
        set_active(tx, anna.number, active=False)
    anna.dials()
    anna.waits(3)
    anna.presses("*")
    bruno.rings(within=5)
    anna.hears_nothing_like("Codice")


def test_a_responder_who_said_what_they_need_is_not_at_the_door(anna: Phone, lucia: Phone) -> None:
    anna.dials()
    anna.waits(2)
    anna.presses("1")
    lucia.rings(within=5)
    anna.presses("*")
    anna.hears("È in pericolo adesso?")
    anna.hears_nothing_like("Codice")


# Inside


def test_am_i_on_until_when_and_who_is_with_me(
    anna: Phone, bruno: Phone, lucia: Phone, hire: Hire, town: Town, written: Written
) -> None:
    hire("Sara", 8, "coordinator")
    comes_in(anna)
    anna.hears(
        "Sei di turno fino alle ore quindici. Con te: Bruno, assistente sociale Lucia, coordinamento Sara. "
        "Due non posso, adesso. Tre i miei turni."
    )
    anna.hears_nothing_like("offri")
    anna.hears_nothing_like("consegne")
    anna.hears_nothing_like("richiamate")
    anna.hears("Due non posso", within=20)
    anna.hears("Puoi riagganciare", within=20)
    anna.hung_up(within=10)
    for phone in (bruno, lucia):
        phone.never_rang()
    record = written()
    assert (record.call.outcome, record.follow_up, record.attempts) == (None, None, ())


def test_no_phone_begins_to_ring_while_somebody_is_inside(anna: Phone, bruno: Phone, town: Town) -> None:
    knocks(anna)
    anna.waits(4)
    anna.presses(PIN + "#", every=1.0)
    anna.hears("Sei di turno")
    town.passes(20)
    bruno.never_rang()


def test_phones_that_ring_already_are_silent_once_the_star_is_pressed(
    anna: Phone, bruno: Phone, lucia: Phone, town: Town, written: Written
) -> None:
    anna.dials()
    bruno.rings(within=30)
    anna.presses("*")
    anna.hears("Codice, poi cancelletto.")
    bruno.stops_ringing(within=5)
    anna.presses(PIN + "#", every=0.5)
    anna.hears("Sei di turno")
    anna.hangs_up()
    town.passes(120)
    assert bruno.times_rung() == 1
    lucia.never_rang()
    assert (written().call.outcome, written().follow_up) == (None, None)


def test_nothing_of_ours_is_said_before_the_pin(anna: Phone, bruno: Phone) -> None:
    knocks(anna)
    for secret in ("Bruno", "turno", "Anna", "volontari"):
        anna.hears_nothing_like(secret)


def test_somebody_off_duty_hears_it_and_is_not_offered_what_does_nothing(
    anna: Phone, hire: Hire, database: Database
) -> None:
    dora = with_pin(hire("Dora", 5, "volunteer", shift=None), database)
    comes_in(dora)
    dora.hears("Adesso non sei di turno. Tre i miei turni.")
    dora.hears_nothing_like("non posso")
    dora.presses("3")
    dora.hears("Non hai altri turni in programma.")


def test_my_next_shifts(anna: Phone, hire: Hire, starts_at: datetime) -> None:
    friday = starts_at + timedelta(days=5, hours=17)
    hire("Anna", 1, "volunteer", "it;en", shift=(friday, friday + timedelta(hours=4)))
    week = friday + timedelta(days=7)
    hire("Anna", 1, "volunteer", "it;en", shift=(week, week + timedelta(days=7)))
    comes_in(anna)
    anna.presses("3")
    anna.hears("Venerdì 27, dalle ore venti alle ore zero.")
    anna.hears("Da venerdì 4, ore venti, a venerdì 11, ore venti.")


# The PIN


def test_a_slip_of_the_finger_is_asked_once_more(anna: Phone, bruno: Phone) -> None:
    comes_in(anna, WRONG)
    anna.hears("Il codice non va. Riprova, poi cancelletto. Se ti serve aiuto, resta in linea.")
    anna.presses(PIN + "#", every=0.5)
    anna.hears("Sei di turno")
    bruno.never_rang()


def test_after_three_wrong_ones_the_door_is_locked_and_a_person_answers(
    anna: Phone, bruno: Phone, written: Written
) -> None:
    comes_in(anna, WRONG)
    for _ in range(2):
        anna.hears("Il codice non va")
        anna.presses(WRONG + "#", every=0.5)
    anna.hears(
        "Troppi codici sbagliati: riprova fra un quarto d'ora. Intanto ti colleghiamo con una persona."
    )
    bruno.answers(within=15)
    bruno.presses("1")
    anna.talks_with(bruno)
    anna.hangs_up()
    assert written().call.outcome == "answered"


def test_the_lock_holds_for_the_right_pin_too_over_a_restart_and_ends_by_itself(
    anna: Phone, bruno: Phone, rig: Rig, town: Town
) -> None:
    for _ in range(3):
        comes_in(anna, WRONG)
        anna.hears("codic")
        anna.hangs_up()
    rig.switch_off()
    rig.switch_on()
    town.passes(60)
    anna.dials()
    anna.waits(3)
    anna.presses("*")
    anna.hears("Troppi codici sbagliati")
    anna.hears_nothing_like("Codice, poi")
    bruno.rings(within=15)
    anna.hangs_up()
    town.passes(15 * 60)
    comes_in(anna)
    anna.hears("Sei di turno")


def test_silence_at_the_pin_is_a_caller_like_any_other(anna: Phone, bruno: Phone, written: Written) -> None:
    knocks(anna)
    anna.hears("Ti colleghiamo con una persona. Resta in linea.", within=15)
    bruno.answers(within=15)
    bruno.presses("1")
    anna.talks_with(bruno)


def test_a_single_key_at_the_pin_means_what_it_means_everywhere(
    anna: Phone, bruno: Phone, lucia: Phone, written: Written
) -> None:
    knocks(anna)
    anna.presses("1")
    lucia.rings(within=15)
    assert written().call.category == "VIO"


def test_one_one_two_at_the_pin_is_an_emergency(anna: Phone, lucia: Phone, written: Written) -> None:
    knocks(anna)
    anna.presses("112", every=0.5)
    anna.hears("Per l'uno uno due deve riagganciare", within=15)
    assert "keyed_112" in written().call.flags


def test_without_a_pin_it_is_said_in_one_sentence_and_a_person_answers(anna: Phone, bruno: Phone) -> None:
    bruno.dials()
    bruno.waits(3)
    bruno.presses("*")
    bruno.hears("Non hai ancora un codice: chiedilo al coordinamento. Ti colleghiamo con una persona.")
    anna.answers(within=15)
    anna.presses("1")
    bruno.talks_with(anna)


def test_a_hidden_number_has_no_door(anna: Phone, bruno: Phone) -> None:
    anna.dials(anonymous=True)
    anna.waits(3)
    anna.presses("*")
    bruno.rings(within=5)
    anna.hears_nothing_like("Codice")


def test_the_door_is_no_earlier_call_for_help(anna: Phone, bruno: Phone, town: Town) -> None:
    comes_in(anna)
    anna.hears("Sei di turno")
    anna.hangs_up()
    town.passes(60)
    anna.dials()
    anna.hears("Resti in linea: risponde una persona.")
    anna.hears_nothing_like("La colleghiamo.")


# I cannot, now


def test_i_cannot_is_asked_once_more_and_then_done(
    anna: Phone, bruno: Phone, lucia: Phone, caller: Phone, town: Town, hire: Hire
) -> None:
    dora = hire("Dora", 5, "volunteer", shift=None)
    comes_in(anna)
    anna.hears("Due non posso")
    anna.presses("2")
    anna.hears("Se non puoi, premi ancora due: cerchiamo subito chi ti copre.")
    anna.presses("2")
    anna.hears("Va bene, segnato: fino alle ore quindici non ti chiamiamo. Cerchiamo chi ti copre. Riposa.")
    anna.hung_up(within=15)
    dora.answers(within=20)
    dora.hears("Premi uno se lo prendi tu")
    dora.presses("1")
    dora.hears("il turno è tuo")
    dora.hangs_up()
    lucia.answers(within=20)
    lucia.hangs_up()
    town.passes(60)
    caller.dials()
    bruno.rings(within=30)
    dora.rings(within=5)
    town.passes(60)
    anna.never_rang()


def test_one_touch_alone_changes_nothing(anna: Phone, lucia: Phone, town: Town) -> None:
    comes_in(anna)
    anna.presses("2")
    anna.hears("premi ancora due")
    anna.hears("Tre i miei turni", within=20)
    anna.hangs_up()
    town.passes(30)
    lucia.never_rang()


def test_the_last_one_hears_that_they_ring_last(anna: Phone, lucia: Phone, carla: Phone) -> None:
    comes_in(anna)
    anna.presses("2")
    anna.hears("premi ancora due")
    anna.presses("2")
    anna.hears(
        "Va bene, segnato. Cerchiamo chi ti copre. Ma adesso non c'è nessun altro: finché nessuno lo prende, "
        "suoni per ultimo."
    )


def test_whoever_could_not_takes_it_back_by_the_same_key(
    anna: Phone, bruno: Phone, caller: Phone, town: Town
) -> None:
    comes_in(anna)
    anna.presses("2")
    anna.hears("premi ancora due")
    anna.presses("2")
    anna.hung_up(within=30)
    comes_in(anna)
    anna.hears("Hai detto che non puoi, fino alle ore quindici: suoni solo se non c'è nessun altro.")
    anna.hears("Due posso di nuovo.")
    anna.presses("2")
    anna.hears("Grazie: sei di nuovo in turno, fino alle ore quindici.")
    anna.hung_up(within=15)
    caller.dials()
    anna.rings(within=30)


# What is owed


def test_the_most_urgent_call_back_is_taken_and_made_from_the_door(
    anna: Phone, caller: Phone, town: Town, database: Database
) -> None:
    promised(caller, town)
    town.passes(60)
    comes_in(anna)
    anna.hears("Uno richiamate in sospeso: 1.")
    anna.presses("1")
    anna.hears("C'è una richiamata in sospeso, promessa entro le ore tre e 30. Premi uno per prenderla")
    anna.presses("1")
    anna.hears("Grazie, è tua.")
    assert [one.state for one in owed_now(database)] == ["owned"]
    anna.hears("Premi uno quando vuoi")
    anna.presses("1")
    caller.answers(within=15)
    caller.talks_with(anna)
    caller.hangs_up()
    anna.hears("se avete parlato")
    anna.presses("1")
    anna.hears("Segnato, grazie")
    anna.hung_up(within=10)
    assert owed_now(database) == []


def test_hanging_up_over_what_is_owed_leaves_it_to_the_others(
    anna: Phone, caller: Phone, lucia: Phone, town: Town, database: Database
) -> None:
    promised(caller, town)
    town.passes(40)
    comes_in(anna)
    anna.presses("1")
    anna.hears("C'è una richiamata in sospeso")
    anna.hangs_up()
    town.passes(1)
    assert [one.state for one in owed_now(database)] == ["open"]
    town.passes(300)
    assert lucia.times_rung() >= 2


def test_with_nothing_owed_the_key_says_so(anna: Phone) -> None:
    comes_in(anna)
    anna.presses("1")
    anna.hears("Nessuna richiamata in sospeso.")


# A caller meanwhile


def test_a_caller_who_waits_is_offered_to_whoever_is_inside(
    anna: Phone, caller: Phone, written: Written
) -> None:
    comes_in(anna)
    anna.hears("Sei di turno")
    caller.dials()
    caller.waits(16)
    anna.presses("3")
    anna.hears("una persona aspetta", within=20)
    anna.presses("1")
    caller.talks_with(anna)
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    assert written().answered_by == "Anna"


def test_whoever_is_inside_and_passes_it_on_is_inside_again(anna: Phone, caller: Phone, bruno: Phone) -> None:
    comes_in(anna)
    anna.hears("Sei di turno")
    caller.dials()
    caller.waits(16)
    anna.presses("3")
    anna.hears("una persona aspetta", within=20)
    anna.presses("2")
    anna.hears("Va bene, passiamo ad altri")
    anna.hears("Tre i miei turni", within=20)
    bruno.answers(within=20)
    bruno.presses("1")
    caller.talks_with(bruno)


# When something breaks


def test_whoever_is_fetched_back_from_the_door_reaches_a_person(
    anna: Phone, bruno: Phone, rig: Rig, database: Database, town: Town
) -> None:
    comes_in(anna)
    anna.hears("Sei di turno")
    with database.transaction() as tx:
        call = lock_call(tx, recent_calls(tx, 1)[0].id)
        assert call is not None
        move_caller(rig.service.board, LiveCall(tx, call), "hold")
    town.passes(1)
    bruno.answers(within=10)
    bruno.presses("1")
    anna.talks_with(bruno)


def test_every_webhook_of_the_door_may_come_twice_and_a_wrong_pin_counts_once(
    anna: Phone, bruno: Phone, rig: Rig
) -> None:
    rig.exchange.faults.duplicate_webhooks("/twilio/staff", times=50)
    comes_in(anna, WRONG)
    anna.hears("Il codice non va")
    anna.presses(WRONG + "#", every=0.5)
    anna.hears("Il codice non va")
    anna.presses(PIN + "#", every=0.5)
    anna.hears("Sei di turno")
    bruno.never_rang()


def test_whoever_is_gone_without_a_word_is_noticed(
    anna: Phone, town: Town, rig: Rig, written: Written
) -> None:
    comes_in(anna)
    anna.hears("Sei di turno")
    rig.exchange.faults.drop_webhooks("voice/status", times=10)
    anna.hangs_up()
    town.passes(60)
    assert written().call.ended_at is not None
    assert written().call.outcome is None


def test_somebody_inside_delays_no_caller(anna: Phone, bruno: Phone, caller: Phone) -> None:
    knocks(anna)
    caller.dials()
    bruno.rings(within=20)
