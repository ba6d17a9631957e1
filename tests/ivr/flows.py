"""Which flows are checked, with which words, and how is one damaged?"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import settings

from hotline.ivr.check import flow_problems
from hotline.ivr.flows.cover_v1 import cover_flow
from hotline.ivr.flows.drill_v1 import drill_flow
from hotline.ivr.flows.handover_v1 import handover_flow
from hotline.ivr.flows.main_v1 import caller_flow, responder_flow
from hotline.ivr.flows.notice_v1 import notice_flow
from hotline.ivr.flows.presence_v1 import presence_flow
from hotline.ivr.flows.staff_v1 import staff_flow
from hotline.ivr.flows.telling_v1 import telling_flow
from hotline.ivr.nodes import Flow, Node
from hotline.ivr.prompts import CALLERS, STAFF, Wording, load_wording
from hotline.ivr.wording_files import Prompt
from hotline.profile import SHIPPED, Profile, load_profile

IGLESIAS = load_profile(SHIPPED / "iglesias")
VALDOMBRA = load_profile(SHIPPED / "valdombra")
PROFILES = {"iglesias": IGLESIAS, "valdombra": VALDOMBRA}
Build = Callable[[Profile], Flow]
FLOWS: dict[str, Build] = {
    "caller": caller_flow,
    "responder": responder_flow,
    "notice": notice_flow,
    "cover": cover_flow,
    "handover": handover_flow,
    "presence": presence_flow,
    "telling": telling_flow,
    "staff": staff_flow,
    "drill": drill_flow,
}
EVERY_PROFILE = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
EVERY_FLOW = pytest.mark.parametrize("build", FLOWS.values(), ids=FLOWS)


twenty_times = settings(max_examples=20, deadline=None)


def wordings(profile: Profile) -> tuple[Wording, Wording]:
    own = profile.wording_folder
    return (
        load_wording(CALLERS, own / "callers" if own else None),
        load_wording(STAFF, own / "staff" if own else None),
    )


WORDINGS = {name: wordings(profile) for name, profile in PROFILES.items()}


def problems(flow: Flow, profile: Profile = IGLESIAS) -> tuple[str, ...]:
    callers, staff = WORDINGS[profile.source.parent.name]
    return flow_problems(flow, profile, callers, staff)


def with_node(flow: Flow, node: Node) -> Flow:
    return replace(flow, nodes={**flow.nodes, node.name: node})


def changed(flow: Flow, name: str, **changes: object) -> Flow:
    return with_node(flow, replace(flow.nodes[name], **changes))  # type: ignore[arg-type]  # any field


def with_prompt(wording: Wording, language: str, prompt: str, text: str | None) -> Wording:
    """Change one prompt, or take it away."""
    spoken = wording.languages[language]
    prompts = {key: value for key, value in spoken.prompts.items() if key != prompt}
    if text is not None:
        prompts[prompt] = Prompt(text)
    return replace(wording, languages={**wording.languages, language: replace(spoken, prompts=prompts)})
