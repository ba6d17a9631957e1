"""What does a caller hear before anybody answers, and how soon does the first phone ring?"""

from datetime import datetime
from itertools import pairwise

import pytest

from hotline.simulator.phones import Phone, Town, asleep
from tests.conftest import NIGHT_IN_NOVEMBER
from tests.stories.conftest import ROME
from tests.stories.listening import first_rings, first_word, longest_silence, when_heard

MONDAY_MORNING = datetime(2026, 11, 23, 11, 0, tzinfo=ROME)
by_night_and_by_day = pytest.mark.parametrize(
    "starts_at", [NIGHT_IN_NOVEMBER, MONDAY_MORNING], ids=["night", "day"]
)


@by_night_and_by_day
def test_the_danger_sentence_comes_first_and_ends_within_ten_seconds(caller: Phone, anna: Phone) -> None:
    caller.dials()
    ended = caller.hears("Se qualcuno è in pericolo adesso, riagganci e chiami l'uno uno due.")
    assert (ended - first_word(caller)).total_seconds() <= 10
    assert caller.heard().startswith("Pronto Intervento Sociale di Iglesias. Se qualcuno è in pericolo")


@by_night_and_by_day
def test_a_silent_caller_makes_a_phone_ring_within_twenty_seconds_and_talks_with_a_person(
    caller: Phone, anna: Phone, bruno: Phone
) -> None:
    caller.dials()
    rang = anna.rings()
    assert (rang - first_word(caller)).total_seconds() <= 20
    anna.answers()
    anna.hears("Motivo sconosciuto. Italiano.")
    anna.presses("1")
    caller.talks_with(anna)


def test_the_caller_is_told_what_will_happen_before_any_phone_rings(caller: Phone, anna: Phone) -> None:
    caller.dials()
    caller.hears("Resti in linea: risponde una persona. Non registriamo; il nome non serve.")
    anna.never_rang()
    anna.rings(within=5)


def test_languages_and_menu_are_spoken_while_the_phones_ring(caller: Phone, anna: Phone) -> None:
    caller.dials()
    rang = anna.rings()
    said = caller.hears("English Français Română العربية nine")
    assert said > rang
    caller.hears(
        "Oppure prema uno per violenza o minacce, due per minorenni, tre per persone sole, anziane o con "
        "disabilità, quattro per letto o pasto, cinque per informazioni."
    )
    assert anna.is_ringing()


def test_the_line_for_police_and_hospitals_is_spoken_late_and_only_to_who_chose_nothing(
    caller: Phone, town: Town, anna: Phone
) -> None:
    caller.dials()
    caller.hears("cinque per informazioni", within=40)
    assert "Forze dell'ordine" not in caller.heard()
    caller.hears("Forze dell'ordine, ospedali e servizi: sette.")
    caller.hangs_up()
    town.everybody_hung_up()

    caller.dials()
    caller.presses("4")
    caller.hears_nothing_like("Forze dell'ordine", for_seconds=100)


def test_the_first_pass_names_no_police_and_offers_no_call_back(caller: Phone, anna: Phone) -> None:
    caller.dials()
    caller.hears("cinque per informazioni", within=40)
    for word in ("Forze dell'ordine", "polizia", "telefonata", "prema otto"):
        assert word not in caller.heard()


@by_night_and_by_day
def test_a_caller_who_waits_is_never_in_silence_for_ten_seconds(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, carla: Phone
) -> None:
    caller.dials()
    town.passes(400)
    assert longest_silence(caller) <= 10


@by_night_and_by_day
@pytest.mark.parametrize("key", "12")
def test_a_caller_who_must_be_quiet_hears_a_soft_tone_and_never_ten_seconds_of_silence(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str
) -> None:
    caller.dials()
    town.passes(3)
    caller.presses(key)
    town.passes(300)
    assert longest_silence(caller) <= 10
    assert not when_heard(caller, "tuu")
    assert len(when_heard(caller, "♪")) > 20


@pytest.mark.parametrize("settings", [{"ring_seconds": 120}])
def test_the_hold_speaks_at_twenty_five_and_fifty_seconds_and_never_more_often(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, carla: Phone
) -> None:
    caller.dials()
    began = anna.rings()
    town.passes(140)
    sentences = [
        "Stiamo chiamando chi è di turno",
        "Non ha ancora risposto nessuno",
        "Continuiamo a chiamare",
        "Usiamo i suoi dati",
    ]
    said = [(when_heard(caller, text)[0] - began).total_seconds() for text in sentences]
    for second, due in zip(said, (25, 50, 75, 100), strict=True):
        assert due - 1 <= second <= due + 7
    assert all(later - earlier >= 24 for earlier, later in pairwise(said))


def test_the_privacy_notice_is_said_once_with_controller_and_days(
    caller: Phone, town: Town, anna: Phone
) -> None:
    caller.dials()
    town.passes(600)
    assert len(when_heard(caller, "Usiamo i suoi dati solo per aiutarla")) == 1
    assert "Ne risponde il Plus di Iglesias. Il suo numero si cancella dopo 90 giorni." in caller.heard()


def test_the_quiet_hold_says_only_that_we_stay(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone
) -> None:
    caller.dials()
    caller.presses("1")
    began = caller.hears("prema un tasto")
    town.passes(45)
    said = [each.text for each in caller.handset.utterances if not each.sound and each.started_at > began]
    assert said
    assert set(said) == {"Restiamo in linea."}
    assert "telefonata più tardi" not in caller.heard()


def test_silence_for_minutes_makes_every_phone_ring_again_within_three_minutes(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, carla: Phone
) -> None:
    caller.dials()
    began = anna.rings()
    town.passes(180)
    assert list(first_rings(town, began)) == ["Anna", "Bruno", "Lucia", "Carla"]
    for phone in (anna, bruno, lucia, carla):
        assert phone.times_rung() >= 2
    before = anna.times_rung()
    town.passes(600)
    assert anna.times_rung() >= before + 8
    assert caller.is_on_the_line()


def test_the_caller_hears_that_somebody_has_accepted(caller: Phone, anna: Phone) -> None:
    caller.dials()
    anna.rings()
    anna.answers()
    anna.presses("1")
    caller.hears("Le rispondono adesso")
    caller.talks_with(anna)


def test_a_caller_who_hangs_up_during_the_greeting_wakes_nobody(
    caller: Phone, town: Town, anna: Phone, carla: Phone
) -> None:
    anna.is_now(asleep)
    caller.dials()
    town.passes(5)
    caller.hangs_up()
    town.passes(400)
    anna.never_rang()
    carla.never_rang()
