"""Does docs/call_flow.md show the calls as they are?"""

import re
from pathlib import Path

import pytest

from hotline.ivr.diagram import CALL_FLOW, call_flow_page, flowcharts, write_call_flow
from hotline.ivr.flows.cover_v1 import cover_flow
from hotline.ivr.flows.handover_v1 import handover_flow
from hotline.ivr.flows.main_v1 import caller_flow, responder_flow
from hotline.ivr.flows.notice_v1 import notice_flow
from hotline.ivr.flows.presence_v1 import presence_flow
from hotline.ivr.flows.staff_v1 import staff_flow
from hotline.ivr.flows.telling_v1 import telling_flow
from hotline.ivr.nodes import Flow, Go, Node, Position
from hotline.profile import SHIPPED, load_profile

IGLESIAS = load_profile(SHIPPED / "iglesias")
VALDOMBRA = load_profile(SHIPPED / "valdombra")
FLOWS = {
    f"{profile.source.parent.name} {build(profile).name}": build(profile)
    for profile in (IGLESIAS, VALDOMBRA)
    for build in (
        *(caller_flow, responder_flow, notice_flow, staff_flow, cover_flow),
        *(handover_flow, presence_flow, telling_flow),
    )
}
EVERY_FLOW = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)

NAME = r"[a-z][a-z0-9_]*"
NODES = rf"{NAME}(?: & {NAME})*"
SHAPE = rf'{NAME}(?:\["[^"]*"\]|\[\["[^"]*"\]\]|\(\["[^"]*"\]\)|>"[^"]*"\])'
ARROW = r'(?:-->|==>|-\.->)(?:\|"[^"|]*"\|)?'
LINES = (
    SHAPE,
    rf"(?:{SHAPE}|{NODES}) {ARROW} {NODES}",
    rf"classDef {NAME} [a-z]+:#[0-9a-f]+(?:,[a-z]+:#[0-9a-f]+)*",
    rf"class {NAME}(?:,{NAME})* {NAME}",
)


def drawn(flow: Flow) -> list[tuple[str, str, str]]:
    """Return the arrows of a flow: where each starts, what is written on it, and where it leads."""
    chart = "".join(flowcharts(flow))
    found = re.findall(rf'^ +({NODES}) (?:-->|==>|-\.->)\|"([^"]*)"\| ({NODES})$', chart, re.MULTILINE)
    return [(one, label, end) for start, label, end in found for one in start.split(" & ")]


def test_the_page_is_not_stale() -> None:
    assert CALL_FLOW.read_text(encoding="utf-8") == call_flow_page(IGLESIAS), "run `make diagram`"


def test_drawing_again_writes_the_same_page(tmp_path: Path) -> None:
    write_call_flow(tmp_path / "call_flow.md")
    assert (tmp_path / "call_flow.md").read_bytes() == CALL_FLOW.read_bytes()


def test_the_page_introduces_each_flow_and_the_question() -> None:
    page = call_flow_page(IGLESIAS)
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == [
        "The caller",
        "The responder",
        "An alarm",
        "The staff door",
        "Somebody cannot",
        "The hand-over",
        "Are you there?",
        "Told about the rota",
    ]
    assert page.count("```mermaid\nflowchart TD\n") == 9


@EVERY_FLOW
def test_every_line_is_mermaid(flow: Flow) -> None:
    for chart in flowcharts(flow):
        first, *lines = chart.splitlines()
        assert first == "flowchart TD"
        for line in lines:
            assert any(re.fullmatch(f" +{kind}", line) for kind in LINES), line


@EVERY_FLOW
def test_every_way_out_is_drawn_where_it_leads(flow: Flow) -> None:
    arrows = drawn(flow)
    for node in flow.nodes.values():
        for key, go in node.keys.items():
            starts = {start for start, label, end in arrows if end == go.to and says(label, key)}
            assert starts & {node.name, "menu_keys"}, (node.name, key)
        for kind, way in (("silence", node.silence), ("key", node.otherwise)):
            ends = [end for start, label, end in arrows if start == node.name and kind in label]
            assert way is None or way.to in ends, (node.name, kind)


def says(label: str, key: str) -> bool:
    return key in [word.split(" (")[0] for word in label.split(", ")]


def test_a_withheld_number_is_drawn_with_its_own_end() -> None:
    labels = {end: label for start, label, end in drawn(caller_flow(IGLESIAS)) if start == "menu_keys"}
    assert "8 from a withheld number" in labels["person"]
    assert labels["call_back"] == "8"


def test_keys_with_the_same_end_share_an_arrow() -> None:
    arrows = drawn(caller_flow(IGLESIAS))
    assert ("menu_keys", "1 (VIO), 2 (MIN)", "chosen_quiet") in arrows
    assert ("languages", "1 (en), 2 (fr), 3 (ro), 4 (ar)", "welcome") in arrows


def test_a_flow_without_a_menu_is_drawn_too() -> None:
    node = Node("only", Position.HOLD, (), 5, {"1": Go("only")}, Go("only"), Go("only"))
    small = Flow("small", 1, "only", {"only": node}, "only")
    assert drawn(small) == [("only", "1, another key or silence", "only")]
