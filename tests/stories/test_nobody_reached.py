"""What happens when nobody answers: what is the caller told, what is left behind, who learns of it?"""

from collections.abc import Callable

import pytest

from hotline.simulator.phones import Phone, Town, off
from tests.stories.conftest import Hire
from tests.stories.listening import longest_silence, when_heard
from tests.stories.records import Record

Written = Callable[[], Record]
HONEST = "Ci dispiace, finora non ha risposto nessuno. Continuiamo a chiamare."


def test_the_caller_is_told_honestly_with_112_and_the_phones_ring_on(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, carla: Phone
) -> None:
    caller.dials()
    told = caller.hears(HONEST, within=190)
    caller.hears("In pericolo: uno uno due.", within=60)
    rung = {phone: phone.times_rung() for phone in (anna, bruno, lucia, carla)}
    assert all(times >= 1 for times in rung.values())
    town.passes(120)
    assert all(phone.times_rung() > times for phone, times in rung.items())
    assert len(when_heard(caller, "finora non ha risposto nessuno")) == 1
    assert when_heard(caller, "Stiamo ancora chiamando")[-1] > told
    assert caller.is_on_the_line()


def test_whoever_answers_after_the_honest_sentence_is_joined_at_once(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    caller.hears("finora non ha risposto", within=190)
    town.passes(45)
    lucia.answers(within=60)
    lucia.hears("Nessun volontario ha risposto")
    lucia.presses("1")
    caller.talks_with(lucia)
    caller.hangs_up()
    town.everybody_hung_up()
    assert written().call.outcome == "answered"
    assert written().follow_up is None
    assert not written().told


@pytest.mark.parametrize(
    ("key", "close"),
    [
        ("1", "In pericolo: uno uno due. Anche: uno cinque due due."),
        ("2", "In pericolo: uno uno due. Anche: uno uno quattro."),
        ("4", "In pericolo: uno uno due."),
        ("", "In pericolo: uno uno due."),
    ],
)
def test_the_numbers_for_help_are_said_by_category(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str, close: str
) -> None:
    caller.dials()
    caller.presses(key)
    caller.hears(HONEST, within=200)
    caller.hears(f"Può riagganciare e chiamarci quando vuole. {close}", within=60)


def test_it_comes_at_the_latest_after_three_minutes_even_if_somebody_was_never_reached(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    other = town.phone("Other", "+393400000090")
    other.dials()
    other.presses("3")
    bruno.answers(within=5)
    bruno.presses("1")
    other.talks_with(bruno)
    began = town.exchange.now()
    caller.dials()
    told = caller.hears("finora non ha risposto nessuno", within=230)
    assert (told - began).total_seconds() <= 180 + 16 + 30


def test_a_review_is_stored_when_they_leave_and_a_person_is_told_at_once(
    caller: Phone, town: Town, anna: Phone, carla: Phone, written: Written
) -> None:
    caller.dials()
    caller.hears("finora non ha risposto nessuno", within=190)
    assert written().follow_up is None
    caller.hangs_up()
    left = town.exchange.now()
    anna.stops_ringing()
    record = written()
    assert record.call.outcome == "unreached"
    assert (record.follow_up, record.follow_up_grade) == ("review", "at_once")
    carla.stops_ringing(within=3)
    assert (carla.rings(within=15) - left).total_seconds() <= 15
    assert [(told.name, told.channel) for told in written().told] == [("Carla", "call")]
    carla.answers()
    carla.hears("Una persona ha riagganciato e non può essere richiamata. Premi uno")
    carla.presses("1")
    carla.hears("Grazie, è tua")
    carla.hung_up()
    times = carla.times_rung()
    town.passes(1200)
    assert carla.times_rung() == times


def test_what_is_said_to_staff_says_nothing_about_the_caller(
    caller: Phone, town: Town, anna: Phone, carla: Phone
) -> None:
    caller.dials()
    caller.presses("1")
    town.passes(100)
    caller.hangs_up()
    town.passes(5)
    carla.answers(within=40)
    carla.hears("Premi uno")
    for secret in ("Violenza", "340", "Anna", "Italiano"):
        assert secret not in carla.heard()


class TestWithANumberForTexts:
    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"sms_number": "+393400000070"}

    def test_the_coordinators_read_a_text_without_content(
        self, caller: Phone, town: Town, anna: Phone, carla: Phone
    ) -> None:
        caller.dials()
        caller.presses("2")
        caller.hears("finora non ha risposto nessuno", within=190)
        caller.hangs_up()
        body = carla.reads("nessuno ha risposto a una chiamata alle 3.01")
        assert body.startswith("0781 33000: ")
        assert len(body) <= 160
        assert "inor" not in body
        assert "99" not in body

    def test_who_can_only_be_rung_is_rung(
        self, caller: Phone, town: Town, anna: Phone, hire: Hire, written: Written
    ) -> None:
        hire("Dario", "+390781000006", "coordinator")
        caller.dials()
        caller.presses("4")
        caller.hears("finora non ha risposto nessuno", within=190)
        caller.hangs_up()
        town.passes(15)
        assert [(told.name, told.channel) for told in written().told] == [("Dario", "call")]


def test_coordinators_on_shift_are_told_and_those_of_last_resort_sleep(
    caller: Phone, town: Town, hire: Hire, anna: Phone, carla: Phone, written: Written
) -> None:
    hire("Dario", 6, "coordinator")
    caller.dials()
    caller.hears("finora non ha risposto nessuno", within=190)
    caller.hangs_up()
    town.passes(60)
    assert [told.name for told in written().told] == ["Dario"]
    carla.never_rang()


def test_a_coordinator_in_a_conversation_is_not_disturbed_by_the_notice(
    caller: Phone, town: Town, anna: Phone, carla: Phone
) -> None:
    anna.is_now(off)
    other = town.phone("Other", "+393400000090")
    other.dials()
    other.presses("4")
    carla.answers(within=10)
    carla.presses("1")
    other.talks_with(carla)
    caller.dials()
    caller.presses("4")
    town.passes(60)
    caller.hangs_up()
    town.passes(120)
    other.talks_with(carla)
    other.hangs_up()
    carla.hung_up(within=60)
    carla.answers(within=600)
    carla.hears("Una persona ha riagganciato")


def test_information_waits_until_the_morning_and_wakes_no_coordinator(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("5")
    caller.hears("finora non ha risposto nessuno", within=190)
    caller.hangs_up()
    town.passes(900)
    carla.never_rang()
    assert (written().follow_up, written().follow_up_grade) == ("review", "morning")
    assert not written().told


def test_information_for_somebody_who_is_not_safe_tonight_waits_for_no_morning(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials()
    caller.presses("5")
    caller.hears("non è al sicuro, prema zero", within=40)
    caller.presses("0")
    lucia.rings(within=40)
    caller.hangs_up()
    lucia.stops_ringing()
    lucia.rings(within=20)
    assert (written().follow_up, written().follow_up_grade) == ("review", "at_once")


def test_who_leaves_after_the_ringing_began_leaves_a_review(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    anna.rings()
    town.passes(10)
    caller.hangs_up()
    anna.stops_ringing()
    assert written().call.outcome == "abandoned"
    assert written().follow_up == "review"


def test_who_leaves_before_the_ringing_leaves_only_the_call(
    caller: Phone, town: Town, anna: Phone, carla: Phone, written: Written
) -> None:
    caller.dials()
    town.passes(6)
    caller.hangs_up()
    town.passes(120)
    assert written().call.outcome == "abandoned"
    assert written().follow_up is None
    assert not written().told
    anna.never_rang()
    carla.never_rang()


def test_with_no_phone_reachable_at_all_the_caller_is_told_within_two_minutes_and_tried_again(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone, written: Written
) -> None:
    for phone in (anna, lucia, carla):
        phone.is_now(off)
    caller.dials()
    caller.hears(HONEST, within=120)
    town.passes(120)
    rung = written().rung
    assert all(rung.count(name) >= 3 for name in ("Anna", "Lucia", "Carla"))
    assert longest_silence(caller) <= 10


def test_with_nobody_in_the_rota_the_caller_is_still_told_the_truth(
    caller: Phone, town: Town, written: Written
) -> None:
    caller.dials()
    caller.hears(HONEST, within=120)
    assert longest_silence(caller) <= 10
    caller.hangs_up()
    town.everybody_hung_up()
    assert written().call.outcome == "unreached"
    assert written().follow_up == "review"


@pytest.mark.timeout(300)
def test_after_an_hour_one_last_honest_sentence_with_112(
    caller: Phone, town: Town, anna: Phone, carla: Phone, written: Written
) -> None:
    caller.dials()
    town.passes(3590)
    assert caller.is_on_the_line()
    assert anna.times_rung() >= 50
    caller.hears(
        "Non siamo riusciti a rispondere e ce ne scusiamo. Una persona lo saprà. Riprovi, o in pericolo "
        "chiami l'uno uno due.",
        within=60,
    )
    caller.hung_up()
    assert written().call.outcome == "unreached"
    assert written().follow_up == "review"
    carla.rings(within=20)
    assert written().told
