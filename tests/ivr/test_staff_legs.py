"""What does a responder hear, and the owner of an alarm, and what do their keys do?"""

import pytest

from hotline.ivr.engine import Situation, enter, take_turn
from hotline.ivr.flows.main_v1 import caller_flow, responder_flow
from hotline.ivr.flows.notice_v1 import notice_flow
from hotline.ivr.flows.presence_v1 import presence_flow
from hotline.ivr.flows.staff_v1 import staff_flow
from hotline.ivr.nodes import (
    NO_NUMBER,
    TYPED,
    Accept,
    CallPerson,
    ChooseShift,
    Confirm,
    OfferShift,
    OpenDoor,
    PassOn,
    Report,
    StepDown,
    TakeShift,
)
from tests.ivr.caller import IGLESIAS, LONG_KEY

# responders and notices


def test_a_responder_hears_who_waits_and_one_accepts() -> None:
    flow = responder_flow(IGLESIAS)
    whisper = enter(flow, "whisper", Situation(category="VIO"))
    assert [say.prompt for say in whisper.says] == [
        "whisper.waiting",
        "topic.VIO",
        "whisper.language",
        "whisper.extras",
        "whisper.keys",
    ]
    assert take_turn(flow, "whisper", "1", Situation()).does == (Accept(),)


def test_a_call_without_a_category_is_announced_as_such() -> None:
    whisper = enter(responder_flow(IGLESIAS), "whisper", Situation())
    assert "topic.none" in [say.prompt for say in whisper.says]


def test_whoever_passed_on_may_still_take_it() -> None:
    flow = responder_flow(IGLESIAS)
    passed = take_turn(flow, "whisper", "2", Situation())
    assert passed.does == (PassOn(),)
    assert passed.node.seconds == 4
    assert take_turn(flow, passed.node.name, "1", Situation()).does == (Accept(),)


@pytest.mark.parametrize("start", ["whisper", "whisper_patient"])
@pytest.mark.parametrize("key", [None, "3", "*", "#", "?", LONG_KEY], ids=lambda key: str(key)[:4])
def test_any_other_key_and_a_voicemail_are_asked_again_and_then_passed_on(
    start: str, key: str | None
) -> None:
    flow = responder_flow(IGLESIAS)
    at, heard = start, []
    while flow.node(at).exits:
        step = take_turn(flow, at, key, Situation())
        assert not step.does
        at = step.node.name
        heard += [say.prompt for say in step.says]
    patient = ["whisper.drive"] if start == "whisper_patient" else []
    assert heard == ["whisper.again", *patient, "whisper.no_key"]


@pytest.mark.parametrize("owed", ["call_back", "review"])
def test_an_alarm_is_said_twice_and_taken_by_a_key_only(owed: str) -> None:
    flow = notice_flow(IGLESIAS)
    repeated = take_turn(flow, owed, None, Situation())
    assert (repeated.node.name, repeated.does) == (f"{owed}_again", ())
    assert take_turn(flow, f"{owed}_again", "1", Situation()).does == (Confirm(),)
    assert take_turn(flow, f"{owed}_again", "7", Situation()).node.name == "unheard"


def test_the_owner_calls_back_by_a_key_and_tells_how_it_went() -> None:
    flow = notice_flow(IGLESIAS)
    taken = take_turn(flow, "call_back", "1", Situation())
    assert take_turn(flow, taken.node.name, "1", Situation()).does == (CallPerson(),)
    assert [take_turn(flow, "after", key, Situation()).does for key in "123"] == [
        (Report("talked"),),
        (Report("again"),),
        (Report("wrong"),),
    ]


def test_no_node_of_the_staff_door_could_be_taken_for_one_of_the_callers() -> None:
    assert not staff_flow(IGLESIAS).nodes.keys() & caller_flow(IGLESIAS).nodes.keys() - {"over"}


def test_the_staff_door_opens_for_the_right_pin_only() -> None:
    flow = staff_flow(IGLESIAS)
    assert take_turn(flow, "code", TYPED, Situation()).does == (OpenDoor(),)
    for key in (NO_NUMBER, None, "1", "*", "#", "?", LONG_KEY):
        assert not take_turn(flow, "code", key, Situation()).does


def test_i_cannot_takes_the_key_twice() -> None:
    flow = staff_flow(IGLESIAS)
    sure = take_turn(flow, "inside", "2", Situation())
    assert sure.does == ()
    assert take_turn(flow, sure.node.name, "2", Situation()).does == (StepDown(),)
    assert take_turn(flow, sure.node.name, None, Situation()).does == ()


@pytest.mark.parametrize("asked", ["ask", "begun", "night", "added"])
def test_whoever_is_asked_whether_they_are_there_answers_by_a_key_and_silence_is_no_answer(
    asked: str,
) -> None:
    flow = presence_flow(IGLESIAS)
    assert take_turn(flow, asked, "1", Situation()).does == (Confirm(),)
    assert take_turn(flow, asked, "2", Situation()).does == (PassOn(),)
    once = take_turn(flow, asked, None, Situation())
    twice = take_turn(flow, once.node.name, None, Situation())
    assert (once.does, twice.does, twice.node.name) == ((), (), "unheard")


def test_a_shift_is_chosen_by_its_key_and_offered_by_one_more() -> None:
    flow = staff_flow(IGLESIAS)
    which = take_turn(flow, "inside", "4", Situation())
    assert which.does == ()
    for key, place in (("1", 1), ("2", 2), ("3", 3)):
        sure = take_turn(flow, which.node.name, key, Situation())
        assert sure.does == (ChooseShift(place),)
        assert take_turn(flow, sure.node.name, "4", Situation()).does == (OfferShift(),)
        for other in (None, "1", "8", "*"):
            assert not take_turn(flow, sure.node.name, other, Situation()).does


def test_an_offered_shift_is_taken_by_its_key_pressed_twice() -> None:
    flow = staff_flow(IGLESIAS)
    sure = take_turn(flow, "inside", "8", Situation())
    assert sure.does == ()
    assert take_turn(flow, sure.node.name, "8", Situation()).does == (TakeShift(),)
    assert take_turn(flow, sure.node.name, None, Situation()).does == ()
