"""What does a responder hear before pressing 1, and what if they pass on, or a voicemail box answers?"""

import pytest

from hotline.simulator.phones import Phone, Town, busy, off, voicemail
from tests.stories.listening import wait_for_first_ring
from tests.stories.records import Written

VIOLENCE = "1"

# The whisper


def test_the_whisper_says_who_what_and_keys_within_eight_seconds(
    caller: Phone, town: Town, anna: Phone
) -> None:
    caller.dials()
    town.passes(2)
    caller.presses(VIOLENCE)
    anna.answers(within=40)
    began = town.exchange.now()
    ended = anna.hears("Premi uno per rispondere, due per passarla")
    assert (ended - began).total_seconds() <= 8
    for part in ("Pronto Intervento Sociale", "una persona aspetta", "Violenza", "Italiano"):
        assert part in anna.heard()


@pytest.mark.parametrize(
    ("key", "topic"),
    [("1", "Violenza"), ("2", "Minore"), ("3", "Persona sola"), ("4", "Letto, pasto"), ("5", "Informazioni")],
)
def test_the_whisper_names_what_the_caller_chose(
    caller: Phone, anna: Phone, town: Town, key: str, topic: str
) -> None:
    caller.dials()
    town.passes(2)
    caller.presses(key)
    anna.answers(within=40)
    anna.hears(topic, within=8)


def test_the_whisper_names_the_language_of_the_caller(caller: Phone, anna: Phone, town: Town) -> None:
    caller.dials()
    town.passes(16)
    caller.presses("9")
    caller.hears("press one", within=10)
    caller.presses("1")
    anna.answers(within=40)
    anna.hears("Inglese", within=8)


def test_without_a_key_the_whisper_asks_once_more_and_passes_on(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    asked = anna.hears("Premi uno per rispondere, due per passarla")
    again = anna.hears("Premi uno per rispondere.")
    assert 8 <= (again - asked).total_seconds() <= 11
    anna.hears("Passiamo ad altri. Grazie.")
    anna.hung_up()
    assert [attempt.result for attempt in written().attempts] == ["no_key"]


@pytest.mark.parametrize("role", ["social_worker", "coordinator"])
def test_the_social_worker_and_the_coordinators_have_forty_seconds(
    caller: Phone, town: Town, lucia: Phone, carla: Phone, role: str
) -> None:
    phone = lucia if role == "social_worker" else carla
    caller.dials()
    phone.rings(within=120)
    phone.answers()
    began = town.exchange.now()
    phone.hears("Se guidi, accosta con calma: aspettiamo", within=30)
    given_up = phone.hears("Passiamo ad altri", within=40)
    assert 38 <= (given_up - began).total_seconds() <= 44


def test_the_social_worker_who_pulled_over_may_still_press_one(
    caller: Phone, town: Town, lucia: Phone
) -> None:
    wait_for_first_ring(caller, lucia)
    lucia.answers()
    town.passes(36)
    lucia.presses("1")
    caller.talks_with(lucia)


def test_one_accepts_at_any_word_of_the_whisper(caller: Phone, town: Town, anna: Phone) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(1)
    anna.presses("1")
    caller.hears("Le rispondono adesso")
    anna.hears("Ti colleghiamo")
    caller.talks_with(anna)


def test_a_key_without_meaning_is_asked_once_more_then_passed_on(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(2)
    anna.presses("5")
    anna.hears("Premi uno per rispondere.")
    anna.presses("#")
    anna.hears("Passiamo ad altri")
    anna.hung_up()
    caller.talks_with_nobody()
    assert written().attempts[0].result == "no_key"


def test_a_wrong_key_then_one_accepts(caller: Phone, town: Town, anna: Phone) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(2)
    anna.presses("4")
    anna.hears("Premi uno per rispondere.")
    anna.presses("1")
    caller.talks_with(anna)


# Passing on


def test_two_passes_on_and_the_next_tier_rings_at_once(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(2)
    anna.presses("2")
    passed = town.exchange.now()
    rang = lucia.rings(within=20)
    assert (rang - passed).total_seconds() <= 2, "others go on at once, not after the second thoughts"
    anna.hears("Va bene, passiamo ad altri")
    anna.hung_up(within=15)
    assert written().attempts[0].result == "declined"


def test_for_four_seconds_after_passing_on_a_one_still_claims(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(2)
    anna.presses("2")
    anna.hears("Se hai sbagliato, premi uno")
    town.passes(3.5)
    anna.presses("1")
    caller.talks_with(anna)
    lucia.stops_ringing()
    assert written().answered_by == "Anna"
    assert written().attempts[0].result == "accepted"


def test_five_seconds_after_passing_on_it_is_too_late(caller: Phone, town: Town, anna: Phone) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(2)
    anna.presses("2")
    anna.hears("Se hai sbagliato, premi uno")
    town.passes(5)
    anna.hung_up(within=0)
    caller.talks_with_nobody()


def test_two_pressed_twice_does_not_claim(caller: Phone, town: Town, anna: Phone) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(2)
    anna.presses("22", every=0.5)
    anna.hung_up(within=15)
    caller.talks_with_nobody()


def test_a_phone_refused_by_hand_counts_as_passed_on(
    caller: Phone, anna: Phone, lucia: Phone, written: Written, town: Town
) -> None:
    wait_for_first_ring(caller, anna)
    anna.declines()
    refused = town.exchange.now()
    assert (lucia.rings() - refused).total_seconds() <= 2
    assert written().attempts[0].result == "busy"


@pytest.mark.parametrize("habit", [busy, off])
def test_a_phone_that_cannot_ring_lets_the_next_tier_ring_early(
    caller: Phone, anna: Phone, lucia: Phone, habit: object
) -> None:
    anna.is_now(habit)  # type: ignore[arg-type]  # a behaviour
    dialled = caller.dials().started_at
    assert dialled is not None
    assert (lucia.rings() - dialled).total_seconds() <= 20
    lucia.answers()
    lucia.presses("1")
    caller.talks_with(lucia)


# Voicemail


def test_a_voicemail_box_never_swallows_a_caller(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, written: Written
) -> None:
    anna.is_now(voicemail(after=3))
    wait_for_first_ring(caller, bruno)
    town.passes(12)
    assert anna.is_on_the_line()
    caller.talks_with_nobody()
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)
    anna.hung_up(within=20)
    assert written().answered_by == "Bruno"


def test_when_every_phone_has_a_voicemail_box_the_call_goes_on_ringing(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone
) -> None:
    for phone in (anna, bruno, lucia):
        phone.is_now(voicemail(after=5))
    caller.dials()
    town.passes(170)
    caller.talks_with_nobody()
    assert caller.is_on_the_line()
    for phone in (anna, bruno, lucia):
        assert phone.times_rung() >= 2
