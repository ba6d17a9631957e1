"""What does each call look like? The flow tables drawn as Mermaid diagrams, for docs/call_flow.md."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from hotline.ivr import diagram_words as about
from hotline.ivr.effect_words import effect_words
from hotline.ivr.engine import KEYED_112, QUESTIONS, QUESTIONS_QUIET, STILL_NOBODY
from hotline.ivr.flows.cover_v1 import cover_flow
from hotline.ivr.flows.handover_v1 import handover_flow
from hotline.ivr.flows.main_v1 import caller_flow, responder_flow
from hotline.ivr.flows.notice_v1 import notice_flow
from hotline.ivr.flows.presence_v1 import presence_flow
from hotline.ivr.flows.staff_v1 import staff_flow
from hotline.ivr.flows.telling_v1 import telling_flow
from hotline.ivr.nodes import (
    Flow,
    Go,
    Node,
    Position,
    ResumeRinging,
    Say,
    StartRinging,
)
from hotline.profile import Profile, load_profile

CALL_FLOW = Path(__file__).parents[2] / "docs" / "call_flow.md"

_AT_LEAST = 3
"""A key table is drawn once, as a menu, when this many nodes have it."""

_COLOURS = {
    Position.GREETING: "fill:#dbeafe,stroke:#1d4ed8,color:#111",
    Position.HOLD: "fill:#dcfce7,stroke:#15803d,color:#111",
    Position.ROOM: "fill:#fef9c3,stroke:#a16207,color:#111",
    Position.STAFF: "fill:#ede9fe,stroke:#6d28d9,color:#111",
    Position.OVER: "fill:#e5e7eb,stroke:#4b5563,color:#111",
}


def call_flow_page(profile: Profile) -> str:
    """Return docs/call_flow.md: an introduction, and each flow as diagrams and as a list of its words."""
    flows = (
        (about.CALLER, caller_flow(profile)),
        (about.RESPONDER, responder_flow(profile)),
        (about.NOTICE, notice_flow(profile)),
        (about.STAFF, staff_flow(profile)),
        (about.COVER, cover_flow(profile)),
        (about.HANDOVER, handover_flow(profile)),
        (about.PRESENCE, presence_flow(profile)),
        (about.TELLING, telling_flow(profile)),
    )
    parts = [
        about.INTRODUCTION.format(source=f"`profiles/{profile.source.parent.name}/{profile.source.name}`")
    ]
    for text, flow in flows:
        charts = f"\n{about.QUESTION}\n".join(f"```mermaid\n{chart}```\n" for chart in flowcharts(flow))
        parts.append(f"{text}\n{charts}\n{_words(flow)}")
    return "\n".join(parts)


def flowcharts(flow: Flow) -> tuple[str, ...]:
    """Return a flow as Mermaid flowcharts: the call, and the question when nobody was reached, if any."""
    call = _onward(flow, {flow.start, *flow.entered, KEYED_112, flow.redial, flow.redial_quiet})
    question = [name for name in flow.nodes if name not in call]
    first = _chart(flow, [name for name in flow.nodes if name in call], _entries(flow))
    return (first, _chart(flow, question, _question_entries(flow))) if question else (first,)


def _onward(flow: Flow, names: set[str]) -> set[str]:
    """Return the nodes that keys and silence lead to from these, and these."""
    found: set[str] = set()
    while names - found:
        found |= names
        exits = (go for name in names & flow.nodes.keys() for go in flow.nodes[name].exits)
        names = {to for go in exits for to in (go.to, go.if_withheld) if to}
    return found


def _chart(flow: Flow, names: list[str], entries: Iterator[str]) -> str:
    """Draw these nodes; keys with the same target share an arrow, other nodes are only named."""
    menu = _menu(flow)
    users = [name for name in names if _uses(flow.nodes[name], menu)]
    lines = [*entries, *(_shape(flow.nodes[name], name in users) for name in names)]
    if users and flow.start in names:
        lines += ['menu_keys>"a key of the menu"]', *_arrows("menu_keys", list(menu.items()))]
    for name in names:
        lines += _arrows(name, _ways_out(flow.nodes[name], menu if name in users else {}))
    lines += _colours(flow, names)
    return "\n    ".join(["flowchart TD", *lines]) + "\n"


def _shape(node: Node, has_menu: bool) -> str:
    label = f'"{node.name.replace("_", " ")}"'
    if has_menu:
        return f"{node.name}[[{label}]]"
    return f"{node.name}[{label}]" if node.exits else f"{node.name}([{label}])"


def _menu(flow: Flow) -> Mapping[str, Go]:
    """Return the keys that most nodes share, if enough of them do."""
    tables = {node.name: node.keys for node in flow.nodes.values() if node.keys}
    alike = Counter({name: sum(keys == other for other in tables.values()) for name, keys in tables.items()})
    for name, count in alike.most_common(1):
        if count >= _AT_LEAST and len(tables[name]) >= _AT_LEAST:
            return tables[name]
    return {}


def _uses(node: Node, menu: Mapping[str, Go]) -> bool:
    """Most keys of the menu work here; the others are drawn at the node itself."""
    return 2 * sum(_is_menu(go, menu.get(key)) for key, go in node.keys.items()) > max(1, len(menu))


def _is_menu(go: Go, usual: Go | None) -> bool:
    """A key of the menu may do more than usual: at the question it is also a no."""
    return usual is not None and go.to == usual.to and set(usual.does) <= set(go.does)


def _ways_out(node: Node, menu: Mapping[str, Go]) -> list[tuple[str, Go]]:
    ways = [(key, go) for key, go in node.keys.items() if not _is_menu(go, menu.get(key))]
    if node.otherwise is not None and node.otherwise == node.silence:
        return [*ways, ("another key or silence" if node.keys else "any key or silence", node.otherwise)]
    if node.otherwise is not None:
        ways.append(("another key" if node.keys else "any key", node.otherwise))
    return ways if node.silence is None else [*ways, ("silence", node.silence)]


def _arrows(start: str, ways: list[tuple[str, Go]]) -> Iterator[str]:
    labels: dict[tuple[str, str], list[str]] = {}
    for key, go in ways:
        line = "-.->" if key == "silence" else "-->"
        if any(isinstance(effect, StartRinging | ResumeRinging) for effect in go.does):
            line = "==>"
        brings = ", ".join(filter(None, map(effect_words, go.does)))
        labels.setdefault((go.to, line), []).append(f"{key} ({brings})" if brings else key)
        if go.if_withheld:
            labels.setdefault((go.if_withheld, line), []).append(f"{key} from a withheld number")
    for (to, line), some in labels.items():
        yield f'{start} {line}|"{", ".join(some)}"| {to}'


def _entries(flow: Flow) -> Iterator[str]:
    """Where a call begins, and where the live call or the engine leads without a key of the table."""
    yield f'begins>"the phone is answered"] --> {flow.start}'
    if flow.redial:
        yield f'again>"the same number again"] --> {flow.redial} & {flow.redial_quiet}'
    if flow.entered:
        yield f'live>"the live call"] -.-> {" & ".join(sorted(flow.entered))}'
    if flow.scripts:
        yield f'anywhere>"at any moment"] ==>|"1 1 2"| {KEYED_112}'
        yield f'{" & ".join(flow.scripts)} -.->|"nobody was reached"| question'
        yield 'question(["the question, below"])'


def _question_entries(flow: Flow) -> Iterator[str]:
    """The engine asks once when nobody was reached; where the hold is quiet, in other words."""
    for start, where, (asked, withheld), before in (
        ("from_hold", f"nobody was reached, {flow.human.replace('_', ' ')}", QUESTIONS, STILL_NOBODY),
        ("from_quiet", "nobody was reached, quiet hold", QUESTIONS_QUIET, f"{STILL_NOBODY}_quiet"),
    ):
        yield f'{start}>"{where}"] -.-> {asked}'
        yield f'{start} -.->|"a withheld number"| {withheld}'
        yield f'{start} -.->|"asked before"| {before}'


def _colours(flow: Flow, names: list[str]) -> Iterator[str]:
    for position, colour in _COLOURS.items():
        alike = [name for name in names if flow.nodes[name].position is position]
        if alike:
            yield f"classDef at_{position} {colour}"
            yield f"class {','.join(alike)} at_{position}"


def _words(flow: Flow) -> str:
    """Return a table of what each node says and how long it listens, and of the hold's sentences."""
    lines = ["| Node | Says | Listens |", "|---|---|---|"]
    for node in flow.nodes.values():
        said = ", ".join(f"`{say.prompt}`" + _only(say) for say in node.says) or "nothing"
        listens = "" if not node.exits else f"{node.seconds} s" if node.seconds else "until the next pass"
        lines.append(f"| {node.name.replace('_', ' ')} | {said} | {listens} |")
    for name, script in flow.scripts.items():
        times = (
            f"after {one.after} s {' '.join(f'`{prompt}`' for prompt in one.prompts)}"
            for one in script.sentences
        )
        lines += ["", f"`script` at {name.replace('_', ' ')}: a {script.tone} tone; {'; '.join(times)};"]
        lines.append(f"then every {script.every} s `{script.then}`.")
    return "\n".join(lines) + "\n"


def _only(say: Say) -> str:
    if say.language is not None:
        return f" ({say.language})"
    return f" (only {', '.join(sorted(say.only))})" if say.only is not None else ""


def write_call_flow(path: Path = CALL_FLOW) -> None:
    """Draw the shipped profile's flows into docs/call_flow.md."""
    path.write_text(call_flow_page(load_profile()), encoding="utf-8")


if __name__ == "__main__":
    write_call_flow()
