"""What does a caller hear who waits, and what are they asked when nobody was reached?"""

import pytest

from hotline.ivr.engine import Situation, enter, take_turn
from hotline.ivr.flows.main_v1 import caller_flow
from hotline.ivr.nodes import (
    NO_NUMBER,
    TYPED,
    AgreeCallBack,
    Decline,
    KeepNumber,
    Position,
    RaiseFlag,
    ResumeRinging,
    StartRinging,
    WidenPlan,
)
from tests.ivr.caller import IGLESIAS, LONG_KEY, Caller

# information at night


def test_information_at_night_says_how_to_wake_everybody() -> None:
    caller = Caller(night=True).presses("5")
    assert caller.hears == ["chosen.ORI.night"]
    assert WidenPlan() not in caller.does
    caller.presses("0")
    assert WidenPlan() in caller.does
    assert caller.hears == ["chosen.person"]


def test_information_by_day_and_other_categories_at_night_are_said_plainly() -> None:
    assert Caller().presses("5").hears == ["chosen.ORI"]
    assert Caller(night=True).presses("4").hears == ["chosen.ALL"]


# the hold


def test_the_hold_speaks_at_its_times_and_then_every_thirty_seconds() -> None:
    caller = Caller().stays_silent(210)
    assert [(at, prompt) for at, prompt in caller.timeline if at > 0] == [
        (25, "hold.calling"),
        (25, "menu.PRO"),
        (50, "hold.nobody_yet"),
        (75, "hold.offer_call_back"),
        (100, "hold.privacy"),
        (130, "hold.still_calling"),
        (160, "hold.still_calling"),
        (190, "hold.still_calling"),
    ]


def test_the_quiet_hold_only_says_that_we_are_there() -> None:
    caller = Caller().presses("2").stays_silent(120)
    assert [at for at, prompt in caller.timeline if prompt == "hold.quiet"] == [25, 50, 80, 110]
    assert {prompt for at, prompt in caller.timeline if at > 0} == {"hold.quiet"}


def test_who_has_chosen_hears_no_more_of_the_menu() -> None:
    caller = Caller().presses("3").stays_silent(30)
    assert [prompt for at, prompt in caller.timeline if at > 0] == ["hold.calling"]


def test_when_everybody_talks_with_others_the_caller_is_told_so() -> None:
    caller = Caller()
    caller.all_busy = True
    caller.stays_silent(65)
    assert [(at, prompt) for at, prompt in caller.timeline if at > 0] == [
        (25, "hold.all_busy"),
        (25, "menu.PRO"),
        (50, "hold.all_busy"),
    ]


def test_a_sentence_is_not_heard_soon_after_another() -> None:
    caller = Caller().stays_silent(30).presses_one("3", after=15).stays_silent(60)
    times = [at for at, prompt in caller.timeline if at > 0]
    assert times == [25, 25, 40, 65, 90]


# nobody was reached: the question


def test_when_nobody_was_reached_the_caller_is_asked_twice_and_silence_is_a_no() -> None:
    caller = Caller().stays_silent(100).is_told_that_nobody_was_reached()
    assert caller.hears == ["promise.nobody", "promise.ask"]
    assert caller.stays_silent().hears == ["promise.ask"]
    assert caller.stays_silent().hears == ["promise.declined", "close.danger"]
    assert Decline() in caller.does
    assert caller.stays_silent().at == "hold"


def test_eight_and_eight_again_is_a_yes_and_the_hour_may_be_tomorrow() -> None:
    caller = Caller().stays_silent(100).is_told_that_nobody_was_reached().presses("8")
    assert caller.hears == ["promise.confirm"]
    assert not caller.agreed
    caller.due_tomorrow = True
    caller.presses("8")
    assert caller.hears == ["promise.agreed_tomorrow", "close.danger"]
    assert AgreeCallBack() in caller.does
    assert caller.stays_silent().at == "hold"


@pytest.mark.parametrize("key", [*"012345679*#", "?", LONG_KEY], ids=lambda key: key[:3])
@pytest.mark.parametrize("first", ["", "8"], ids=["asked", "confirming"])
def test_every_other_key_at_the_question_is_a_no_and_means_what_it_means(first: str, key: str) -> None:
    caller = Caller().stays_silent(100).is_told_that_nobody_was_reached().presses(first).presses_one(key)
    assert Decline() in caller.does
    assert not caller.agreed
    if key in set("01234579"):
        assert caller.at == Caller().stays_silent(100).presses(key).at
    else:
        assert caller.hears == ["promise.declined", "close.danger"]


@pytest.mark.parametrize(
    ("keys", "close"),
    [("1", ["close.VIO"]), ("2", ["close.MIN"]), ("3#", ["close.NAU"]), ("4#", []), ("0#", [])],
)
def test_in_the_quiet_hold_the_question_says_that_our_number_will_show(keys: str, close: list[str]) -> None:
    caller = Caller().presses(keys[:1]).stays_silent(20).presses(keys[1:]).stays_silent(60)
    caller.is_told_that_nobody_was_reached()
    assert caller.hears == ["promise.nobody", "promise.ask_careful"]
    assert caller.stays_silent().hears == ["promise.declined", "close.danger", *close]
    assert not caller.agreed
    assert caller.stays_silent().at == "quiet_hold"


