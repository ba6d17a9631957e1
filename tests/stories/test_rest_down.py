"""REST cannot ring: does the caller's own line reach people, one after the other, and only while it must?"""

from collections.abc import Callable

import pytest

from hotline.calls.call import CallOutcome
from hotline.demo.rig import Rig
from hotline.simulator.faults import Faults
from hotline.simulator.leg import Address, Step
from hotline.simulator.phones import Phone, Town, answers_and_presses, asleep, busy, voicemail
from tests.stories.records import Record

Written = Callable[[], Record]
FOR_EVER = 10_000

BREAKAGES: dict[str, Callable[[Faults], None]] = {
    "500": lambda faults: faults.rest_fails(FOR_EVER, 500),
    "429": lambda faults: faults.rest_fails(FOR_EVER, 429),
    "time-out": lambda faults: faults.rest_slow(FOR_EVER, 3.2),
    "answers lost": lambda faults: faults.lose_rest_answer(times=FOR_EVER),
    "refused": lambda faults: faults.rest_refused(FOR_EVER),
    "wrong credentials": lambda faults: faults.wrong_credentials(FOR_EVER),
    "500 on ringing only": lambda faults: faults.rest_fails(FOR_EVER, 500, "create_call"),
}
RINGS_ALL_THE_SAME = {"time-out", "answers lost"}
"""What was asked is done, and nobody hears that it was."""


@pytest.fixture(params=sorted(BREAKAGES))
def broken(rig: Rig, request: pytest.FixtureRequest) -> str:
    """Break REST in one of the ways in which it breaks."""
    BREAKAGES[request.param](rig.exchange.faults)
    return str(request.param)


def test_a_caller_is_connected_although_rest_cannot_ring(
    broken: str, caller: Phone, anna: Phone, town: Town, written: Written
) -> None:
    caller.dials()
    anna.answers(within=60)
    if broken not in RINGS_ALL_THE_SAME:
        anna.hears("Oggi l'asterisco non funziona")
    anna.presses("1")
    caller.talks_with(anna, within=30)
    town.passes(30)
    caller.hangs_up()
    anna.hung_up(within=30)
    record = written()
    assert record.call.outcome == CallOutcome.ANSWERED
    assert record.attempts[-1].name == "Anna"
    assert record.attempts[-1].result == "accepted"
    assert len(record.seconds_together) == 1
    assert 28 <= record.seconds_together[0] <= 36
    assert record.follow_up is None


