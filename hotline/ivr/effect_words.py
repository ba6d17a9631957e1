"""What does a key bring about, in a word or two, where a call is drawn? Pure."""

from collections.abc import Mapping

from hotline.ivr.nodes import (
    Accept,
    AgreeCallBack,
    CallColleague,
    CallPerson,
    ChooseCategory,
    ChooseShift,
    Confirm,
    Decline,
    Effect,
    OfferShift,
    OpenDoor,
    PassOn,
    RaiseFlag,
    Report,
    ResumeRinging,
    SpeakLanguage,
    StepDown,
    TakeOwed,
    TakeShift,
    WidenPlan,
)


def effect_words(effect: Effect) -> str:
    """Return what an effect brings about, in a word or two; the ringing is told by the arrow."""
    match effect:
        case ChooseCategory(code) | SpeakLanguage(code):
            return code
        case RaiseFlag(name) | Report(name):
            return name.replace("_", " ")
    return _EFFECTS.get(type(effect), "")


_EFFECTS: Mapping[type[Effect], str] = {
    WidenPlan: "ring everybody",
    AgreeCallBack: "call-back agreed",
    ResumeRinging: "ring again",
    Accept: "accept",
    PassOn: "pass on",
    Confirm: "take it",
    Decline: "no call-back",
    CallPerson: "ring the person",
    OpenDoor: "the right PIN",
    TakeOwed: "hear the most urgent",
    StepDown: "I cannot, now",
    CallColleague: "ring the colleague",
    ChooseShift: "this one",
    OfferShift: "offered to all",
    TakeShift: "take it",
}
