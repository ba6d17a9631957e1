"""What does each key do, at any moment until somebody answers?"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME
from tests.stories.listening import all_rings, first_rings, longest_silence, when_heard
from tests.stories.records import Record

MONDAY_MORNING = datetime(2026, 11, 23, 11, 0, tzinfo=ROME)
Written = Callable[[], Record]

SAID_AFTER = {
    "1": "La colleghiamo subito. Se è in pericolo, uno uno due. Se non può parlare, prema un tasto.",
    "2": "Chiamare è stata la scelta giusta. Restiamo in linea insieme. Se c'è pericolo adesso: uno uno due.",
    "3": "La colleghiamo, con calma. Se la persona sta male o non risponde: uno uno due.",
    "4": "La colleghiamo. Se qualcuno sta male per il freddo o il caldo: uno uno due.",
    "7": "Linea per forze dell'ordine, ospedali e servizi. Chiamiamo l'assistente sociale di turno.",
    "0": "La colleghiamo con una persona. Resti in linea.",
    "6": "La colleghiamo con una persona. Resti in linea.",
    "*": "La colleghiamo con una persona. Resti in linea.",
    "#": "La colleghiamo con una persona. Resti in linea.",
    "A": "La colleghiamo con una persona. Resti in linea.",
}
SILENT_NEAR = "Non può parlare, c'è qualcuno vicino: domande da sì o no."
TOPICS = {"1": "Violenza.", "2": "Minore.", "3": "Persona sola.", "4": "Letto, pasto.", "7": "Servizi."}


@pytest.mark.parametrize("key", SAID_AFTER)
def test_a_key_during_the_first_word_rings_at_once_and_the_safety_sentence_is_spoken_meanwhile(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str
) -> None:
    caller.dials()
    town.passes(1)
    caller.presses(key)
    pressed = town.exchange.now()
    town.passes(0.1)
    assert caller.is_on_the_line()
    first = lucia if key == "7" else anna
    rang = first.rings(within=3)
    assert (rang - pressed).total_seconds() <= 2.5
    assert caller.hears(SAID_AFTER[key]) > rang


@pytest.mark.parametrize("key", TOPICS)
def test_the_whisper_names_what_the_caller_chose(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str, written: Written
) -> None:
    caller.dials()
    town.passes(4)
    caller.presses(key)
    first = lucia if key == "7" else anna
    first.rings()
    first.answers()
    first.hears(f"Pronto Intervento Sociale: una persona aspetta. {TOPICS[key]} Italiano.")
    first.hears("Premi uno per rispondere, due per passarla")
    first.presses("1")
    caller.talks_with(first)
    assert written().answered_by == first.name


@pytest.mark.parametrize("starts_at", [MONDAY_MORNING])
def test_information_by_day_needs_no_warning(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials()
    caller.presses("5")
    caller.hears("La colleghiamo.")
    caller.hears_nothing_like("non è al sicuro", for_seconds=20)


def test_information_at_night_says_how_to_wake_everybody(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials()
    caller.presses("5")
    caller.hears("La colleghiamo. Se stanotte lei o qualcuno non è al sicuro, prema zero.")


def test_a_key_in_the_menu_is_taken_before_the_menu_ends(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials()
    caller.hears("Oppure prema uno per violenza")
    caller.presses("4")
    caller.hears(SAID_AFTER["4"])
    assert "cinque per informazioni" not in caller.heard()


def test_a_late_category_key_adds_the_social_worker_and_stops_no_phone(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    anna.rings()
    bruno.rings()
    caller.presses("1")
    lucia.rings(within=2)
    assert anna.is_ringing()
    assert bruno.is_ringing()
    anna.answers()
    anna.hears("Violenza")
    anna.presses("1")
    caller.talks_with(anna)
    record = written()
    assert record.rung == ["Anna", "Bruno", "Lucia"]
    assert [one.result for one in record.attempts] == ["accepted", "canceled", "canceled"]


def test_a_late_category_key_changes_what_the_next_one_to_answer_hears(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    caller.dials()
    anna.rings()
    anna.answers()
    anna.hears("Motivo sconosciuto")
    caller.presses("3")
    bruno.answers()
    bruno.hears("Persona sola")


def test_two_quick_keys_ring_everybody_and_the_last_one_counts(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, written: Written
) -> None:
    caller.dials()
    town.passes(2)
    caller.presses("34", every=0.2)
    anna.rings(within=3)
    bruno.rings(within=3)
    anna.answers()
    anna.hears("Letto, pasto")
    anna.presses("1")
    caller.talks_with(anna)
    assert written().rung == ["Anna", "Bruno"]


def test_a_bounced_key_is_one_key(caller: Phone, town: Town, anna: Phone, written: Written) -> None:
    caller.dials()
    town.passes(2)
    caller.presses("11", every=0.2)
    caller.hears("Se non può parlare, prema un tasto", within=20)
    assert "cannot_speak" not in written().call.flags


def test_one_one_two_is_violence_and_the_truth_about_112(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    town.passes(1)
    caller.presses("112", every=1)
    caller.hears("Per l'uno uno due deve riagganciare e rifare il numero. Intanto la colleghiamo.")
    record = written()
    assert record.call.category == "VIO"
    assert "keyed_112" in record.call.flags
    assert "cannot_speak" not in record.call.flags
    assert record.rung[:2] == ["Lucia", "Anna"]
    lucia.rings()
    lucia.answers()
    lucia.hears("Violenza. Italiano. Ha fatto l'uno uno due sulla tastiera. Premi uno per rispondere")
    lucia.presses("1")
    caller.talks_with(lucia)


@pytest.mark.parametrize("between", [3, 30])
def test_one_one_two_takes_nothing_back_from_a_caller_who_cannot_speak(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written, between: float
) -> None:
    caller.dials()
    caller.presses("1")
    caller.hears("Se non può parlare, prema un tasto")
    caller.presses("5")
    caller.hears("È in pericolo adesso?")
    town.passes(between)
    caller.presses("112", every=1)
    caller.hears("deve riagganciare e rifare il numero")
    assert {"cannot_speak", "keyed_112"} <= written().call.flags
    lucia.answers(within=90)
    lucia.hears("Non può parlare: domande da sì o no.")


def test_one_one_two_after_violence_is_no_answer_to_whether_one_can_speak(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("1")
    caller.hears("Se non può parlare, prema un tasto")
    town.passes(10)
    caller.presses("112", every=1)
    caller.hears("deve riagganciare e rifare il numero")
    assert "cannot_speak" not in written().call.flags
    lucia.answers()
    lucia.hears("Ha fatto l'uno uno due sulla tastiera. Premi uno per rispondere")


@pytest.mark.parametrize("every", [0.3, 2.0, 2.9])
def test_one_one_two_counts_fast_and_slow_and_in_the_hold(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written, every: float
) -> None:
    caller.dials()
    town.passes(50)
    caller.presses("112", every=every)
    caller.hears("deve riagganciare e rifare il numero")
    assert "keyed_112" in written().call.flags
    assert written().call.category == "VIO"


def test_one_one_two_over_more_than_six_seconds_is_not_the_emergency_number(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("112", every=3.5)
    town.passes(10)
    assert "keyed_112" not in written().call.flags


def test_eight_and_eight_again_asks_to_be_called_back_and_the_ringing_goes_on(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    anna.rings()
    caller.presses("8")
    caller.hears(
        "Vuole una nostra telefonata più tardi? Prema ancora otto per confermare. Intanto continuiamo."
    )
    caller.presses("8")
    caller.hears(
        "Va bene. La richiama una persona entro le tre e 30, dal numero zero sette otto uno, tre tre zero"
    )
    assert anna.is_ringing()
    caller.hangs_up()
    town.everybody_hung_up()
    record = written()
    assert record.call.outcome == "promised"
    assert record.follow_up == "call_back"


def test_eight_alone_promises_nothing(caller: Phone, town: Town, anna: Phone, written: Written) -> None:
    caller.dials()
    anna.rings()
    caller.presses("8")
    caller.hears("Prema ancora otto per confermare")
    town.passes(20)
    assert anna.times_rung() == 1
    caller.hangs_up()
    town.everybody_hung_up()
    assert written().call.outcome == "abandoned"
    assert written().follow_up == "review"


@pytest.mark.parametrize("other", ["0", "3", "*", "#"])
def test_eight_and_another_key_promises_nothing(
    caller: Phone, town: Town, anna: Phone, written: Written, other: str
) -> None:
    caller.dials()
    caller.presses("8")
    caller.hears("Prema ancora otto")
    caller.presses(other)
    town.passes(15)
    caller.hangs_up()
    town.everybody_hung_up()
    assert written().follow_up == "review"


def test_eight_from_a_withheld_number_reaches_a_person(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials(anonymous=True)
    caller.presses("8")
    caller.hears("La colleghiamo con una persona")
    caller.presses("8")
    anna.answers(within=5)
    anna.hears("Numero nascosto")
    anna.presses("1")
    caller.talks_with(anna)
    assert "call_back_agreed" not in written().call.flags


def test_who_hides_the_number_is_never_offered_a_call_back(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials(anonymous=True)
    town.passes(300)
    assert "telefonata più tardi" not in caller.heard()


@pytest.mark.parametrize("key", "0123456789*#")
@pytest.mark.parametrize("category", "12")
def test_any_key_after_violence_or_a_minor_means_i_cannot_speak(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, category: str, key: str, written: Written
) -> None:
    caller.dials()
    caller.presses(category)
    caller.hears("uno uno due")
    town.passes(4)
    caller.presses(key)
    caller.hears("Va bene. Restiamo in linea, in silenzio. È in pericolo adesso? Uno sì, due no.")
    assert "cannot_speak" in written().call.flags
    assert written().call.category == {"1": "VIO", "2": "MIN"}[category]


@pytest.mark.parametrize(
    ("danger", "near", "whispered"),
    [
        ("1", "1", f"Violenza. Italiano. È in pericolo adesso. {SILENT_NEAR} Premi"),
        ("1", "2", "Violenza. Italiano. È in pericolo adesso. Non può parlare: domande da sì o no. Premi"),
        ("2", "1", f"Violenza. Italiano. {SILENT_NEAR} Premi"),
        ("2", "2", "Violenza. Italiano. Non può parlare: domande da sì o no. Premi"),
        ("", "", "Violenza. Italiano. Non può parlare: domande da sì o no. Premi"),
        ("9", "9", "Violenza. Italiano. Non può parlare: domande da sì o no. Premi"),
    ],
)
def test_who_cannot_speak_answers_two_questions_and_the_whisper_tells(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, danger: str, near: str, whispered: str
) -> None:
    caller.dials()
    caller.presses("1")
    caller.hears("Se non può parlare, prema un tasto")
    caller.presses("5")
    caller.hears("È in pericolo adesso? Uno sì, due no.")
    caller.presses(danger)
    caller.hears("C'è qualcuno vicino? Uno sì, due no.")
    caller.presses(near)
    town.passes(2)
    lucia.answers()
    lucia.hears(whispered)
    lucia.presses("1")
    caller.talks_with(lucia)


def test_phones_ring_again_while_a_caller_who_cannot_speak_waits_in_silence(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone
) -> None:
    caller.dials()
    caller.presses("1")
    town.passes(5)
    caller.presses("3")
    town.passes(180)
    for phone in (anna, lucia, carla):
        assert phone.times_rung() >= 2
    assert longest_silence(caller) <= 10
    assert len(when_heard(caller, "È in pericolo adesso?")) == 1


def test_after_the_questions_further_keys_ask_nothing_again(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("1")
    town.passes(5)
    caller.presses("3")
    town.passes(40)
    caller.presses("4")
    town.passes(15)
    assert len(when_heard(caller, "È in pericolo adesso?")) == 1
    assert written().call.category == "VIO"


@pytest.mark.parametrize("key", ["*", "#", "6", "B"])
def test_a_key_without_a_meaning_in_the_quiet_of_the_hold_means_i_cannot_speak(
    caller: Phone, town: Town, anna: Phone, key: str, written: Written
) -> None:
    caller.dials()
    caller.hears("tuu", within=45)
    caller.presses(key)
    caller.hears("Va bene. Restiamo in linea, in silenzio. È in pericolo adesso?")
    assert "cannot_speak" in written().call.flags


def cannot_speak(caller: Phone, town: Town) -> datetime:
    """Press a key without a meaning in the quiet of the hold, and yes to both questions; return when."""
    caller.hears("tuu", within=45)
    caller.presses("6")
    pressed = town.exchange.now()
    caller.hears("È in pericolo adesso?")
    caller.presses("1")
    caller.hears("C'è qualcuno vicino?")
    town.passes(2)
    caller.presses("1")
    return pressed


def test_at_night_the_social_worker_is_rung_at_once_for_who_asked_for_information_and_cannot_speak(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("5")
    anna.rings()
    town.passes(10)
    pressed = cannot_speak(caller, town)
    assert (lucia.rings(within=1) - pressed).total_seconds() <= 3
    assert anna.is_ringing(), "nobody's phone is stopped for it"
    lucia.answers()
    lucia.hears(f"Informazioni. Italiano. È in pericolo adesso. {SILENT_NEAR}")
    assert written().call.category == "ORI", "what was keyed stays what was keyed"
    lucia.presses("1")
    caller.talks_with(lucia)


@pytest.mark.parametrize("before", ["", "0"])
def test_at_night_the_social_worker_is_rung_at_once_for_who_keyed_no_reason_and_cannot_speak(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written, before: str
) -> None:
    caller.dials()
    caller.presses(before)
    anna.rings()
    pressed = cannot_speak(caller, town)
    assert (lucia.rings(within=1) - pressed).total_seconds() <= 3
    assert anna.is_ringing()
    assert written().call.category is None


def test_at_night_violence_keyed_after_zero_still_rings_the_social_worker_at_once(
    caller: Phone, anna: Phone, lucia: Phone
) -> None:
    caller.dials()
    caller.presses("0")
    anna.rings()
    caller.presses("1")
    lucia.rings(within=3)


def test_a_category_key_in_the_hold_still_counts(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    caller.hears("Stiamo chiamando chi è di turno", within=60)
    caller.presses("2")
    caller.hears(SAID_AFTER["2"])
    assert written().call.category == "MIN"


def test_noise_and_silence_reach_a_person(caller: Phone, town: Town, anna: Phone, bruno: Phone) -> None:
    caller.dials()
    for _ in range(12):
        town.passes(7)
        caller.presses("C")
    assert anna.times_rung() >= 2
    bruno.answers(within=60)
    bruno.presses("1")
    caller.talks_with(bruno)


def test_every_key_pressed_in_a_row_still_reaches_a_person(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone
) -> None:
    caller.dials()
    caller.presses("1234567890*#" * 3, every=0.1)
    anna.answers(within=10)
    anna.presses("1")
    caller.talks_with(anna)


def test_zero_at_night_after_information_wakes_the_social_worker(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("5")
    pressed = town.exchange.now()
    town.passes(100)
    lucia.never_rang()
    carla.never_rang()
    caller.presses("0")
    caller.hears("La colleghiamo con una persona")
    lucia.rings(within=5)
    carla.rings(within=40)
    assert written().call.category == "ORI"
    assert first_rings(town, pressed)["Anna"] <= 1.1


def test_zero_from_the_first_word_rings_the_plan_for_any_reason(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("0")
    pressed = town.exchange.now()
    town.passes(100)
    assert list(first_rings(town, pressed)) == ["Anna", "Lucia", "Carla"]
    assert written().call.category is None


def test_a_key_during_the_whisper_of_a_volunteer_changes_nothing_for_the_claim(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    caller.dials()
    anna.rings()
    anna.answers()
    caller.presses("4")
    anna.presses("1")
    caller.talks_with(anna)
    bruno.stops_ringing()


def test_keys_pressed_in_the_conversation_disturb_nobody(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials()
    anna.rings()
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    caller.presses("18*#", every=0.5)
    town.passes(30)
    caller.talks_with(anna)


def test_the_phone_rings_once_a_minute_and_not_once_a_key(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials()
    began = town.exchange.now()
    caller.presses("3404", every=3)
    town.passes(timedelta(seconds=50).total_seconds())
    assert len(all_rings(anna, began)) == 1
