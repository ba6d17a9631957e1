"""Somebody was rung, did not answer, and dials the line: is the caller still there, and what do they hear?"""

from collections.abc import Callable

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town, voicemail
from tests.stories.at_the_door import PIN, with_pin
from tests.stories.records import Record

Written = Callable[[], Record]


def missed(caller: Phone, anna: Phone) -> None:
    """Let the caller dial and Anna's phone ring in vain."""
    caller.dials()
    anna.rings(within=30)
    anna.stops_ringing(within=40)


def test_the_caller_who_still_waits_is_offered_on_the_same_leg(
    caller: Phone, anna: Phone, bruno: Phone, written: Written, town: Town
) -> None:
    missed(caller, anna)
    anna.dials()
    anna.hears("una persona aspetta", within=3)
    anna.hears("Premi uno per rispondere")
    anna.presses("1")
    caller.talks_with(anna)
    anna.hears_nothing_like("Resti in linea")
    bruno.stops_ringing(within=5)
    town.passes(60)
    caller.hangs_up()
    anna.hears("La telefonata è finita, grazie.")
    anna.hears("conclusa")
    anna.presses("1")
    anna.hears("Segnato")
    anna.hung_up(within=10)


def test_the_room_s_menu_and_hand_over_work_on_that_leg(caller: Phone, anna: Phone, lucia: Phone) -> None:
    missed(caller, anna)
    anna.dials()
    anna.hears("Premi uno per rispondere", within=15)
    anna.presses("1")
    caller.talks_with(anna)
    anna.presses("*")
    anna.hears("uno assistente sociale")
    anna.presses("1")
    caller.talks_with(anna)
    lucia.answers(within=20)
    lucia.presses("1")
    caller.talks_with(anna, lucia)
    anna.hangs_up()
    caller.talks_with(lucia)


def test_a_colleague_who_was_quicker_wins_and_the_other_stays_a_caller(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone
) -> None:
    missed(caller, anna)
    anna.dials()
    anna.hears("una persona aspetta", within=5)
    lucia.answers(within=30)
    lucia.presses("1")
    caller.talks_with(lucia)
    anna.hears("L'ha presa un collega.", within=10)
    anna.hears("Se qualcuno è in pericolo adesso", within=15)
    bruno.rings(within=60)
    bruno.answers()
    bruno.presses("1")
    anna.talks_with(bruno)
    caller.talks_with(lucia)


def test_who_cannot_speak_comes_before_a_caller_who_has_waited_longer(
    caller: Phone, anna: Phone, town: Town
) -> None:
    caller.dials()
    caller.presses("3")
    anna.rings(within=30)
    anna.stops_ringing(within=40)
    silent = town.phone("Silent", "+393400000098")
    silent.dials()
    silent.hears("tuu", within=45)
    silent.presses("6")
    silent.hears("È in pericolo adesso?")
    anna.stops_ringing(within=40)
    anna.dials()
    anna.hears("Una persona aspetta. Riaggancia: ti chiamiamo subito.", within=10)
    anna.hangs_up()
    anna.answers(within=10)
    anna.hears("Non può parlare")
    anna.presses("1")
    silent.talks_with(anna)


def test_whoever_passes_it_on_lets_the_others_go_on(
    caller: Phone, anna: Phone, lucia: Phone, written: Written
) -> None:
    missed(caller, anna)
    anna.dials()
    anna.hears("due per passarla", within=15)
    anna.presses("2")
    anna.hears("Va bene, passiamo ad altri")
    lucia.answers(within=40)
    lucia.presses("1")
    caller.talks_with(lucia)


def test_hanging_up_in_the_whisper_is_no_answer(caller: Phone, anna: Phone, lucia: Phone, town: Town) -> None:
    missed(caller, anna)
    anna.dials()
    anna.hears("una persona aspetta", within=5)
    anna.hangs_up()
    lucia.answers(within=40)
    lucia.presses("1")
    caller.talks_with(lucia)


def test_while_their_own_voicemail_still_talks_with_us(caller: Phone, anna: Phone, bruno: Phone) -> None:
    anna.is_now(voicemail(after=10, lasts=90))
    caller.dials()
    anna.rings(within=30)
    anna.waits(14)
    anna.hangs_up()
    anna.dials()
    anna.hears("una persona aspetta", within=5)
    anna.presses("1")
    caller.talks_with(anna)


