"""What happens in a call? The caller's leg and the responder's leg, whole, on one screen each."""

from hotline.ivr.nodes import (
    MENU,
    SCRIPT,
    Accept,
    AgreeCallBack,
    ChooseCategory,
    Confirm,
    Flow,
    Go,
    HoldScript,
    Node,
    PassOn,
    Position,
    RaiseFlag,
    ResumeRinging,
    Say,
    Sentence,
    SpeakLanguage,
    StartRinging,
    WidenPlan,
    table,
)
from hotline.profile import Profile

GREETING, HOLD, ROOM, OVER = Position.GREETING, Position.HOLD, Position.ROOM, Position.OVER
HOLD_PASS = 0
"""Listening time of a pass that the live call decides: a few seconds, less when something is due."""

ORDINARY = HoldScript(
    (
        Sentence(25, ("hold.calling", "menu.late")),
        Sentence(50, ("hold.nobody_yet",)),
        Sentence(75, ("hold.offer_call_back",), needs_number=True),
        Sentence(100, ("hold.privacy",)),
    ),
    then="hold.still_calling",
    every=30,
    tone="ringing",
)
QUIET = HoldScript(
    (Sentence(25, ("hold.quiet",)), Sentence(50, ("hold.quiet",))), then="hold.quiet", every=30, tone="soft"
)


def caller_flow(profile: Profile) -> Flow:
    """Return the caller's leg: greeting, menu, keys, hold, room, end."""
    ring = StartRinging()
    person = Go("person", (ring, WidenPlan()))
    cannot_speak = Go("asked_danger", (RaiseFlag("cannot_speak"),))
    categories = {
        category.key: Go("chosen_quiet" if category.careful else "chosen", (ChooseCategory(category.code), ring))
        for category in profile.categories
    }
    keys = profile.keys
    every_key = categories | {
        keys.person: person,
        keys.languages: Go("languages", (ring,)),
        keys.call_back: Go("call_back", (ring,), if_withheld="person"),
    }
    others = [language for language in profile.languages if language.key is not None]
    names = tuple(Say("language.own_name", language=language.code) for language in others)
    nine = (Say("greeting.digit", {"key": keys.languages}, others[0].code),) if others else ()
    asked = tuple(Say("language.press", {"key": o.key or ""}, o.code) for o in others)
    chosen_language = {o.key or "": Go("welcome", (SpeakLanguage(o.code),)) for o in others}
    hold, quiet = Go("hold"), Go("quiet_hold")

    return Flow(
        "caller",
        1,
        start="greeting",
        human="hold",
        nodes=table(
            # name, where, what is said, seconds we listen, keys, any other key, no key
            Node("greeting", GREETING, (Say("greeting.danger"), Say("greeting.stay")), 1, every_key, person, Go("menu", (ring,))),
            Node("menu", HOLD, (*names, *nine, Say(MENU)), 4, every_key, person, hold),
            Node("languages", HOLD, asked, 5, chosen_language, hold, hold),
            Node("welcome", HOLD, (Say("greeting.danger"), Say("greeting.stay"), Say(MENU)), 4, every_key, person, hold),
            Node("chosen", HOLD, (Say("chosen.{category}"),), HOLD_PASS, every_key, hold, hold),
            Node("person", HOLD, (Say("chosen.person"),), HOLD_PASS, every_key, hold, hold),
            Node("hold", HOLD, (Say(SCRIPT),), HOLD_PASS, every_key, cannot_speak, hold),
            Node("call_back", HOLD, (Say("call_back.ask"),), 5, every_key | {keys.call_back: Go("agreed", (AgreeCallBack(),))}, hold, hold),
            Node("agreed", HOLD, (Say("promise.agreed"), Say("close.danger")), HOLD_PASS, every_key, hold, hold),
            Node("unreached", HOLD, (Say("promise.nobody"), Say("close.danger")), HOLD_PASS, every_key, hold, hold),
            # violence, minors, and whoever cannot speak: soft tones, any key is an answer
            Node("chosen_quiet", HOLD, (Say("chosen.{category}"),), HOLD_PASS, {}, cannot_speak, quiet),
            Node("quiet_hold", HOLD, (Say(SCRIPT),), HOLD_PASS, {}, cannot_speak, quiet),
            Node("asked_danger", HOLD, (Say("chosen.quiet"), Say("question.danger")), 6, {"1": Go("asked_near", (RaiseFlag("danger_now"),))}, Go("asked_near"), Go("asked_near")),
            Node("asked_near", HOLD, (Say("question.near"),), 6, {"1": Go("silent_hold", (RaiseFlag("somebody_near"),))}, Go("silent_hold"), Go("silent_hold")),
            Node("silent_hold", HOLD, (Say(SCRIPT),), HOLD_PASS, {}, Go("silent_hold"), Go("silent_hold")),
            Node("keyed_112", HOLD, (Say("chosen.keyed_112"),), HOLD_PASS, {}, cannot_speak, quiet),
            Node("unreached_quiet", HOLD, (Say("promise.nobody"), Say("close.danger"), Say("close.{category}")), HOLD_PASS, {}, cannot_speak, quiet),
            # after a conversation
            Node("room", ROOM),
            Node("lost", HOLD, (Say("room.lost"),), 10, {}, Go("hold", (ResumeRinging(),)), Go("hold", (ResumeRinging(),))),
            Node("ceiling", OVER, (Say("ended.ceiling"),)),
            Node("over", OVER),
        ),
        scripts={"hold": ORDINARY, "quiet_hold": QUIET, "silent_hold": QUIET},
        spoken_keys={
            "key_person": keys.person,
            "key_call_back": keys.call_back,
            "key_languages": keys.languages,
            "key_yes": "1",
            "key_no": "2",
        },
        menu=tuple((category.code, category.key) for category in profile.categories if category.spoken == "menu"),
    )  # fmt: skip


