"""What does a caller hear, and what comes about, whatever they press or do not press?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.engine import (
    CALLERS_KEYS,
    CAREFUL_FLAGS,
    Keys,
    Situation,
    Step,
    enter,
    language_of,
    take_turn,
)
from hotline.ivr.flows.main_v1 import caller_flow, responder_flow
from hotline.ivr.flows.notice_v1 import notice_flow
from hotline.ivr.nodes import (
    NO_NUMBER,
    TYPED,
    Accept,
    AgreeCallBack,
    CallPerson,
    ChooseCategory,
    Confirm,
    Decline,
    Effect,
    KeepNumber,
    PassOn,
    Position,
    RaiseFlag,
    Report,
    ResumeRinging,
    SpeakLanguage,
    StartRinging,
    WidenPlan,
)
from hotline.profile import SHIPPED, Profile, load_profile

IGLESIAS = load_profile(SHIPPED / "iglesias")
VALDOMBRA = load_profile(SHIPPED / "valdombra")
LONG_KEY = "1" * 10_000
PASS = 5.0


class Caller:
    """A caller on the phone, with what the live call would remember of them; nothing said takes time."""

    def __init__(self, profile: Profile = IGLESIAS, withheld: bool = False, night: bool = False) -> None:
        self.profile, self.flow = profile, caller_flow(profile)
        self.withheld, self.night = withheld, night
        self.now, self.rung_at, self.said, self.said_at = 0.0, -1.0, 0, -1e9
        self.category: str | None = None
        self.language = profile.default_language
        self.nobody_reached = self.all_busy = self.due_tomorrow = False
        self.does: list[Effect] = []
        self.keys: list[tuple[str, float]] = []
        self.timeline: list[tuple[float, str]] = []
        self._arrive(enter(self.flow, self.flow.start, self.situation))

    @property
    def flags(self) -> set[str]:
        return {effect.name for effect in self.does if isinstance(effect, RaiseFlag)}

    @property
    def careful(self) -> bool:
        category = self.profile.category(self.category)
        return (category is not None and category.careful) or bool(CAREFUL_FLAGS & self.flags)

    @property
    def situation(self) -> Situation:
        danger = self.profile.danger_category
        return Situation(
            category=self.category,
            careful=self.careful,
            narrow=frozenset(c.code for c in self.profile.categories if c.full_plan_key and self.night),
            number_known=not self.withheld,
            waited=self.now - self.rung_at if self.rung_at >= 0 else 0.0,
            since_said=self.now - self.said_at,
            said=self.said,
            nobody_reached=self.nobody_reached,
            asked_before=self.agreed or Decline() in self.does,
            due_tomorrow=self.due_tomorrow,
            all_busy=self.all_busy,
            late_menu=tuple((c.code, c.key) for c in self.profile.categories if c.spoken == "late"),
            danger_category=danger.code if danger else None,
            keys=Keys(tuple((key, self.now - at) for key, at in self.keys[-3:])),
        )

    def presses(self, keys: str, after: float = 10.0) -> "Caller":
        """Press keys one after the other, `after` seconds after what was before."""
        for key in keys:
            self.presses_one(key, after)
        return self

    def presses_one(self, key: str, after: float = 10.0) -> "Caller":
        self.now += after
        self.keys.append((key, self.now))
        self._arrive(take_turn(self.flow, self.at, key, self.situation))
        return self

    def stays_silent(self, seconds: float = PASS) -> "Caller":
        """Press nothing, for as many passes as fit."""
        for _ in range(max(1, round(seconds / PASS))):
            self.now += PASS
            self._arrive(take_turn(self.flow, self.at, None, self.situation))
        return self

    def is_told_that_nobody_was_reached(self) -> "Caller":
        """Wait in the hold until everybody was tried, and hear what is said then."""
        self.nobody_reached = True
        self.stays_silent()
        self.nobody_reached = False
        return self

    def is_put_at(self, node: str) -> "Caller":
        self._arrive(enter(self.flow, node, self.situation))
        return self

    def _arrive(self, step: Step) -> None:
        self.at, self.position, self.tone = step.node.name, step.node.position, step.tone
        self.hears = [say.prompt for say in step.says]
        self.says = step.says
        self.does += step.does
        self.language = language_of(step.does, self.language)
        for effect in step.does:
            match effect:
                case ChooseCategory(code):
                    self.category = code
                case ResumeRinging():
                    self.rung_at, self.said, self.said_at = self.now, 0, -1e9
                case StartRinging() if self.rung_at < 0:
                    self.rung_at = self.now
        if step.says and self.position is Position.HOLD:
            self.said, self.said_at = step.said, self.now
            self.timeline += [(self.now - self.rung_at, prompt) for prompt in self.hears]

    @property
    def rings(self) -> bool:
        return self.rung_at >= 0

    @property
    def agreed(self) -> bool:
        return any(isinstance(effect, AgreeCallBack) for effect in self.does)


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
