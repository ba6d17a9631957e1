"""What happens in a call? The caller's leg and the responder's leg, whole, on one screen each."""
# ruff: noqa: E501 - one node is one line, so that a call can be read as a table

from hotline.ivr.flows.promise_v1 import promise_nodes, quiet_promise_nodes
from hotline.ivr.flows.room_v1 import ROOM_ENTRIES, ROOM_KEYS, room_nodes
from hotline.ivr.nodes import (
    MENU,
    SCRIPT,
    Accept,
    AgreeCallBack,
    ChooseCategory,
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
        one.key: Go("chosen_quiet" if one.careful else "chosen", (ChooseCategory(one.code), ring))
        for one in profile.categories
    }
    keys = profile.keys
    others = [language for language in profile.languages if language.key is not None]
    every_key = categories | {
        keys.person: person,
        keys.call_back: Go("call_back", (ring,), if_withheld="person"),
        **({keys.languages: Go("languages", (ring,))} if others else {}),
    }
    names = tuple(Say("language.own_name", language=language.code) for language in others)
    nine = (Say("greeting.digit", language=others[0].code),) if others else ()
    asked = tuple(Say("language.press", {"key": o.key or ""}, o.code) for o in others)
    chosen_language = {o.key or "": Go("welcome", (SpeakLanguage(o.code),)) for o in others}
    hold, quiet, again = Go("hold"), Go("quiet_hold"), Go("hold", (ResumeRinging(),))
    careful = any(category.careful for category in profile.categories)
    closes = frozenset(one.code for one in profile.categories if one.careful or one.closing_number)

    return Flow(
        "caller",
        1,
        start="greeting",
        human="hold",
        quiet="quiet_hold",
        rescue=(ring,),
        redial="ringing_again",
        redial_quiet="ringing_again_quiet",
        entered=frozenset({"room", "lost", "ended", "offended", "ceiling", "over"}),
        nodes=table(
            # name, where, what is said, seconds we listen, keys, any other key, no key
            Node("ringing_again", GREETING, (Say("greeting.danger"), Say("redial.connecting")), 1, every_key, person, Go("hold", (ring,))),
            Node("ringing_again_quiet", GREETING, (Say("greeting.danger"), Say("redial.connecting")), 1, {}, Go("asked_danger", (RaiseFlag("cannot_speak"), ring)), Go("quiet_hold", (ring,))),
            Node("greeting", GREETING, (Say("greeting.danger"), Say("greeting.stay")), 1, every_key, person, Go("menu", (ring,))),
            Node("menu", HOLD, (*names, *nine, Say(MENU)), 4, every_key, person, hold),
            Node("languages", HOLD, asked, 5, every_key | chosen_language, hold, hold) if others else None,
            Node("welcome", HOLD, (Say("greeting.danger"), Say("greeting.stay"), Say(MENU)), 4, every_key, person, hold) if others else None,
            Node("chosen", HOLD, (Say("chosen.{category}"),), HOLD_PASS, every_key, hold, hold),
            Node("person", HOLD, (Say("chosen.person"),), HOLD_PASS, every_key, hold, hold),
            Node("hold", HOLD, (Say(SCRIPT),), HOLD_PASS, every_key, cannot_speak, hold),
            Node("call_back", HOLD, (Say("call_back.ask"),), 5, every_key | {keys.call_back: Go("agreed", (AgreeCallBack(),))}, hold, hold),
            *promise_nodes(keys.call_back, every_key, closes),
            # violence, minors, and whoever cannot speak: soft tones, any key is an answer
            Node("chosen_quiet", HOLD, (Say("chosen.{category}"),), HOLD_PASS, {}, cannot_speak, quiet) if careful else None,
            Node("quiet_hold", HOLD, (Say(SCRIPT),), HOLD_PASS, {}, cannot_speak, quiet),
            Node("asked_danger", HOLD, (Say("chosen.quiet"), Say("question.danger")), 6, {"1": Go("asked_near", (RaiseFlag("danger_now"),)), "2": Go("asked_near")}, Go("asked_near"), Go("asked_near")),
            Node("asked_near", HOLD, (Say("question.near"),), 6, {"1": Go("silent_hold", (RaiseFlag("somebody_near"),)), "2": Go("silent_hold")}, Go("silent_hold"), Go("silent_hold")),
            Node("silent_hold", HOLD, (Say(SCRIPT),), HOLD_PASS, {}, Go("silent_hold"), Go("silent_hold")),
            Node("keyed_112", HOLD, (Say("chosen.keyed_112"),), HOLD_PASS, {}, cannot_speak, quiet),
            *quiet_promise_nodes(keys.call_back, cannot_speak, closes),
            # after a conversation
            Node("room", ROOM),
            Node("lost", HOLD, (Say("room.lost"),), 10, {}, again, again),
            Node("ended", OVER, (Say("ended.by_responder"),)),
            Node("offended", OVER, (Say("ended.offensive"),)),
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
    topic = Say("topic.{category}", if_none="topic.none")
    who_and_what = (Say("whisper.waiting"), topic, Say("whisper.language"), Say("whisper.extras"))

    return Flow(
        "responder",
        1,
        start="whisper",
        human="whisper",
        entered=ROOM_ENTRIES | {"whisper_patient", "room", "lost", "lost_careful", "gone", "thanks", "over"},
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
            *room_nodes(),
        ),
        spoken_keys={"key_accept": "1", "key_pass": "2"} | ROOM_KEYS,
    )  # fmt: skip
