"""Which damages to a flow or its words are found, and what sentence names each?"""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.check import flow_problems
from hotline.ivr.flows.main_v1 import caller_flow, responder_flow
from hotline.ivr.node_words import listeners_of, slots
from hotline.ivr.nodes import (
    NO_NUMBER,
    TYPED,
    Accept,
    AgreeCallBack,
    Flow,
    Go,
    Node,
    PassOn,
    Position,
    Say,
    WidenPlan,
)
from hotline.ivr.walk import walk
from hotline.profile import Profile
from tests.ivr.flows import (
    FLOWS,
    IGLESIAS,
    PROFILES,
    WORDINGS,
    changed,
    problems,
    twenty_times,
    with_node,
    with_prompt,
)

FLOW = caller_flow(IGLESIAS)
RESPONDER = responder_flow(IGLESIAS)


# single damages, and the sentence that names them


HOLD = FLOW.nodes["hold"]
LOST = FLOW.nodes["lost"]
AGREE = Go("agreed", (AgreeCallBack(),))
DAMAGES: Mapping[str, tuple[Flow, str]] = {
    "silence goes round": (
        with_node(
            changed(FLOW, "greeting", silence=Go("limbo")),
            Node("limbo", Position.HOLD, (), 5, {}, Go("limbo"), Go("limbo")),
        ),
        "node 'limbo': silence goes round without ringing",
    ),
    "a lost call is not rung for": (
        changed(FLOW, "lost", otherwise=Go("hold"), silence=Go("hold")),
        "node 'lost': silence goes round without ringing",
    ),
    "a lost call of violence waits in the loud hold": (
        replace(FLOW, quiet="hold"),
        "offers a call-back to a caller whose phone others may see",
    ),
    "an older call is not rung for": (replace(FLOW, rescue=()), "silence goes round without ringing"),
    "a call-back in the quiet hold": (
        changed(FLOW, "quiet_hold", keys={"8": AGREE}),
        "node 'quiet_hold', key 8 offers a call-back",
    ),
    "a call-back to a withheld number": (
        changed(FLOW, "hold", keys={**HOLD.keys, "8": AGREE}),
        "promises a call-back to a number that we do not know",
    ),
    "silence agrees": (
        changed(FLOW, "call_back", silence=AGREE),
        "node 'call_back' takes silence for a yes",
    ),
    "a voicemail accepts": (
        changed(RESPONDER, "whisper", otherwise=Go("room", (Accept(),))),
        "node 'whisper' takes any other key for a yes",
    ),
    "a voicemail enters the room": (
        changed(RESPONDER, "again", silence=Go("room")),
        "node 'again', silence must lead into the room if it accepts, and only then",
    ),
    "one accepts nothing": (
        changed(RESPONDER, "again", keys={"1": Go("no_key")}),
        "node 'again': 'whisper.again' in it names key 1, which does something else",
    ),
    "passed on for good": (
        changed(RESPONDER, "whisper", keys={**RESPONDER.nodes["whisper"].keys, "2": Go("over", (PassOn(),))}),
        "node 'whisper', key 2 passes on for good",
    ),
    "a key tells of a lost line": (
        changed(FLOW, "hold", keys={**HOLD.keys, "0": Go("lost", (WidenPlan(),))}),
        "node 'hold' leads to 'lost', which is said only when it is true",
    ),
    "a sign is overlooked": (
        changed(FLOW, "quiet_hold", otherwise=Go("quiet_hold")),
        "node 'quiet_hold', key 5 is not understood as 'I cannot speak'",
    ),
    "the whisper would not tell": (
        changed(FLOW, "hold", otherwise=Go("asked_danger")),
        "node 'hold', key 6 asks yes or no, and nobody is told",
    ),
    "a key that is no yes is forgotten": (
        changed(FLOW, "confirm", otherwise=Go("hold")),
        "node 'confirm', key 6 leaves a question open",
    ),
    "an unwarned yes": (
        changed(FLOW, "confirm_quiet", keys={"8": Go("agreed_quiet", (AgreeCallBack(),))}),
        "node 'confirm_quiet', key 8 offers a call-back to a caller whose phone others may see",
    ),
    "a number is keyed in for nothing": (
        changed(FLOW, "key_in", keys={TYPED: Go("typed"), NO_NUMBER: Go("number_refused")}),
        "node 'key_in' lets a number be keyed in and drops it",
    ),
    "a phone is kept for ever": (
        changed(RESPONDER, "again", silence=Go("whisper")),
        "node 'whisper': silence goes round for ever",
    ),
    "a whisper without keys": (
        changed(RESPONDER, "lost_careful", keys={}),
        "node 'lost_careful': no key accepts or confirms",
    ),
    "a seventh end": (
        with_node(
            changed(FLOW, "hold", keys={**HOLD.keys, "6": Go("bye")}), Node("bye", Position.OVER)
        ),
        "node 'bye' ends the call",
    ),
    "out of the hold": (
        changed(FLOW, "person", position=Position.GREETING),
        "leads out of the hold to 'person'",
    ),
    "no hold script": (
        replace(FLOW, scripts={"hold": FLOW.scripts["hold"], "quiet_hold": FLOW.scripts["quiet_hold"]}),
        "node 'silent_hold' says a hold script and has none",
    ),
    "a key that no telephone has": (
        changed(FLOW, "hold", keys={**HOLD.keys, "A": Go("person")}),
        "node 'hold' has the key 'A'",
    ),
    "two digits swapped": (
        changed(FLOW, "menu", keys={**HOLD.keys, "3": HOLD.keys["4"], "4": HOLD.keys["3"]}),
        "node 'menu': key 3 does not mean NAU",
    ),
    "the menu says another digit": (
        replace(FLOW, menu=(("VIO", "2"), ("MIN", "1"))),
        "node 'menu': 'menu.VIO' in it names key 2, which does something else",
    ),
    "a language says another digit": (
        changed(FLOW, "languages", says=(Say("language.press", {"key": "2"}, "en"),)),
        "node 'languages': 'language.press' in en names key 2",
    ),
    "an offer without its key": (
        changed(FLOW, "quiet_hold", says=(Say("hold.offer_call_back"),)),
        "'hold.offer_call_back' in it names key 8, which does something else",
    ),
    "a digit that the table does not have": (
        replace(FLOW, spoken_keys={}),
        "needs {key_call_back}; add it to spoken_keys",
    ),
    "a prompt without a rule": (
        changed(FLOW, "hold", says=(Say("hold.joke"),)),
        "'hold.joke', for which no rule is written",
    ),
    "words for a category that has none": (
        changed(FLOW, "unreached", says=(Say("close.{category}"),)),
        "node 'unreached' says 'close.ALL'",
    ),
    "a pass without end": (
        changed(FLOW, "welcome", seconds=30),
        "node 'welcome' lasts 57.5 s in it; at most 45 s",
    ),
    "a long greeting": (
        changed(FLOW, "greeting", seconds=6),
        "a silent caller waits 20.5 s in it for the first ring; at most 20 s",
    ),
    "a long whisper": (changed(RESPONDER, "drive", seconds=30), "node 'drive' lasts 35.0 s in it"),
}  # fmt: skip