def test_of_the_gravest_calls_a_forged_number_gets_nothing_but_a_ring_to_the_true_phone(
    caller: Phone, anna: Phone, lucia: Phone
) -> None:
    caller.dials()
    caller.waits(2)
    caller.presses("1")
    anna.rings(within=10)
    anna.stops_ringing(within=40)
    anna.dials()
    anna.hears("Una persona aspetta. Riaggancia: ti chiamiamo subito.", within=10)
    for said in ("Violenza", "Premi uno"):
        anna.hears_nothing_like(said)
    anna.hangs_up()
    anna.rings(within=4)
    anna.answers()
    anna.hears("Violenza")
    anna.presses("1")
    caller.talks_with(anna)


def test_a_colleague_has_answered(caller: Phone, anna: Phone, bruno: Phone, written: Written) -> None:
    missed(caller, anna)
    bruno.answers(within=60)
    bruno.presses("1")
    caller.talks_with(bruno)
    anna.dials()
    anna.hears("Ha risposto un collega, tutto a posto. Grazie.")
    anna.hangs_up()
    caller.talks_with(bruno)
    assert (written().call.outcome, written().follow_up) == (None, None)


def test_nobody_waits_any_more(caller: Phone, anna: Phone, town: Town) -> None:
    missed(caller, anna)
    caller.hangs_up()
    town.passes(30)
    anna.dials()
    anna.hears("Adesso nessuno aspetta. Grazie, puoi riagganciare.")


def test_who_stays_on_the_line_is_a_caller_like_any_other(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    missed(caller, anna)
    caller.hangs_up()
    bruno.stops_ringing()
    town.passes(20)
    anna.dials()
    anna.hears("Adesso nessuno aspetta.")
    anna.hears("Se qualcuno è in pericolo adesso", within=10)
    bruno.answers(within=30)
    bruno.presses("1")
    anna.talks_with(bruno)


def test_a_key_pressed_meanwhile_means_what_it_means_everywhere(
    caller: Phone, anna: Phone, lucia: Phone, town: Town, written: Written
) -> None:
    missed(caller, anna)
    caller.hangs_up()
    town.passes(20)
    anna.dials()
    anna.hears("Adesso nessuno aspetta.")
    anna.presses("1")
    lucia.rings(within=5)
    assert written().call.category == "VIO"


def test_the_star_opens_the_door_from_there_too(
    caller: Phone, anna: Phone, town: Town, database: Database
) -> None:
    with_pin(anna, database)
    missed(caller, anna)
    caller.hangs_up()
    town.passes(20)
    anna.dials()
    anna.hears("Adesso nessuno aspetta.")
    anna.presses("*")
    anna.hears("Codice, poi cancelletto.")
    anna.presses(PIN + "#", every=0.5)
    anna.hears("Sei di turno")


def test_it_is_told_once_and_not_hours_later(caller: Phone, anna: Phone, town: Town) -> None:
    missed(caller, anna)
    caller.hangs_up()
    town.passes(30)
    anna.dials()
    anna.hears("Adesso nessuno aspetta.")
    anna.hangs_up()
    town.passes(30)
    anna.dials()
    anna.waits(12)
    anna.hears_nothing_like("nessuno aspetta")
    anna.hangs_up()


def test_who_was_off_or_passed_it_on_has_missed_nothing(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    caller.dials()
    anna.answers(within=30)
    anna.hears("due per passarla")
    anna.presses("2")
    anna.hung_up(within=20)
    caller.hangs_up()
    town.passes(30)
    anna.dials()
    anna.waits(8)
    anna.hears_nothing_like("nessuno aspetta")


def test_hanging_up_in_the_whisper_without_a_word_is_noticed(
    caller: Phone, anna: Phone, bruno: Phone, rig: Rig, town: Town
) -> None:
    missed(caller, anna)
    rig.exchange.faults.drop_webhooks("voice/status", times=10)
    anna.dials()
    anna.hears("una persona aspetta", within=5)
    anna.hangs_up()
    town.passes(70)
    anna.rings(within=60)


def test_a_long_conversation_on_the_own_leg_is_left_alone(caller: Phone, anna: Phone, town: Town) -> None:
    missed(caller, anna)
    anna.dials()
    anna.hears("Premi uno per rispondere", within=15)
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(20 * 60)
    caller.talks_with(anna)


def test_while_rest_is_down_whoever_returns_a_ring_is_a_caller(
    caller: Phone, anna: Phone, rig: Rig, town: Town
) -> None:
    missed(caller, anna)
    rig.exchange.faults.rest_fails(times=100, status=500)
    town.passes(60)
    anna.dials()
    anna.hears("Resti in linea", within=30)
