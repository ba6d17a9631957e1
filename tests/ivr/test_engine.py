"""What does a caller hear, and what comes about, whatever they press or do not press?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.engine import CALLERS_KEYS, Keys, Situation, take_turn
from hotline.ivr.flows.main_v1 import responder_flow
from hotline.ivr.nodes import Accept, AgreeCallBack, ChooseCategory, Position, SpeakLanguage, WidenPlan
from hotline.profile import Profile
from tests.ivr.caller import IGLESIAS, LONG_KEY, VALDOMBRA, Caller

# the greeting and the keys


def test_a_silent_caller_hears_who_answers_then_phones_ring_and_the_menu_is_spoken() -> None:
    caller = Caller()
    assert caller.hears == ["greeting.danger", "greeting.stay"]
    assert not caller.rings
    caller.stays_silent()
    assert caller.rings
    assert caller.hears == [*["language.own_name"] * 4, "greeting.digit", "menu"]
    caller.stays_silent()
    assert (caller.at, caller.tone) == ("hold", "ringing")


@pytest.mark.parametrize("key", [*CALLERS_KEYS, "?", "", "é", LONG_KEY], ids=lambda key: key[:3] or "empty")
@pytest.mark.parametrize("profile", [IGLESIAS, VALDOMBRA], ids=["iglesias", "valdombra"])
def test_any_key_during_the_greeting_rings_at_once(profile: Profile, key: str) -> None:
    caller = Caller(profile).presses_one(key)
    assert caller.rings
    assert caller.position is Position.HOLD
    assert caller.hears


@pytest.mark.parametrize("key", ["*", "#", "6", "?", LONG_KEY], ids=lambda key: key[:3])
def test_a_key_without_a_meaning_rings_everybody_and_promises_a_person(key: str) -> None:
    caller = Caller().presses_one(key)
    assert caller.hears == ["chosen.person"]
    assert WidenPlan() in caller.does
    assert caller.category is None


def test_two_quick_keys_both_count_and_the_last_one_is_answered() -> None:
    caller = Caller().presses("34", after=0.2)
    assert [effect for effect in caller.does if isinstance(effect, ChooseCategory)] == [
        ChooseCategory("NAU"),
        ChooseCategory("ALL"),
    ]
    assert caller.hears == ["chosen.ALL"]
    assert caller.position is Position.HOLD


def test_a_category_can_still_be_chosen_late_in_the_hold() -> None:
    caller = Caller().stays_silent(120).presses("3")
    assert (caller.category, caller.hears) == ("NAU", ["chosen.NAU"])


# 1 1 2


def test_one_one_two_within_six_seconds_is_danger_and_tells_how_to_reach_112() -> None:
    caller = Caller().presses_one("1").presses_one("1", 2.0).presses_one("2", 4.0)
    assert caller.hears == ["chosen.keyed_112"]
    assert caller.category == "VIO"
    assert "keyed_112" in caller.flags
    assert caller.rings


def test_one_one_two_in_seven_seconds_is_three_single_keys() -> None:
    caller = Caller().presses_one("1").presses_one("1", 3.0).presses_one("2", 4.0)
    assert "keyed_112" not in caller.flags
    assert caller.at == "asked_near"


@pytest.mark.parametrize("before", ["", "3", "9", "0", "*", "11", "112"])
def test_one_one_two_counts_whatever_was_pressed_before(before: str) -> None:
    caller = Caller().stays_silent(30).presses(before).presses("112", after=1.6)
    assert caller.hears == ["chosen.keyed_112"]


def test_one_one_two_dialled_at_full_speed_counts_although_the_ones_look_like_a_bounce() -> None:
    caller = Caller().presses("112", after=0.1)
    assert caller.hears == ["chosen.keyed_112"]
    assert "cannot_speak" not in caller.flags


def test_after_one_one_two_a_key_means_that_the_caller_cannot_speak() -> None:
    caller = Caller().presses("112", after=1.0).presses("5")
    assert "cannot_speak" in caller.flags
    assert caller.hears == ["chosen.quiet", "question.danger"]


def test_the_other_ambito_has_its_own_category_for_one_one_two() -> None:
    caller = Caller(VALDOMBRA).presses("112", after=1.0)
    assert (caller.category, caller.hears) == ("FAM", ["chosen.keyed_112"])


# violence, minors: any key means "I cannot speak"


@pytest.mark.parametrize("key", [*CALLERS_KEYS, "?", LONG_KEY], ids=lambda key: key[:3])
@pytest.mark.parametrize("category", ["1", "2"])
def test_in_the_gravest_categories_any_key_asks_two_questions(category: str, key: str) -> None:
    caller = Caller().presses(category)
    assert caller.hears in (["chosen.VIO"], ["chosen.MIN"])
    caller.presses_one(key, 6.5)
    assert caller.hears == ["chosen.quiet", "question.danger"]
    caller.presses("1", 6.5)
    assert caller.hears == ["question.near"]
    caller.presses("1", 6.5)
    assert caller.flags == {"cannot_speak", "danger_now", "somebody_near"}
    assert (caller.at, caller.tone) == ("silent_hold", "soft")


@pytest.mark.parametrize("answer", ["2", "5", None])
def test_no_another_key_and_silence_all_answer_no(answer: str | None) -> None:
    caller = Caller().presses("13")
    for _ in range(2):
        if answer is None:
            caller.stays_silent()
        else:
            caller.presses(answer)
    assert caller.flags == {"cannot_speak"}
    assert caller.at == "silent_hold"


def test_after_the_questions_keys_are_left_alone() -> None:
    caller = Caller().presses("1311", 2.0).presses("0123456789*#", 1.0)
    assert caller.at == "silent_hold"
    assert caller.hears == []
    assert caller.flags == {"cannot_speak", "danger_now", "somebody_near"}


def test_a_key_without_a_meaning_in_the_hold_means_that_the_caller_cannot_speak() -> None:
    caller = Caller().stays_silent(20).presses("#")
    assert caller.flags == {"cannot_speak"}
    assert caller.hears == ["chosen.quiet", "question.danger"]


def test_a_bounce_of_the_key_is_no_sign_and_the_safety_sentence_is_heard_again() -> None:
    caller = Caller().presses_one("1").presses_one("1", 0.3)
    assert caller.hears == ["chosen.VIO"]
    assert caller.flags == set()
    assert caller.presses_one("1", 1.6).flags == {"cannot_speak"}


def test_a_bounce_does_not_answer_the_question_of_danger() -> None:
    caller = Caller().presses("1").presses_one("5").presses_one("5", 0.3)
    assert caller.hears == ["chosen.quiet", "question.danger"]
    caller.presses("1").presses_one("1", 0.3)
    assert caller.hears == ["question.near"]
    assert caller.flags == {"cannot_speak", "danger_now"}


# call me back


def test_eight_and_eight_again_is_a_call_back_and_the_ringing_goes_on() -> None:
    caller = Caller().stays_silent(30).presses("8")
    assert caller.hears == ["call_back.ask"]
    assert not caller.agreed
    caller.presses("8")
    assert caller.agreed
    assert caller.hears == ["promise.agreed", "close.danger"]
    assert caller.stays_silent().at == "hold"


@pytest.mark.parametrize("key", [key for key in CALLERS_KEYS if key != "8"])
def test_only_a_second_eight_confirms(key: str) -> None:
    assert not Caller().presses("8").presses(key).agreed
    assert not Caller().presses("8").stays_silent().presses("8").agreed


def test_a_withheld_number_is_never_promised_a_call_back() -> None:
    caller = Caller(withheld=True).presses("8")
    assert caller.hears == ["chosen.person"]
    assert caller.rings
    assert not caller.presses("8888").stays_silent(200).agreed
    assert "hold.offer_call_back" not in [prompt for _, prompt in caller.timeline]


def test_nobody_in_the_quiet_hold_is_offered_a_call_back() -> None:
    caller = Caller().presses("1").stays_silent(300)
    assert not {"hold.offer_call_back", "call_back.ask"} & {prompt for _, prompt in caller.timeline}
    assert not caller.presses("8888").agreed


# languages


def test_nine_offers_each_language_in_its_own_voice_with_its_own_digit() -> None:
    caller = Caller().presses("9")
    assert [(say.prompt, say.language, say.keys["key"]) for say in caller.says] == [
        ("language.press", "en", "1"),
        ("language.press", "fr", "2"),
        ("language.press", "ro", "3"),
        ("language.press", "ar", "4"),
    ]
    caller.presses("3")
    assert caller.language == "ro"
    assert caller.hears == ["greeting.danger", "greeting.stay", "menu"]
    assert caller.presses("1").hears == ["chosen.VIO"]
    assert caller.language == "ro"


@pytest.mark.parametrize(
    ("key", "node"),
    [("0", "person"), ("8", "call_back"), ("7", "chosen"), ("9", "languages"), ("6", "hold"), ("*", "hold")],
)
def test_among_the_languages_the_other_keys_keep_their_meaning(key: str, node: str) -> None:
    caller = Caller().presses("9").presses(key)
    assert caller.at == node
    assert caller.language == "it"


def test_who_says_nothing_among_the_languages_waits_in_the_first_one() -> None:
    caller = Caller().presses("9").stays_silent()
    assert (caller.at, caller.language) == ("hold", "it")


# whatever is pressed

ANY_KEY = st.sampled_from([None, *CALLERS_KEYS, "?", "", LONG_KEY])
PAUSES = st.sampled_from([0.1, 1.0, 1.6, 4.0, 9.0])
PRESSED = st.lists(st.tuples(ANY_KEY, PAUSES), max_size=40)


@given(
    pressed=PRESSED,
    profile=st.sampled_from([IGLESIAS, VALDOMBRA]),
    withheld=st.booleans(),
    begins=st.sampled_from(["greeting", "lost", "ringing_again", "a node of version 0"]),
)
def test_random_keys_for_ever_never_leave_the_ringing_hold(
    pressed: list[tuple[str | None, float]], profile: Profile, withheld: bool, begins: str
) -> None:
    caller = Caller(profile, withheld=withheld).is_put_at(begins)
    for key, pause in pressed:
        had_begun, was_careful, before = caller.rings, caller.careful, len(caller.does)
        caller.nobody_reached = had_begun and pause > 8
        if key is None:
            caller.stays_silent()
        else:
            caller.presses_one(key, pause)
        assert caller.position is Position.HOLD or not had_begun
        assert caller.flow.node(caller.at).exits
        if was_careful:
            assert caller.at not in ("hold", "call_back", "agreed", "menu", "languages", "unreached")
            assert AgreeCallBack() not in caller.does[before:]
        assert not (caller.agreed and withheld)
    caller.nobody_reached = False
    caller.stays_silent(30)
    assert caller.rings
    assert caller.at in caller.flow.scripts


@given(pressed=st.lists(ANY_KEY, min_size=1, max_size=12))
def test_a_responder_s_leg_only_accepts_by_the_key_that_it_named(pressed: list[str | None]) -> None:
    flow = responder_flow(IGLESIAS)
    at = "whisper"
    for key in pressed:
        step = take_turn(flow, at, key, Situation(category="VIO"))
        if Accept() in step.does:
            assert key == flow.spoken_keys["key_accept"]
            break
        at = step.node.name


def test_the_keys_of_a_call_are_remembered_three_at_a_time() -> None:
    keys = Keys()
    for key in "3112":
        keys = keys.with_key(key)
    assert [key for key, _ in keys.pressed] == ["1", "1", "2"]
    assert keys.spell_emergency
    assert SpeakLanguage("en") != SpeakLanguage("fr")
