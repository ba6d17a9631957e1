"""Who meets whom in the room, who leaves it, and what does everybody hear then?"""

from collections.abc import Callable

import pytest

from hotline.calls.call import CallOutcome
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town
from tests.stories.records import Record

Written = Callable[[], Record]


def meet(caller: Phone, anna: Phone, key: str = "") -> None:
    """Let the caller dial, Anna answer and accept, and both talk."""
    caller.dials()
    if key:
        caller.waits(2)
        caller.presses(key)
    anna.answers(within=40)
    anna.presses("1")
    caller.talks_with(anna)


def meet_with_the_social_worker(caller: Phone, anna: Phone, lucia: Phone) -> None:
    """Let Anna accept a call about violence and Lucia join her."""
    caller.dials()
    caller.waits(2)
    caller.presses("1")
    lucia.rings()
    anna.rings()
    lucia.answers()
    anna.answers()
    anna.presses("1")
    lucia.hears("Ha risposto Anna")
    lucia.presses("1")
    caller.talks_with(anna, lucia)


# Two in the room


def test_both_sides_meet_and_the_caller_hangs_up(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    meet(caller, anna)
    town.passes(60)
    caller.hangs_up()
    anna.hears("La telefonata è finita, grazie.")
    anna.hung_up(within=60)
    town.everybody_hung_up(within=0)
    record = written()
    assert record.call.outcome == CallOutcome.ANSWERED
    assert record.answered_by == "Anna"
    assert record.seconds_together == (60.0,)
    assert record.follow_up is None
    for event in ("accepted", "joined", "met", "room_ended", "caller_left"):
        assert event in record.events


def test_the_responder_hangs_up_and_the_caller_may_hang_up_too(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    meet(caller, anna)
    town.passes(30)
    anna.hangs_up()
    caller.hears("Se avete finito, può riagganciare. Se ha ancora bisogno, resti in linea: la ricolleghiamo.")
    caller.hangs_up()
    town.passes(60)
    assert anna.times_rung() == 1
    record = written()
    assert record.call.outcome == CallOutcome.ANSWERED
    assert record.seconds_together == (30.0,)
    assert record.follow_up is None


def test_a_caller_who_stays_after_the_line_was_lost_is_connected_again(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, written: Written
) -> None:
    meet(caller, anna)
    town.passes(100)
    anna.hangs_up()
    lost = town.exchange.now()
    told = caller.hears("resti in linea: la ricolleghiamo", within=15)
    assert (told - lost).total_seconds() <= 11, "at once"
    rang = anna.rings(within=20)
    assert 9 <= (rang - told).total_seconds() <= 13, "ten seconds of quiet, then whoever they talked with"
    joined = bruno.rings(within=20)
    assert 13 <= (joined - rang).total_seconds() <= 18, "and then the plan"
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)
    town.passes(20)
    caller.hangs_up()
    record = written()
    assert record.answered_by == "Bruno"
    assert record.seconds_together == (100.0, 20.0)
    assert record.call.outcome == CallOutcome.ANSWERED


def test_nobody_is_rung_during_the_ten_seconds_of_quiet(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    meet(caller, anna)
    town.passes(100)
    rung = bruno.times_rung()
    anna.hangs_up()
    caller.hears("resti in linea: la ricolleghiamo", within=15)
    town.passes(8)
    assert bruno.times_rung() == rung
    assert anna.times_rung() == 1


def test_a_caller_who_stayed_and_is_not_connected_again_leaves_a_follow_up(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    meet(caller, anna)
    town.passes(100)
    anna.hangs_up()
    caller.hears("resti in linea: la ricolleghiamo")
    town.passes(60)
    caller.hangs_up()
    assert written().follow_up == "review"


@pytest.mark.parametrize(("lost", "times"), [("leg-status", 10), ("caller?", 1), ("room?", 10)])
def test_the_line_of_the_responder_is_lost_and_so_is_one_of_our_webhooks(
    rig: Rig, caller: Phone, town: Town, anna: Phone, bruno: Phone, lost: str, times: int
) -> None:
    meet(caller, anna)
    town.passes(100)
    rig.exchange.faults.drop_webhooks(lost, times=times)
    anna.hangs_up()
    caller.hears("resti in linea: la ricolleghiamo", within=20)
    bruno.rings(within=30)
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)


def test_the_responder_is_gone_while_the_caller_waits_alone_in_the_room(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    caller.dials()
    anna.answers(within=40)
    town.passes(3)
    anna.presses("1")
    town.passes(1.2)
    anna.hangs_up()
    town.passes(25)
    assert "riagganciare" in caller.heard() or "Stiamo chiamando" in caller.heard()
    lucia.rings(within=60)
    lucia.answers()
    lucia.presses("1")
    caller.talks_with(lucia)


def test_the_words_of_the_room_itself_are_lost_and_the_timeline_still_knows_who_talked(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    anna.answers(within=40)
    rig.exchange.faults.drop_webhooks("twilio/room?", times=10)
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(45)
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    record = written()
    assert record.call.outcome == CallOutcome.ANSWERED
    assert len(record.seconds_together) == 1
    assert 44 <= record.seconds_together[0] <= 48


def test_every_word_of_a_conversation_is_lost_and_twilio_is_asked_whether_they_have_met(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    anna.answers(within=40)
    rig.exchange.faults.drop_webhooks("twilio/room?", times=10)
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(45)
    for report in ("twilio/caller?", "twilio/responder?"):
        rig.exchange.faults.drop_webhooks(report, times=10)
    caller.hangs_up()
    anna.hung_up(within=60)
    record = written()
    assert record.call.outcome == CallOutcome.ANSWERED
    assert record.follow_up is None
    assert 44 <= record.seconds_together[0] <= 48


def test_a_caller_who_hangs_up_alone_in_the_room_has_talked_with_nobody_and_is_owed_something(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    anna.answers(within=40)
    rig.exchange.faults.slow_webhooks("/twilio/responder", seconds=3.9)
    anna.presses("1")
    town.passes(4.5)
    caller.hangs_up()
    anna.hung_up(within=60)
    town.passes(30)
    record = written()
    assert "joined" in record.events
    assert record.call.outcome == CallOutcome.ABANDONED
    assert record.follow_up == "review"
    assert record.seconds_together == ()


def test_a_responder_who_hangs_up_alone_in_the_room_has_talked_with_nobody(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    anna.answers(within=40)
    rig.exchange.faults.slow_webhooks("turn=m", seconds=3.9)
    anna.presses("1")
    town.passes(3.5)
    anna.hangs_up()
    caller.hears("riagganciare", within=20)
    caller.hangs_up()
    record = written()
    assert record.call.outcome == CallOutcome.ABANDONED
    assert record.follow_up == "review"
    assert record.seconds_together == ()


def test_keys_pressed_while_talking_change_nothing(caller: Phone, town: Town, anna: Phone) -> None:
    meet(caller, anna)
    caller.presses("1*#8")
    anna.presses("129")
    town.passes(10)
    caller.talks_with(anna)


@pytest.mark.parametrize(("lost", "times"), [("voice/status", 10), ("caller?", 10), ("responder?", 1)])
def test_the_caller_leaves_and_one_webhook_is_lost(
    rig: Rig, caller: Phone, town: Town, anna: Phone, lost: str, times: int, written: Written
) -> None:
    meet(caller, anna)
    town.passes(20)
    rig.exchange.faults.drop_webhooks(lost, times=times)
    caller.hangs_up()
    anna.hung_up(within=60)
    town.passes(60)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_everything_about_the_callers_leaving_is_lost_and_the_ticker_finds_out(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    meet(caller, anna)
    town.passes(20)
    rig.exchange.faults.unreachable(3)
    caller.hangs_up()
    town.passes(120)
    anna.hung_up(within=0)
    record = written()
    assert record.call.outcome == CallOutcome.ANSWERED
    assert all(attempt.result is not None for attempt in record.attempts)


def test_a_person_waiting_in_the_room_for_a_caller_who_is_gone_is_told(
    rig: Rig, caller: Phone, town: Town, anna: Phone
) -> None:
    caller.dials()
    anna.answers(within=40)
    town.passes(3)
    anna.presses("1")
    rig.exchange.faults.drop_webhooks("voice/status", times=10)
    town.passes(0.5)
    caller.hangs_up()
    anna.hears("La persona ha riagganciato", within=25)
    anna.hung_up(within=60)


# Three in the room


def test_a_third_person_leaves_and_the_two_others_meet_in_the_next_room(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    town.passes(30)
    lucia.hangs_up()
    caller.talks_with(anna, within=6)
    town.passes(30)
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    town.everybody_hung_up()
    record = written()
    assert record.answered_by == "Anna"
    assert record.call.outcome == CallOutcome.ANSWERED


def test_the_winner_leaves_and_the_social_worker_goes_on_with_the_caller(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    town.passes(30)
    anna.hangs_up()
    caller.talks_with(lucia, within=6)
    town.passes(30)
    caller.hangs_up()
    lucia.hears("La telefonata è finita")
    town.everybody_hung_up()
    assert written().answered_by == "Lucia"


def test_the_caller_never_hears_that_the_line_was_lost_when_somebody_is_still_there(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    town.passes(5)
    anna.hangs_up()
    caller.talks_with(lucia, within=6)
    caller.hears_nothing_like("Se avete finito")


def test_the_caller_leaves_the_three_and_both_responders_are_thanked(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    town.passes(30)
    caller.hangs_up()
    anna.hears("La telefonata è finita, grazie")
    lucia.hears("La telefonata è finita, grazie", within=0)
    anna.hung_up(within=60)
    lucia.hung_up(within=60)


def test_both_responders_leave_and_the_plan_resumes(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, bruno: Phone
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    town.passes(80)
    anna.handset.hang_up()
    lucia.handset.hang_up()
    caller.hears("resti in linea: la ricolleghiamo")
    bruno.rings(within=40)
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)


def test_the_timeline_says_who_of_the_three_talked_and_how_long(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    town.passes(30)
    lucia.hangs_up()
    caller.talks_with(anna, within=6)
    town.passes(40)
    caller.hangs_up()
    together = sorted(round(seconds) for seconds in written().seconds_together)
    assert len(together) == 3, "Anna and Lucia in the first room, Anna in the second"
    assert 28 <= together[0] <= 33
    assert 38 <= together[-1] <= 46
    who = {name for _, event, _, name in written().timeline if event in ("accepted", "joined_too")}
    assert who == {"Anna", "Lucia"}


# Long conversations


def test_a_quarter_of_an_hour_of_talk_is_never_disturbed(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    meet(caller, anna)
    town.passes(900)
    caller.talks_with(anna)
    caller.hangs_up()
    assert written().seconds_together == (900.0,)


@pytest.mark.timeout(300)
def test_after_more_than_an_hour_of_talk_a_caller_whose_line_breaks_is_connected_again(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, written: Written
) -> None:
    meet(caller, anna)
    town.passes(3700)
    anna.hangs_up()
    caller.hears("resti in linea: la ricolleghiamo", within=15)
    bruno.answers(within=40)
    bruno.presses("1")
    caller.talks_with(bruno)
    caller.hears_nothing_like("Non siamo riusciti a rispondere")
    assert written().answered_by == "Bruno"


@pytest.mark.timeout(300)
def test_who_waits_again_after_the_talk_has_an_hour_of_their_own(
    caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    meet(caller, anna)
    town.passes(1200)
    anna.hangs_up()
    caller.hears("resti in linea: la ricolleghiamo", within=15)
    town.passes(3590)
    assert caller.is_on_the_line()
    caller.hears("Non siamo riusciti a rispondere", within=60)
    caller.hung_up()
    assert written().follow_up == "review"


def test_the_room_of_every_episode_has_a_name_of_its_own_that_tells_nothing(
    rig: Rig, caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    meet(caller, anna)
    town.passes(100)
    anna.hangs_up()
    bruno.rings(within=40)
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)
    rooms = {
        request.value("FriendlyName")
        for _, request in rig.exchange.webhooks
        if request.value("StatusCallbackEvent") == "conference-start"
    }
    assert len(rooms) == 2
    assert all(len(room) == 25 and room[0] == "r" for room in rooms)
