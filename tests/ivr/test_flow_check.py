"""Do the shipped flows keep their promises, and would every small damage to a table be found?"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.tables import calls, legs
from hotline.ivr.check import CALLERS_ENDS
from hotline.ivr.flows.main_v1 import caller_flow, responder_flow
from hotline.ivr.nodes import Flow, Go, Node, Position, StartRinging
from hotline.ivr.prompt_rules import wording_problems
from hotline.profile import Language, Profile
from tests.ivr.flows import (
    EVERY_FLOW,
    EVERY_PROFILE,
    FLOWS,
    IGLESIAS,
    WORDINGS,
    Build,
    changed,
    problems,
    twenty_times,
    with_node,
)

# the shipped flows


@EVERY_PROFILE
@EVERY_FLOW
def test_the_shipped_flows_keep_their_promises(build: Build, profile: Profile) -> None:
    assert problems(build(profile), profile) == ()


@pytest.mark.parametrize(
    "profile",
    [
        replace(IGLESIAS, languages=(Language("it"),)),
        replace(IGLESIAS, categories=tuple(c for c in IGLESIAS.categories if not c.careful)),
        replace(IGLESIAS, languages=(Language("en"), Language("it", "1"))),
        replace(IGLESIAS, languages=(Language("fr"), Language("ar", "9"))),
    ],
    ids=["one language", "no grave category", "English first", "9 twice"],
)
def test_smaller_profiles_keep_them_too(profile: Profile) -> None:
    for build in FLOWS.values():
        assert problems(build(profile), profile) == ()


@EVERY_PROFILE
@EVERY_FLOW
def test_the_name_of_every_node_can_be_stored(build: Build, profile: Profile) -> None:
    # SQLite would take a longer one; PostgreSQL refuses it, and the turn with it.
    longest = min(calls.c.node.type.length, legs.c.node.type.length)
    assert [name for name in build(profile).nodes if len(name) > longest] == []


@EVERY_PROFILE
def test_the_rules_of_the_wording_hold_as_well(profile: Profile) -> None:
    assert wording_problems(*WORDINGS[profile.source.parent.name], profile) == ()


# every small damage to a table is found


def exits(node: Node) -> Iterator[tuple[str, Go]]:
    yield from node.keys.items()
    for name, go in (("otherwise", node.otherwise), ("silence", node.silence)):
        if go is not None:
            yield name, go


def with_exit(flow: Flow, node: Node, exit_name: str, go: Go | None) -> Flow:
    """Lead one exit elsewhere, or take it away."""
    if exit_name in ("otherwise", "silence"):
        return changed(flow, node.name, **{exit_name: go})
    keys = {key: old for key, old in node.keys.items() if key != exit_name}
    return changed(flow, node.name, keys=keys if go is None else {**keys, exit_name: go})


def every_exit(flow: Flow) -> list[tuple[Node, str, Go]]:
    return [(node, name, go) for node in flow.nodes.values() for name, go in exits(node)]


@EVERY_PROFILE
@EVERY_FLOW
def test_an_exit_into_nowhere_is_found_wherever_it_is(build: Build, profile: Profile) -> None:
    flow = build(profile)
    for node, name, go in every_exit(flow):
        found = problems(with_exit(flow, node, name, replace(go, to="nowhere")), profile)
        assert any(f"{node.name!r} leads to 'nowhere'" in problem for problem in found), (node.name, name)


@EVERY_PROFILE
@EVERY_FLOW
def test_a_dropped_exit_for_silence_or_other_keys_is_found(build: Build, profile: Profile) -> None:
    flow = build(profile)
    for node, name, _ in every_exit(flow):
        if name in ("otherwise", "silence"):
            found = problems(with_exit(flow, node, name, None), profile)
            assert any(repr(node.name) in problem and "no way out" in problem for problem in found)


@EVERY_PROFILE
@EVERY_FLOW
def test_a_missing_node_is_found(build: Build, profile: Profile) -> None:
    flow = build(profile)
    for name in flow.nodes:
        others = {key: node for key, node in flow.nodes.items() if key != name}
        assert any(repr(name) in problem for problem in problems(replace(flow, nodes=others), profile)), name


@EVERY_PROFILE
@EVERY_FLOW
def test_a_node_that_nobody_reaches_is_found(build: Build, profile: Profile) -> None:
    flow = build(profile)
    lonely = Node("lonely", Position.HOLD, (), 5, {}, Go(flow.start), Go(flow.start))
    assert any(
        "'lonely' is never reached" in problem for problem in problems(with_node(flow, lonely), profile)
    )


FLOW = caller_flow(IGLESIAS)
RESPONDER = responder_flow(IGLESIAS)


@twenty_times
@given(st.sampled_from([(node, name) for node, name, _ in every_exit(FLOW)]))
def test_a_dropped_key_of_the_caller_is_found(which: tuple[Node, str]) -> None:
    node, name = which
    assert problems(with_exit(FLOW, node, name, None))


@twenty_times
@given(st.sampled_from(every_exit(FLOW)), st.sampled_from(sorted(CALLERS_ENDS)))
def test_an_exit_that_ends_the_call_is_found(which: tuple[Node, str, Go], end: str) -> None:
    node, name, go = which
    found = problems(with_exit(FLOW, node, name, replace(go, to=end)))
    assert any(f"{node.name!r} leads to {end!r}" in problem for problem in found)


@twenty_times
@given(st.sampled_from([exit_ for exit_ in every_exit(FLOW) if exit_[0].name == "greeting"]))
def test_a_greeting_that_does_not_ring_is_found(which: tuple[Node, str, Go]) -> None:
    node, name, go = which
    silent = replace(go, does=tuple(effect for effect in go.does if effect != StartRinging()))
    found = problems(with_exit(FLOW, node, name, silent))
    assert any("ringing" in problem or "no phone rings" in problem for problem in found)