def test_in_the_quiet_hold_two_eights_are_the_yes_of_somebody_who_was_warned() -> None:
    caller = Caller().presses("1").stays_silent(60).is_told_that_nobody_was_reached().presses("88")
    assert caller.hears == ["promise.agreed", "close.danger", "close.VIO"]
    assert AgreeCallBack(shown=True) in caller.does
    assert AgreeCallBack() not in caller.does
    assert caller.stays_silent().at == "quiet_hold"


def test_a_withheld_caller_may_key_in_a_number_which_is_read_back() -> None:
    caller = Caller(withheld=True).stays_silent(100).is_told_that_nobody_was_reached()
    assert caller.hears == ["promise.nobody", "promise.ask_withheld"]
    assert caller.presses_one(NO_NUMBER).hears == ["promise.number_refused"]
    assert caller.presses_one(TYPED).hears == ["promise.read_back"]
    assert KeepNumber() in caller.does
    assert caller.presses("#").hears == ["promise.ask_withheld"]
    assert not caller.agreed
    caller.presses_one(TYPED).presses("8")
    assert caller.agreed
    assert caller.hears == ["promise.agreed", "close.danger"]


def test_a_withheld_caller_in_the_quiet_hold_is_warned_before_the_yes() -> None:
    caller = Caller(withheld=True).presses("1").stays_silent(60).is_told_that_nobody_was_reached()
    caller.presses_one(TYPED).presses("8")
    assert caller.hears == ["promise.ask_careful"]
    assert not caller.agreed
    assert AgreeCallBack(shown=True) in caller.presses("8").does


@pytest.mark.parametrize("withheld", [False, True])
@pytest.mark.parametrize(("key", "closing"), [("3", "close.NAU"), ("1", "close.VIO")])
def test_nobody_is_asked_a_second_time(key: str, closing: str, withheld: bool) -> None:
    caller = Caller(withheld=withheld).presses(key).stays_silent(60).is_told_that_nobody_was_reached()
    caller.stays_silent(60).is_told_that_nobody_was_reached()
    assert caller.hears == ["promise.nobody", "close.danger", closing]


def test_one_one_two_counts_at_the_question_too() -> None:
    caller = Caller().stays_silent(60).is_told_that_nobody_was_reached().presses("112", after=1.0)
    assert caller.hears == ["chosen.keyed_112"]


def test_a_caller_who_rings_again_is_greeted_shortly_and_connected() -> None:
    caller = Caller().is_put_at(caller_flow(IGLESIAS).redial)
    assert caller.hears == ["greeting.danger", "redial.connecting"]
    assert (caller.stays_silent().at, caller.rings) == ("hold", True)
    quiet = Caller().is_put_at(caller_flow(IGLESIAS).redial_quiet)
    assert quiet.hears == ["greeting.danger", "redial.connecting"]
    assert (quiet.stays_silent().at, quiet.rings) == ("quiet_hold", True)
    assert Caller().is_put_at(caller_flow(IGLESIAS).redial_quiet).presses("8").flags == {"cannot_speak"}


# after a conversation, and across versions


def test_a_lost_conversation_leads_back_to_the_hold_and_rings_again() -> None:
    caller = Caller().presses("3").is_put_at("room").is_put_at("lost")
    assert caller.hears == ["room.lost"]
    assert caller.stays_silent().at == "hold"
    assert caller.does[-1] == ResumeRinging()


def test_after_a_lost_conversation_of_violence_the_hold_is_a_quiet_one() -> None:
    caller = Caller().presses("1").is_put_at("room").is_put_at("lost").presses("8")
    assert (caller.at, caller.tone) == ("quiet_hold", "soft")
    assert caller.does[-1] == ResumeRinging()
    assert not caller.presses("8").agreed


@pytest.mark.parametrize("key", [None, "3", "6", "8"])
def test_a_node_of_another_version_leads_to_the_ringing_hold(key: str | None) -> None:
    step = take_turn(caller_flow(IGLESIAS), "a node of version 0", key, Situation())
    assert StartRinging() in step.does
    assert step.node.position is Position.HOLD


def test_a_node_of_another_version_is_quiet_for_whoever_must_be_careful() -> None:
    flow = caller_flow(IGLESIAS)
    step = take_turn(flow, "a node of version 0", "8", Situation(category="VIO", careful=True))
    assert step.does == (RaiseFlag("cannot_speak"), StartRinging())
    assert enter(flow, "a node of version 0", Situation(careful=True)).node.name == "quiet_hold"
    assert enter(flow, "a node of version 0", Situation()).does == (StartRinging(),)
