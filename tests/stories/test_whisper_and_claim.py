"""What does a responder hear before pressing 1, and who gets the call when several want it?"""

from collections.abc import Callable
from datetime import datetime

import pytest

from hotline.calls.call import CallOutcome
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town, busy, off, voicemail
from tests.stories.conftest import ROME
from tests.stories.listening import when_heard
from tests.stories.records import Record

Written = Callable[[], Record]
VIOLENCE, MINOR = "1", "2"


def wait_for_first_ring(caller: Phone, *phones: Phone) -> None:
    """Dial, press nothing, and wait until these phones ring."""
    caller.dials()
    for phone in phones:
        phone.rings()


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


# Two at once


def test_of_two_who_accept_in_the_same_instant_one_wins_and_the_other_hears_it(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    anna.answers()
    bruno.answers()
    town.passes(3)
    anna.handset.press("1")
    bruno.handset.press("1")
    caller.talks_with(anna)
    bruno.hears("L'ha presa un collega. Grazie, puoi riagganciare.")
    bruno.hears("Buonanotte")
    bruno.hung_up()
    record = written()
    assert record.answered_by == "Anna"
    assert record.events.count("accepted") == 1


@pytest.mark.parametrize("starts_at", [datetime(2026, 11, 24, 11, 0, tzinfo=ROME)])
def test_by_day_the_loser_is_not_wished_a_good_night(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    anna.answers()
    bruno.answers()
    anna.presses("1")
    bruno.hears("L'ha presa un collega", within=10)
    bruno.hung_up()
    bruno.hears_nothing_like("Buonanotte")


def test_who_listens_to_the_whisper_is_told_at_once_that_a_colleague_has_it(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    bruno.answers()
    town.passes(2)
    anna.answers()
    anna.presses("1")
    accepted = town.exchange.now()
    heard = bruno.hears("L'ha presa un collega")
    assert (heard - accepted).total_seconds() <= 4
    bruno.hung_up()


def test_who_passed_on_and_changes_their_mind_too_late_hears_who_has_it(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    bruno.answers()
    town.passes(1)
    bruno.presses("2")
    anna.answers()
    anna.handset.press("1")
    bruno.handset.press("1")
    caller.talks_with(anna)
    bruno.hears("L'ha presa un collega")
    bruno.hung_up()


def test_the_other_phones_stop_ringing_when_one_accepts(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    anna.answers()
    anna.presses("1")
    bruno.stops_ringing(within=2)
    caller.talks_with(anna)
    assert {attempt.name: attempt.result for attempt in written().attempts} == {
        "Anna": "accepted",
        "Bruno": "canceled",
    }


def test_a_phone_still_queued_at_twilio_is_ended_and_closed_without_a_callback(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, hire: Callable[..., Phone], written: Written
) -> None:
    others = [hire(f"Zita{number}", 10 + number, "volunteer") for number in range(6)]
    caller.dials()
    anna.rings()
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    for phone in others[2:]:
        phone.never_rang()
    assert len(written().attempts) == 8
    assert {attempt.result for attempt in written().attempts} == {"accepted", "canceled"}
    caller.hangs_up()
    town.everybody_hung_up()
    assert all(phone.times_rung() == 0 for phone in others[2:])


def test_phones_ended_in_the_queue_ring_for_the_next_caller_at_once(
    caller: Phone, town: Town, anna: Phone, hire: Callable[..., Phone]
) -> None:
    others = [hire(f"Zita{number}", 10 + number, "volunteer") for number in range(6)]
    wait_for_first_ring(caller, anna)
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    second = town.phone("Second", "+393400000098")
    second.dials()
    town.passes(1)
    second.presses("3")
    town.passes(10)
    assert [phone.name for phone in others if not phone.times_rung()] == []


# Accepting while the caller leaves


def test_accepting_in_the_instant_in_which_the_caller_hangs_up(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    caller.handset.hang_up()
    anna.handset.press("1")
    anna.hears("La persona ha riagganciato. Non devi fare nulla. Se richiama, ti chiamiamo di nuovo.")
    anna.hung_up()
    assert written().call.outcome == CallOutcome.ABANDONED


def test_the_caller_hangs_up_in_the_instant_after_somebody_accepted(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    anna.handset.press("1")
    caller.handset.hang_up()
    anna.hears("La persona ha riagganciato")
    anna.hung_up()
    record = written()
    assert record.call.outcome == CallOutcome.ABANDONED
    assert record.follow_up == "review"


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.0, 1.4, 1.6, 2.0])
def test_the_caller_hangs_up_while_being_connected(
    caller: Phone, town: Town, anna: Phone, seconds: float
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    anna.presses("1")
    town.passes(seconds)
    caller.hangs_up()
    anna.hung_up(within=60)
    assert "La persona ha riagganciato" in anna.heard() or "La telefonata è finita" in anna.heard()


def test_everybody_stops_when_the_caller_hangs_up_while_phones_ring(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    town.passes(5)
    anna.answers()
    town.passes(2)
    caller.hangs_up()
    bruno.stops_ringing(within=2)
    anna.hears("La persona ha riagganciato")
    lucia.never_rang()
    anna.hung_up()
    assert {attempt.result for attempt in written().attempts} == {"canceled"}
    assert anna.times_rung() == bruno.times_rung() == 1


def test_queued_phones_never_ring_after_the_caller_hung_up(
    caller: Phone, town: Town, hire: Callable[..., Phone], written: Written
) -> None:
    phones = [hire(f"Zita{number}", 10 + number, "volunteer") for number in range(6)]
    caller.dials()
    phones[0].rings()
    caller.hangs_up()
    town.passes(20)
    assert sum(phone.times_rung() for phone in phones) <= 2
    assert [attempt.result for attempt in written().attempts] == ["canceled"] * 6


# The redirect that brings the caller


def accept(caller: Phone, anna: Phone, town: Town) -> None:
    """Let Anna answer and press 1 in the middle of a hold pass."""
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    anna.presses("1")


def test_the_caller_is_moved_at_once_and_hears_it(caller: Phone, town: Town, anna: Phone) -> None:
    accept(caller, anna, town)
    accepted = town.exchange.now()
    met = caller.talks_with(anna)
    assert (met - accepted).total_seconds() <= 3
    assert "Le rispondono adesso" in caller.heard()


@pytest.mark.parametrize("status", [500, 503, 429])
def test_the_pass_brings_the_caller_when_the_redirect_is_refused(
    rig: Rig, caller: Phone, town: Town, anna: Phone, status: int
) -> None:
    wait_for_first_ring(caller, anna)
    rig.exchange.faults.rest_fails(times=1, status=status, operation="update_call")
    anna.answers()
    town.passes(3)
    anna.presses("1")
    caller.talks_with(anna, within=20)
    town.passes(5)
    caller.talks_with(anna)


def test_the_answer_to_the_redirect_is_lost_but_it_happened(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    rig.exchange.faults.lose_rest_answer("update_call")
    anna.answers()
    town.passes(3)
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(30)
    caller.talks_with(anna)
    caller.hangs_up()
    assert len(written().seconds_together) == 1


def test_the_redirect_cannot_leave_and_the_pass_brings_the_caller(
    rig: Rig, caller: Phone, town: Town, anna: Phone
) -> None:
    wait_for_first_ring(caller, anna)
    rig.exchange.faults.rest_refused(times=1, operation="update_call")
    anna.answers()
    town.passes(3)
    anna.presses("1")
    caller.talks_with(anna, within=20)


def accept_between_two_passes(
    caller: Phone, anna: Phone, seconds: float = 8.0, then: Callable[[], None] = lambda: None
) -> datetime:
    """Let Anna press 1, after some seconds of whisper, when the caller hears the tone; return the moment."""
    caller.dials()
    caller.waits(2)
    caller.presses("3")
    anna.rings()
    caller.hears("tuu", within=30)
    anna.answers()
    anna.waits(seconds)
    then()
    anna.presses("1")
    return anna.exchange.now()


def test_the_redirect_takes_three_seconds_and_the_passes_wait_for_it(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    rig.exchange.faults.rest_slow(times=1, seconds=2.5, operation="update_call")
    accept_between_two_passes(caller, anna)
    caller.talks_with(anna, within=12)
    town.passes(20)
    caller.talks_with(anna)
    assert len(when_heard(caller, "Le rispondono adesso")) == 1, "the pass and the redirect have moved them"
    caller.hangs_up()
    assert len(written().seconds_together) == 1


@pytest.mark.parametrize("seconds", [4.0, 5.0, 6.0, 7.0])
def test_while_somebody_hears_the_whisper_the_next_pass_is_never_far(
    rig: Rig, caller: Phone, town: Town, anna: Phone, seconds: float
) -> None:
    rig.exchange.faults.rest_fails(times=1, status=500, operation="update_call")
    accepted = accept_between_two_passes(caller, anna, seconds)
    caller.hears("Le rispondono adesso", within=3)
    assert (when_heard(caller, "Le rispondono adesso")[0] - accepted).total_seconds() <= 2
    caller.talks_with(anna)


def test_a_redirect_not_yet_sent_when_the_pass_joins_is_never_sent(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    accept_between_two_passes(caller, anna, then=lambda: setattr(rig, "background_hangs", True))
    caller.talks_with(anna, within=8)
    rig.background_hangs = False
    town.passes(30)
    caller.talks_with(anna)
    assert "update_call" not in [record.operation for record in rig.exchange.desk.log]
    assert len(when_heard(caller, "Le rispondono adesso")) == 1


def test_twilio_says_that_the_caller_is_gone_before_we_were_told(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    rig.exchange.faults.drop_webhooks("voice/status", times=10)
    caller.hangs_up()
    anna.presses("1")
    anna.hears("La persona ha riagganciato", within=10)
    anna.hung_up()
    assert written().call.caller_left_at is not None


def test_the_caller_is_gone_without_a_word_and_the_redirect_that_would_have_told_us_fails(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    wait_for_first_ring(caller, anna)
    anna.answers()
    town.passes(3)
    rig.exchange.faults.drop_webhooks("voice/status", times=10)
    rig.exchange.faults.rest_fails(times=1, status=500, operation="update_call")
    caller.hangs_up()
    anna.presses("1")
    anna.hears("Ti colleghiamo")
    anna.hears("La persona ha riagganciato", within=12)
    anna.hung_up()
    assert written().call.outcome == CallOutcome.ABANDONED
    assert written().follow_up == "review"


# The winner goes before the caller came


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0, 1.5])
def test_the_winner_hangs_up_before_the_caller_was_joined(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, seconds: float, written: Written
) -> None:
    wait_for_first_ring(caller, anna, bruno)
    anna.answers()
    town.passes(3)
    anna.handset.press("1")
    town.exchange.run_for(seconds)
    anna.handset.hang_up()
    lucia.rings(within=60)
    lucia.answers()
    lucia.presses("1")
    caller.talks_with(lucia)
    assert written().answered_by == "Lucia"


def test_the_winner_is_gone_and_the_redirect_was_never_sent(
    rig: Rig, caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    wait_for_first_ring(caller, anna)
    rig.exchange.faults.rest_refused(times=1, operation="update_call")
    anna.answers()
    town.passes(3)
    anna.handset.press("1")
    anna.handset.hang_up()
    town.passes(10)
    caller.talks_with_nobody()
    assert caller.is_on_the_line()
    lucia.rings(within=60)
    lucia.answers()
    lucia.presses("1")
    caller.talks_with(lucia)


# The social worker who loses the gravest calls


def lucia_loses_to_anna(caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str) -> None:
    """Let both listen to their whisper, and Anna be quicker."""
    caller.dials()
    town.passes(2)
    caller.presses(key)
    lucia.rings()
    anna.rings()
    lucia.answers()
    anna.answers()
    town.passes(2)
    anna.presses("1")


@pytest.mark.parametrize("key", [VIOLENCE, MINOR])
def test_the_social_worker_who_loses_hears_who_has_it_and_may_join(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str, written: Written
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, key)
    lucia.hears("Ha risposto Anna. Premi uno per entrare anche tu")
    lucia.presses("1")
    caller.talks_with(anna, lucia)
    assert written().answered_by == "Anna"
    assert "joined_too" in written().events


def test_the_social_worker_who_presses_one_while_losing_is_asked_before_joining(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    caller.dials()
    town.passes(2)
    caller.presses(VIOLENCE)
    lucia.rings()
    anna.rings()
    lucia.answers()
    anna.answers()
    town.passes(2)
    anna.handset.press("1")
    lucia.handset.press("1")
    lucia.hears("Ha risposto Anna")
    caller.talks_with(anna)
    lucia.presses("1")
    caller.talks_with(anna, lucia)


def test_the_social_worker_who_does_not_join_is_let_go(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, VIOLENCE)
    lucia.hears("riaggancia e resta a disposizione")
    lucia.hung_up(within=10)
    caller.talks_with(anna)


def test_for_other_reasons_the_social_worker_who_loses_is_thanked(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    wait_for_first_ring(caller, anna)
    lucia.rings(within=40)
    lucia.answers()
    town.passes(2)
    anna.answers()
    anna.presses("1")
    lucia.hears("L'ha presa un collega")
    lucia.hung_up()
    caller.talks_with(anna)


def test_the_social_worker_may_still_join_when_the_caller_has_just_left(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    lucia_loses_to_anna(caller, town, anna, lucia, VIOLENCE)
    lucia.hears("Ha risposto Anna")
    caller.talks_with(anna)
    town.passes(4)
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    lucia.hung_up(within=20)