def responder_flow(_profile: Profile) -> Flow:
    """Return the responder's leg: whisper, the two keys, and what is said when somebody else was quicker."""
    accept, pass_on = Go("room", (Accept(),)), Go("passed", (PassOn(),))
    keys = {"1": accept, "2": pass_on}
    who_and_what = (Say("whisper.waiting"), Say("topic.{category}"), Say("whisper.language"), Say("whisper.extras"))

    return Flow(
        "responder",
        1,
        start="whisper",
        human="whisper",
        nodes=table(
            Node("whisper", HOLD, (*who_and_what, Say("whisper.keys")), 8, keys, Go("again"), Go("again")),
            Node("again", HOLD, (Say("whisper.again"),), 8, keys, Go("no_key"), Go("no_key")),
            # the social worker and the coordinators may be driving: 40 seconds in all
            Node("whisper_patient", HOLD, (*who_and_what, Say("whisper.keys")), 8, keys, Go("again_patient"), Go("again_patient")),
            Node("again_patient", HOLD, (Say("whisper.again"),), 6, keys, Go("drive"), Go("drive")),
            Node("drive", HOLD, (Say("whisper.drive"),), 9, keys, Go("no_key"), Go("no_key")),
            Node("passed", HOLD, (Say("whisper.passed"),), 4, {"1": accept}, Go("passed_on"), Go("passed_on")),
            Node("room", ROOM, (Say("whisper.accepted"),)),
            Node("passed_on", OVER),
            Node("no_key", OVER, (Say("whisper.no_key"),)),
            Node("lost", OVER, (Say("lost.colleague"), Say("lost.night"))),
            Node("lost_careful", HOLD, (Say("lost.social_worker"),), 6, {"1": Go("room", (Accept(),))}, Go("over"), Go("over")),
            Node("gone", OVER, (Say("caller.gone"),)),
            Node("thanks", OVER, (Say("after_call.thanks"),)),
            Node("over", OVER),
        ),
        spoken_keys={"key_accept": "1", "key_pass": "2"},
    )  # fmt: skip


def notice_flow(_profile: Profile) -> Flow:
    """Return the leg of a notice to a member of staff: said twice, confirmed by a key."""
    confirmed = Go("confirmed", (Confirm(),))
    return Flow(
        "notice",
        1,
        start="notice",
        human="notice",
        nodes=table(
            Node("notice", HOLD, (Say("notice.{kind}"),), 8, {"1": confirmed}, Go("repeated"), Go("repeated")),
            Node("repeated", HOLD, (Say("notice.{kind}"),), 8, {"1": confirmed}, Go("unheard"), Go("unheard")),
            Node("confirmed", OVER, (Say("notice.confirmed"),)),
            Node("unheard", OVER),
        ),
        spoken_keys={"key_accept": "1"},
    )