def test_the_responder_hangs_up_and_the_caller_hears_that_it_may_have_been_the_end(
    rig: Rig, caller: Phone, anna: Phone, town: Town, written: Written
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.answers(within=60)
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(40)
    anna.hangs_up()
    caller.hears("Se avete finito, può riagganciare")
    caller.hangs_up()
    assert written().call.outcome == CallOutcome.ANSWERED


def test_people_are_rung_one_at_a_time_in_plan_order_with_a_sentence_between(
    rig: Rig,
    caller: Phone,
    anna: Phone,
    bruno: Phone,
    lucia: Phone,
    carla: Phone,
    town: Town,
    written: Written,
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    for phone in (anna, bruno, lucia, carla):
        phone.is_now(asleep)
    caller.dials()
    order = []
    for phone in (anna, bruno, lucia, carla):
        phone.rings(within=60)
        assert [p.name for p in (anna, bruno, lucia, carla) if p.is_ringing()] == [phone.name]
        order.append(phone.name)
        phone.stops_ringing(within=30)
        heard = len(caller.heard())
        assert town.exchange.run_until(lambda heard=heard: len(caller.heard()) > heard + 15, 8), "a sentence"
    assert order == ["Anna", "Bruno", "Lucia", "Carla"]
    anna.rings(within=30)
    caller.hears("finora non ha risposto nessuno", within=120)
    caller.hangs_up()
    record = written()
    assert record.call.outcome == CallOutcome.UNREACHED
    assert record.follow_up == "review"


def test_a_voicemail_box_does_not_swallow_the_call(
    rig: Rig, caller: Phone, anna: Phone, bruno: Phone, written: Written
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    anna.is_now(voicemail(after=5))
    caller.dials()
    bruno.answers(within=120)
    bruno.presses("1")
    caller.talks_with(bruno)
    assert caller.talking_with() == {"Bruno"}


def test_a_busy_phone_and_one_that_passes_on_lead_to_the_next(
    rig: Rig, caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, written: Written
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    anna.is_now(busy)
    caller.dials()
    bruno.answers(within=60)
    bruno.presses("2")
    lucia.answers(within=60)
    lucia.presses("1")
    caller.talks_with(lucia)
    results = {(attempt.name, attempt.result) for attempt in written().attempts}
    assert results >= {("Anna", "busy"), ("Bruno", "declined"), ("Lucia", "accepted")}


def test_a_key_between_two_people_still_counts(
    rig: Rig, caller: Phone, anna: Phone, lucia: Phone, written: Written
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    anna.is_now(asleep)
    caller.dials()
    anna.rings(within=60)
    anna.stops_ringing(within=40)
    caller.presses("1")
    caller.hears("La colleghiamo subito")
    lucia.answers(within=60)
    lucia.hears("Violenza")
    assert written().call.category == "VIO"
    lucia.presses("1")
    caller.talks_with(lucia)


def test_the_caller_hangs_up_while_a_phone_rings_and_leaves_a_follow_up(
    rig: Rig, caller: Phone, anna: Phone, town: Town, written: Written
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.rings(within=60)
    caller.hangs_up()
    anna.stops_ringing(within=3)
    record = written()
    assert record.follow_up == "review"
    assert [attempt.result for attempt in record.attempts if attempt.result is None] == []


def test_who_accepts_and_hangs_up_at_once_does_not_end_the_call(
    rig: Rig, caller: Phone, anna: Phone, bruno: Phone, written: Written
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.answers(within=60)
    anna.presses("1")
    anna.hangs_up()
    bruno.answers(within=60)
    bruno.presses("1")
    caller.talks_with(bruno)
    assert written().answered_by == "Bruno"


def test_who_accepts_and_hangs_up_at_once_has_not_talked_with_the_caller(
    rig: Rig, caller: Phone, anna: Phone, town: Town, written: Written
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.answers(within=60)
    town.passes(5)
    anna.presses("1")
    anna.hangs_up()
    caller.talks_with_nobody()
    town.passes(5)
    caller.hangs_up()
    town.passes(5)
    record = written()
    assert record.call.outcome != CallOutcome.ANSWERED
    assert record.follow_up == "review"
    assert record.seconds_together == ()


def test_two_successes_end_the_mode_in_the_middle_of_a_call(
    rig: Rig, caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, town: Town, written: Written
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    for phone in (anna, bruno, lucia):
        phone.is_now(asleep)
    caller.dials()
    anna.rings(within=60)
    rig.exchange.faults.calm()
    assert town.exchange.run_until(lambda: bruno.is_ringing() and lucia.is_ringing(), 150)
    lucia.is_now(answers_and_presses("1"))
    caller.talks_with(lucia, within=120)
    assert "joined" in written().events


def test_the_end_of_a_dial_that_a_redirect_cut_short_moves_nobody_and_the_star_still_works(
    rig: Rig, caller: Phone, anna: Phone, bruno: Phone, town: Town, written: Written
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.rings(within=60)
    rig.exchange.faults.calm()
    bruno.answers(within=30)
    assert anna.is_ringing(), "through the caller's own Dial"
    bruno.presses("1")
    caller.talks_with(bruno)
    town.passes(20)
    bruno.presses("*")
    bruno.hears("assistente sociale", within=5)
    caller.hears("torna tra pochi secondi", within=5)
    caller.talks_with(bruno, within=25)
    assert written().events.count("joined") == 2


def test_the_mode_ends_between_two_calls(
    rig: Rig, caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.rings(within=60)
    caller.hangs_up()
    rig.exchange.faults.calm()
    town.passes(120)
    caller.dials()
    assert town.exchange.run_until(lambda: anna.is_ringing() and bruno.is_ringing(), 30)


def test_every_replica_knows_at_once_that_rest_is_down(
    rig: Rig, caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    anna.is_now(asleep)
    caller.dials()
    anna.rings(within=60)
    caller.hangs_up()
    town.passes(5)
    rig.switch_on()  # a fresh replica: all it knows is in the database
    caller.dials()
    rang = anna.rings(within=30)
    assert (rang - caller.handset.utterances[caller.handset.call_begins_at].started_at).total_seconds() < 20


def test_one_lost_answer_does_not_begin_the_mode(
    rig: Rig, caller: Phone, anna: Phone, bruno: Phone, town: Town, written: Written
) -> None:
    rig.exchange.faults.rest_fails(1, 500)
    caller.dials()
    assert town.exchange.run_until(lambda: anna.is_ringing() and bruno.is_ringing(), 40)
    assert "dial" not in written().events


# The redirect of the caller: lost, late, doubled, before, during and after the pass


def accepted(caller: Phone, anna: Phone) -> None:
    """Let Anna accept; the caller is still in a pass of the hold."""
    caller.dials()
    anna.answers(within=40)
    anna.presses("1")


def redirects_asked(rig: Rig) -> list[str]:
    """Return where the caller was to be moved, each time Twilio was asked."""
    asked = [dict(record.form).get("Url", "") for record in rig.exchange.desk.log]
    return [url for url in asked if "/twilio/caller" in url]


def redirect_takes_effect(rig: Rig, caller: Phone) -> None:
    """Let a redirect that was asked for long ago take effect only now."""
    leg = caller.handset.leg
    assert leg is not None
    leg.redirect(Step(Address(redirects_asked(rig)[0], "POST")))


LOST: dict[str, Callable[[Faults], None]] = {
    "never arrives": lambda faults: faults.rest_fails(1, 500, "update_call"),
    "refused": lambda faults: faults.rest_refused(1, "update_call"),
    "answer lost": lambda faults: faults.lose_rest_answer("update_call"),
    "slow": lambda faults: faults.rest_slow(1, 2.5, "update_call"),
    "slower than we wait": lambda faults: faults.rest_slow(1, 3.5, "update_call"),
    "its document is asked for twice": lambda faults: faults.duplicate_webhooks("turn=m"),
    "its document is slow": lambda faults: faults.slow_webhooks("turn=m", seconds=3.0),
    "its document is late": lambda faults: faults.delay_webhooks("turn=m", seconds=3.0),
    "the pass is slow": lambda faults: faults.slow_webhooks("/twilio/caller", times=2, seconds=1.5),
}


@pytest.mark.parametrize("way", sorted(LOST))
def test_a_redirect_goes_astray_and_the_caller_is_moved_once(
    way: str, rig: Rig, caller: Phone, anna: Phone, bruno: Phone, town: Town, written: Written
) -> None:
    LOST[way](rig.exchange.faults)
    accepted(caller, anna)
    caller.talks_with(anna, within=25)
    town.passes(60)
    caller.talks_with(anna, within=0)
    bruno.stops_ringing(within=40)
    caller.hangs_up()
    anna.hung_up(within=30)
    record = written()
    assert record.call.outcome == CallOutcome.ANSWERED
    assert len(record.seconds_together) == 1


@pytest.mark.parametrize("seconds", [0.2, 1.0, 3.0, 8.0, 40.0])
def test_a_redirect_takes_effect_when_they_talk_already_and_they_meet_again(
    seconds: float, rig: Rig, caller: Phone, anna: Phone, town: Town, written: Written
) -> None:
    rig.exchange.faults.rest_fails(1, 500, "update_call")
    accepted(caller, anna)
    caller.talks_with(anna, within=25)
    town.passes(seconds)
    redirect_takes_effect(rig, caller)
    caller.talks_with(anna, within=6)
    anna.hears_nothing_like("assistente sociale", for_seconds=60)
    caller.talks_with(anna, within=0)
    caller.hangs_up()
    anna.hung_up(within=30)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_a_redirect_takes_effect_twice_and_they_meet_again(
    rig: Rig, caller: Phone, anna: Phone, town: Town, written: Written
) -> None:
    accepted(caller, anna)
    caller.talks_with(anna, within=25)
    for _ in range(2):
        redirect_takes_effect(rig, caller)
        caller.talks_with(anna, within=30)
        town.passes(10)
    caller.hangs_up()
    anna.hung_up(within=30)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_a_redirect_takes_effect_when_the_caller_has_come_before_the_responder(
    rig: Rig, caller: Phone, anna: Phone, town: Town, written: Written
) -> None:
    rig.exchange.faults.rest_fails(1, 500, "update_call")
    rig.exchange.faults.slow_webhooks("/twilio/responder", times=2, seconds=2.0)
    accepted(caller, anna)
    assert town.exchange.run_until(lambda: "joined" in written().events, 25)
    redirect_takes_effect(rig, caller)
    caller.talks_with(anna, within=45)
    caller.hangs_up()
    anna.hung_up(within=30)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_a_redirect_is_never_followed_and_the_pass_brings_the_caller(
    rig: Rig, caller: Phone, anna: Phone, town: Town
) -> None:
    rig.exchange.faults.rest_fails(10_000, 500, "update_call")
    accepted(caller, anna)
    caller.talks_with(anna, within=25)