@pytest.mark.parametrize(("flow", "sentence"), DAMAGES.values(), ids=DAMAGES)
def test_the_damage_is_named_with_its_node(flow: Flow, sentence: str) -> None:
    found = problems(flow)
    assert any(sentence in problem for problem in found), found
    assert all(problem.startswith(f"Flow {flow.name}") and problem.endswith(".") for problem in found)


# every prompt that can be said must be there, short, and with its digits


def said_by(flow: Flow, profile: Profile) -> list[tuple[str, str, bool]]:
    """Return every prompt that a flow can say, in each language, and whether it has a digit of its own."""
    walked = walk(flow, profile)
    heard_by = listeners_of(flow, profile, *WORDINGS[profile.source.parent.name])
    staff = (*(category.code for category in profile.categories), None)
    found = set()
    for node in flow.nodes.values():
        categories = walked.categories_at(node.name) if flow.scripts else staff
        for slot in slots(flow, node, profile, categories):
            for part in (part for way in slot.ways for part in way):
                spoken_in = heard_by.languages if part.language is None else (part.language,)
                found |= {(part.prompt, language, "key" in part.keys) for language in spoken_in}
    return sorted(found)


EVERY_PROMPT = [
    (profile, flow, *prompt)
    for profile in PROFILES
    for flow in FLOWS
    for prompt in said_by(FLOWS[flow](PROFILES[profile]), PROFILES[profile])
]


def after_change(name: str, flow_name: str, prompt: str, language: str, text: str | None) -> tuple[str, ...]:
    profile, (callers, staff) = PROFILES[name], WORDINGS[name]
    flow = FLOWS[flow_name](profile)
    if flow.scripts:
        return flow_problems(flow, profile, with_prompt(callers, language, prompt, text), staff)
    return flow_problems(flow, profile, callers, with_prompt(staff, language, prompt, text))


def test_the_flows_say_many_prompts() -> None:
    assert len(EVERY_PROMPT) > 300


@twenty_times
@given(st.sampled_from(EVERY_PROMPT))
def test_a_missing_prompt_is_found_in_each_language(which: tuple[str, str, str, str, bool]) -> None:
    _, _, prompt, language, _ = which
    found = after_change(*which[:4], None)
    assert any(f"in {language} lacks {prompt!r}" in problem for problem in found)


@twenty_times
@given(st.sampled_from(EVERY_PROMPT))
def test_a_prompt_that_is_too_long_is_found_in_each_language(which: tuple[str, str, str, str, bool]) -> None:
    found = after_change(*which[:4], "word " * 60)
    reason = "lacks" if which[3] == "lld" else "at most"  # no voice speaks Ladin: a text alone is not heard
    assert any(repr(which[2]) in problem and reason in problem for problem in found)


@twenty_times
@given(st.sampled_from([entry for entry in EVERY_PROMPT if entry[-1]]))
def test_a_menu_entry_with_a_digit_of_its_own_making_is_found(which: tuple[str, str, str, str, bool]) -> None:
    if which[3] == "lld":
        return  # Ladin is recorded: what a recording says cannot be read
    found = after_change(*which[:4], "one for this")
    assert any("does not say its digit" in problem for problem in found)
