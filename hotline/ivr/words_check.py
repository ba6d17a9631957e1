"""Is every word of a flow there, short enough, and true to its keys, in every language?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from hotline.ivr.node_words import Listeners, Part, Slot, slots
from hotline.ivr.nodes import (
    Accept,
    CallColleague,
    CallPerson,
    CheckIn,
    CheckOut,
    ChooseCategory,
    Confirm,
    Flow,
    Go,
    Node,
    PassOn,
    RaiseFlag,
    Report,
    SpeakLanguage,
    TakeOwed,
    WidenPlan,
)
from hotline.ivr.prompt_rules import heard_seconds, longest_values, prompt_problems
from hotline.ivr.prompts import Value, Wording, placeholders
from hotline.ivr.walk import NO_KEY, Place, Walk
from hotline.profile import Profile

FIRST_RING_SECONDS = 20.0
"""A silent caller hears the first phone being rung this soon after the first word."""

LONGEST_HOLD_PASS = 8.0
"""The most seconds that the live call listens where the flow leaves it to decide."""

_PROMISED = {
    "key_accept": (Accept, Confirm, CallPerson),
    "key_done": (Report,),
    "key_retry": (Report,),
    "key_wrong": (Report,),
    "key_pass": (PassOn,),
    "key_person": (WidenPlan,),
    "key_yes": (RaiseFlag,),
    "key_follow_ups": (TakeOwed,),
    "key_speak": (CallColleague,),
    "key_check_in": (CheckIn,),
    "key_check_out": (CheckOut,),
}
"""What a key must bring about that a prompt names so."""


def words_problems(flow: Flow, profile: Profile, walked: Walk, heard_by: Listeners) -> Iterator[str]:
    """Yield what is wrong with the words of a flow; its table must be sound."""
    staff = (*(category.code for category in profile.categories), None)
    said = {
        node.name: slots(flow, node, profile, walked.categories_at(node.name) if flow.scripts else staff)
        for node in flow.nodes.values()
    }
    missing = list(_prompt_problems(flow, profile, said, heard_by))
    yield from missing
    if missing:
        return
    for name, node_slots in said.items():
        yield from _digit_problems(flow, flow.nodes[name], node_slots, heard_by)
    lasting = {
        (name, language): _seconds(flow, node_slots, language, profile, heard_by)
        for name, node_slots in said.items()
        for language in heard_by.languages
    }
    yield from _length_problems(flow, lasting, heard_by)
    yield from _first_ring_problems(flow, walked, lasting, heard_by)


def _parts(node_slots: Iterable[Slot]) -> Iterator[Part]:
    return (part for slot in node_slots for way in slot.ways for part in way)


def _prompt_problems(
    flow: Flow, profile: Profile, said: Mapping[str, tuple[Slot, ...]], heard_by: Listeners
) -> Iterator[str]:
    """Every prompt has a rule, is there in every language in which it is said, and keeps its rule."""
    for name, node_slots in said.items():
        for part in dict.fromkeys((part.prompt, part.language) for part in _parts(node_slots)):
            prompt, language = part
            if prompt not in heard_by.rules:
                yield (
                    f"Flow {flow.name}, node {name!r} says {prompt!r}, for which no rule is written; "
                    "add it to prompt_rules.py."
                )
                continue
            rule = {prompt: replace(heard_by.rules[prompt], required=True)}
            languages = heard_by.languages if language is None else (language,)
            for problem in prompt_problems(heard_by.wording, languages, rule, profile):
                yield f"Flow {flow.name}, node {name!r} says {prompt!r}. {problem} Mend that wording file."


def _digit_problems(
    flow: Flow, node: Node, node_slots: tuple[Slot, ...], heard_by: Listeners
) -> Iterator[str]:
    """Every digit that is spoken comes from the table, and does there what the words say."""
    where = f"Flow {flow.name}, node {node.name!r}"
    for part in _parts(node_slots):
        digits = {**flow.spoken_keys, **part.keys}
        for language in heard_by.languages if part.language is None else (part.language,):
            named = _keys_named(heard_by.wording, language, part.prompt)
            if "key" in part.keys and named is not None and "key" not in named:
                yield f"{where}: {part.prompt!r} in {language} does not say its digit; write {{key}} into it."
            for name in sorted(named or ()):
                if name not in digits:
                    yield f"{where}: {part.prompt!r} in {language} needs {{{name}}}; add it to spoken_keys."
                elif not _does(node.keys.get(digits[name]), name, part):
                    yield (
                        f"{where}: {part.prompt!r} in {language} names key {digits[name]}, which does "
                        "something else there; give the node that key, or leave the prompt out."
                    )


def _keys_named(wording: Wording, language: str, prompt: str) -> frozenset[str] | None:
    """Return the digits that a prompt names; None where a recording may name any."""
    _, found = wording.find(language, prompt)
    named = placeholders(" ".join(found.audio) if found.audio else found.text)
    keys = frozenset(name for name in named if name.startswith("key"))
    return None if found.audio and not keys else keys


def _does(go: Go | None, name: str, part: Part) -> bool:
    """Tell whether an exit exists, and does what the name of the key or the prompt promises."""
    if go is None or not any(isinstance(effect, _PROMISED.get(name, object)) for effect in (*go.does, go)):
        return False
    if part.prompt.startswith("menu."):
        return ChooseCategory(part.prompt.removeprefix("menu.")) in go.does
    return part.prompt != "language.press" or SpeakLanguage(part.language or "") in go.does


def _seconds(
    flow: Flow, node_slots: tuple[Slot, ...], language: str, profile: Profile, heard_by: Listeners
) -> float:
    """Return how long a node speaks at the longest, in one language."""

    digits: dict[str, Value] = dict(flow.spoken_keys)
    usual = {
        spoken_in: longest_values(profile, spoken_in) for spoken_in in {language, *_spoken_in(node_slots)}
    }

    def lasts(way: tuple[Part, ...]) -> float:
        total = 0.0
        for part in way:
            spoken_in = part.language or language
            values = usual[spoken_in] | digits | dict(part.keys)
            total += heard_seconds(heard_by.wording, spoken_in, (part.prompt,), values)
        return total

    longest = (sorted(map(lasts, slot.ways), reverse=True)[: slot.at_most] for slot in node_slots)
    return sum(seconds for some in longest for seconds in some)


def _spoken_in(node_slots: Iterable[Slot]) -> set[str]:
    return {part.language for part in _parts(node_slots) if part.language is not None}


def _length_problems(
    flow: Flow, lasting: Mapping[tuple[str, str], float], heard_by: Listeners
) -> Iterator[str]:
    for (name, language), speech in lasting.items():
        seconds = speech + _listening(flow.nodes[name])
        if seconds > heard_by.longest_pass:
            yield (
                f"Flow {flow.name}, node {name!r} lasts {seconds:.1f} s in {language}; at most "
                f"{heard_by.longest_pass:.0f} s: shorten its prompts or its listening."
            )


def _first_ring_problems(
    flow: Flow, walked: Walk, lasting: Mapping[tuple[str, str], float], heard_by: Listeners
) -> Iterator[str]:
    """The first phone rings soon, whichever language a profile were to put first."""
    silent = {move.here: move.there for move in walked.moves if move.key == NO_KEY}
    greetings = {flow.start: False, flow.redial: False, flow.redial_quiet: True}
    for name, careful in greetings.items():
        path, place = [], Place(name, careful=careful)
        while flow.scripts and not place.ringing and place in silent and place.node not in path:
            path.append(place.node)
            place = silent[place]
        yield from _late_rings(flow, path, lasting, heard_by)


def _late_rings(
    flow: Flow, path: list[str], lasting: Mapping[tuple[str, str], float], heard_by: Listeners
) -> Iterator[str]:
    for language in heard_by.languages:
        seconds = sum(lasting[name, language] + _listening(flow.nodes[name]) for name in path)
        if seconds > FIRST_RING_SECONDS:
            yield (
                f"Flow {flow.name}: a silent caller waits {seconds:.1f} s in {language} for the first ring; "
                f"at most {FIRST_RING_SECONDS:.0f} s: shorten {' and '.join(path)}."
            )


def _listening(node: Node) -> float:
    return node.seconds or (LONGEST_HOLD_PASS if node.exits else 0.0)
