"""Does another Ambito, with other keys, categories, tiers, night and languages, play on the same software?"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.demo.rig import Rig
from hotline.profile import SHIPPED
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME
from tests.stories.listening import first_rings, first_word, longest_silence, record_documents, when_heard
from tests.stories.records import Record

Written = Callable[[], Record]
DEEP_NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=ROME)
HALF_PAST_EIGHT_IN_THE_EVENING = datetime(2026, 11, 23, 20, 30, tzinfo=ROME)
HALF_PAST_SEVEN_IN_THE_MORNING = datetime(2026, 11, 23, 7, 30, tzinfo=ROME)


@pytest.fixture
def settings() -> dict[str, object]:
    """Val d'Ombra, which is invented, on a line of its own and with long rings."""
    return {"profile": SHIPPED / "valdombra", "ring_seconds": 90}


def test_its_own_name_menu_and_keys_are_spoken(caller: Phone, rig: Rig, anna: Phone) -> None:
    assert rig.line == "+390500000000"
    caller.dials()
    caller.hears(
        "Pronto Aiuto Val d'Ombra. Se qualcuno è in pericolo adesso, riagganci e chiami l'uno uno due."
    )
    assert (rig.clock.now() - first_word(caller)).total_seconds() <= 10
    anna.rings(within=20)
    caller.hears("Deutsch")
    caller.hears("sechs")
    caller.hears(
        "Oppure prema uno per persone sole o anziane, due per casa, riscaldamento o sfratto, "
        "tre se in casa qualcuno ha paura, cinque per informazioni.",
        within=60,
    )
    caller.hears("Enti, ospedali e servizi: quattro", within=60)


PLANS = [
    (DEEP_NIGHT, "", [("Anna", 0), ("Lucia", 15), ("Carla", 45)]),
    (DEEP_NIGHT, "1", [("Anna", 0), ("Lucia", 15), ("Carla", 45)]),
    (DEEP_NIGHT, "2", [("Anna", 0), ("Lucia", 15), ("Carla", 45)]),
    (DEEP_NIGHT, "3", [("Lucia", 0), ("Anna", 1), ("Carla", 45)]),
    (DEEP_NIGHT, "4", [("Lucia", 0), ("Anna", 15), ("Carla", 45)]),
    (DEEP_NIGHT, "5", [("Anna", 0)]),
    (HALF_PAST_EIGHT_IN_THE_EVENING, "3", [("Anna", 0), ("Lucia", 30), ("Carla", 60)]),
    (HALF_PAST_EIGHT_IN_THE_EVENING, "4", [("Lucia", 0), ("Anna", 30), ("Carla", 60)]),
    (HALF_PAST_EIGHT_IN_THE_EVENING, "5", [("Anna", 0), ("Lucia", 30), ("Carla", 60)]),
    (HALF_PAST_SEVEN_IN_THE_MORNING, "3", [("Anna", 0), ("Lucia", 30), ("Carla", 60)]),
]


@pytest.mark.parametrize(("starts_at", "key", "plan"), PLANS)
def test_its_own_tiers_and_its_own_night(
    caller: Phone,
    town: Town,
    anna: Phone,
    lucia: Phone,
    carla: Phone,
    key: str,
    plan: list[tuple[str, float]],
) -> None:
    caller.dials()
    caller.presses(key)
    if not key:
        anna.rings(within=20)
    began = town.exchange.now() - timedelta(seconds=0 if key else 1)
    town.passes(80)
    rings = first_rings(town, began)
    assert list(rings) == [name for name, _ in plan]
    for name, second in plan:
        assert second + 1 <= rings[name] <= second + (7 if not key else 3)


def test_any_key_after_fear_at_home_means_i_cannot_speak(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("3")
    caller.hears("Se non può parlare, prema un tasto")
    caller.presses("9")
    caller.hears("È in pericolo adesso? Uno sì, due no.")
    caller.presses("1")
    caller.hears("C'è qualcuno vicino?")
    lucia.answers()
    lucia.hears("Pronto Aiuto: una persona aspetta. Paura, famiglia. Italiano. È in pericolo adesso.")
    lucia.presses("1")
    caller.talks_with(lucia)
    assert written().call.category == "FAM"
    assert {"cannot_speak", "danger_now"} <= written().call.flags


def test_one_one_two_means_its_own_gravest_category(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    town.passes(1)
    caller.presses("112", every=0.5)
    caller.hears("Per l'uno uno due deve riagganciare")
    assert written().call.category == "FAM"
    assert "keyed_112" in written().call.flags


def test_nine_calls_back_here_and_eight_means_nothing(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("8")
    caller.hears("La colleghiamo con una persona")
    caller.presses("9")
    caller.hears("Prema ancora nove per confermare")
    caller.presses("9")
    caller.hears("dal numero zero cinque zero")
    caller.hangs_up()
    town.everybody_hung_up()
    assert written().follow_up == "call_back"


def test_german_is_spoken_in_german(
    caller: Phone, town: Town, rig: Rig, anna: Phone, written: Written
) -> None:
    documents = record_documents(rig)
    caller.dials()
    caller.presses("6")
    anna.rings(within=2)
    caller.hears("Für Deutsch die eins")
    caller.presses("1")
    chosen_at = len(documents)
    caller.hears("Soforthilfe Val d'Ombra. Wenn jemand jetzt in Gefahr ist, legen Sie auf", within=40)
    caller.hears("drei, wenn zu Hause jemand Angst hat", within=60)
    caller.presses("2")
    caller.hears("Wir verbinden Sie. Wenn es jemandem wegen der Kälte schlecht geht")
    town.passes(40)
    assert written().call.language == "de"
    assert written().call.category == "CASA"
    callers_own = "".join(text for text in documents[chosen_at:] if "/twilio/caller?" in text)
    assert 'language="de-DE"' in callers_own
    assert 'language="it-IT"' not in callers_own
    anna.answers()
    anna.hears("Casa. Tedesco. Premi uno")
    anna.presses("1")
    caller.talks_with(anna)


def test_ladin_is_heard_in_recordings_only(
    caller: Phone, town: Town, rig: Rig, anna: Phone, lucia: Phone, written: Written
) -> None:
    documents = record_documents(rig)
    caller.dials()
    caller.presses("6")
    town.passes(3)
    caller.presses("2")
    chosen_at = len(documents)
    town.passes(45)
    for name in ("greeting.danger.wav", "greeting.stay.wav", "menu.ANZ.wav", "menu.FAM.wav", "digit.3.wav"):
        assert when_heard(caller, name)
    caller.presses("3")
    town.passes(60)
    assert when_heard(caller, "chosen.FAM.wav")
    assert when_heard(caller, "hold.quiet.wav")
    caller.presses("7")
    town.passes(30)
    assert when_heard(caller, "question.danger.1.wav")
    callers_own = "".join(text for text in documents[chosen_at:] if "/twilio/caller?" in text)
    assert "<Say" not in callers_own
    assert not rig.exchange.troubles
    assert longest_silence(caller) <= 10
    lucia.answers(within=60)
    lucia.hears("Ladino")
    lucia.presses("1")
    caller.talks_with(lucia)
    assert written().call.language == "lld"


def test_nobody_reached_is_told_with_its_own_numbers(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials()
    caller.presses("3")
    caller.hears("Ci dispiace, finora non ha risposto nessuno. Continuiamo a chiamare.", within=200)
    caller.hears("In pericolo: uno uno due. Anche: uno cinque due due, o uno uno quattro.", within=60)
