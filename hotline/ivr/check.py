"""Does a call flow keep its promises: no way out missing, no trap, a person from everywhere?"""

from collections.abc import Iterator
from itertools import chain

from hotline.ivr.engine import CALLERS_KEYS, CANNOT_SPEAK, KEYED_112
from hotline.ivr.engine import NOBODY_REACHED as TOLD_THEN
from hotline.ivr.node_words import listeners_of
from hotline.ivr.nodes import (
    NO_NUMBER,
    SCRIPT,
    TYPED,
    Accept,
    AgreeCallBack,
    CallColleague,
    CallPerson,
    ChooseCategory,
    Confirm,
    Decline,
    Effect,
    Flow,
    Go,
    KeepNumber,
    Node,
    OfferShift,
    OpenDoor,
    PassOn,
    Position,
    RaiseFlag,
    Report,
    ResumeRinging,
    SpeakLanguage,
    StepDown,
    TakeOwed,
    TakeShift,
    WidenPlan,
)
from hotline.ivr.prompts import Wording
from hotline.ivr.walk import EMERGENCY, NO_KEY, NOBODY_REACHED, UNKNOWN_NODE, Move, Place, Walk, walk
from hotline.ivr.words_check import words_problems
from hotline.profile import Profile

CALLERS_ENDS = frozenset({"room", "ended", "offended", "ceiling", "over"})
"""Where a caller's leg may stand without a way out: talking, after an hour, and after the end."""

_ENGINES_OWN = TOLD_THEN | {KEYED_112}
_QUESTION = ("promise.ask", "promise.confirm", "promise.read_back", "promise.number_refused")
"""Where these are said, a key answers the question, and everything but a yes is a no."""

_YES_OR_NO = "question.danger"

_AT_THE_DOOR = (OpenDoor, TakeOwed, StepDown, CallColleague, OfferShift, TakeShift)
_ANSWERS = (Accept, CallPerson, Confirm, Report, *_AT_THE_DOOR)
_ON_PURPOSE = (*_ANSWERS, AgreeCallBack)


def flow_problems(
    flow: Flow, profile: Profile, callers_wording: Wording, staff_wording: Wording
) -> tuple[str, ...]:
    """Return one sentence for each broken promise of a flow: which flow, which node, and the remedy.

    A flow with a hold is a caller's, who must end with a person; any other must let a member of staff
    accept or confirm by a key, and must let go of a phone that nobody answers.
    """
    broken = tuple(chain(_names(flow), *(_ways_out(flow, node) for node in flow.nodes.values())))
    if broken:
        return broken  # what is played in a broken table proves nothing
    walked = walk(flow, profile)
    if flow.scripts:
        proofs = chain(_callers_moves(flow, walked), _no_trap(flow, walked), _same_keys(flow, profile))
    else:
        proofs = chain(_lets_go(flow, walked), _can_be_answered(flow, walked))
    heard_by = listeners_of(flow, profile, callers_wording, staff_wording)
    words = words_problems(flow, profile, walked, heard_by)
    return tuple(dict.fromkeys(chain(_reached(flow, walked), proofs, words)))


def _at(flow: Flow, name: str) -> str:
    return f"Flow {flow.name}, node {name!r}"


def _pressed(move: Move) -> str:
    return move.key if move.key in (NO_KEY, NOBODY_REACHED) else f"key {move.key}"


def _names(flow: Flow) -> Iterator[str]:
    """Every node that is entered by its name must be in the table."""
    entered = {
        "start": {flow.start},
        "human": {flow.human},
        "entered": flow.entered,
        "scripts": {*flow.scripts},
    }
    if flow.scripts:
        entered |= {"quiet": {flow.quiet}, "engine.py": _ENGINES_OWN}
        entered |= {"redial": {flow.redial, flow.redial_quiet} - {""}}
    for place, names in entered.items():
        for name in sorted(names - flow.nodes.keys()):
            yield f"{_at(flow, name)} is named by {place} and is not in the table; add it, or name another."


def _ways_out(flow: Flow, node: Node) -> Iterator[str]:
    """Every way out must lead somewhere, for any key and for none."""
    where = _at(flow, node.name)
    ends = {to for go in node.exits for to in (go.to, go.if_withheld) if to}
    for to in sorted(ends - flow.nodes.keys()):
        yield f"{where} leads to {to!r}, which is not in the table; add that node, or lead elsewhere."
    typed = {TYPED, NO_NUMBER} if node.typing else set()
    for key in sorted(node.keys.keys() - {*CALLERS_KEYS, *typed}):
        yield f"{where} has the key {key!r}, which no telephone has; use one of {CALLERS_KEYS}."
    kept = any(isinstance(effect, KeepNumber | OpenDoor) for effect in _does(node, TYPED))
    if node.typing and (NO_NUMBER not in node.keys or not kept):
        yield f"{where} lets a number be keyed in and drops it; keep it, and say when it is none."
    if any(say.prompt == SCRIPT for say in node.says) and node.name not in flow.scripts:
        yield f"{where} says a hold script and has none; add it to scripts."
    if flow.scripts:
        for to in sorted(ends & (flow.entered | _ENGINES_OWN)):
            yield f"{where} leads to {to!r}, which is said only when it is true; lead elsewhere."
    if node.exits:
        yield from _without_key(where, node)
    elif flow.scripts and node.name not in CALLERS_ENDS:
        yield f"{where} ends the call; give it ways out: only {', '.join(sorted(CALLERS_ENDS))} may end."


def _does(node: Node, key: str) -> tuple[Effect, ...]:
    return node.keys[key].does if key in node.keys else ()


def _without_key(where: str, node: Node) -> Iterator[str]:
    for kind, go in (("any other key", node.otherwise), ("silence", node.silence)):
        if go is None:
            yield f"{where} has no way out for {kind}; add one."
        elif any(isinstance(effect, _ON_PURPOSE) for effect in go.does):
            yield f"{where} takes {kind} for a yes; ask for a key of its own."


def _reached(flow: Flow, walked: Walk) -> Iterator[str]:
    reached = {place.node for place in walked.places} | _ENGINES_OWN
    for name in flow.nodes:
        if name not in reached:
            yield f"{_at(flow, name)} is never reached; lead to it, list it in entered, or take it out."


def _callers_moves(flow: Flow, walked: Walk) -> Iterator[str]:
    """Whatever a caller does, phones ring and nobody is hung up on or put at risk by a call-back."""
    for move in walked.moves:
        here, there = move.here, flow.nodes[move.there.node]
        where = f"{_at(flow, here.node)}, {_pressed(move)}"
        if move.key not in (NO_KEY, NOBODY_REACHED) and not move.there.ringing:
            yield f"{where}: no phone rings after it; start the ringing there."
        if move.key == EMERGENCY and there.name != KEYED_112:
            yield f"{where} leads to {there.name!r}; lead to {KEYED_112!r}: 112 is not dialled from here."
        if not there.exits:
            yield f"{where} ends the call at {there.name!r}; lead to a node with ways out."
        if move.there.ringing and there.position is not Position.HOLD and there.exits:
            yield f"{where} leads out of the hold to {there.name!r} while phones ring; stay in the hold."
        yield from (f"{where} {reason}" for reason in _at_risk(flow, move))


def _at_risk(flow: Flow, move: Move) -> Iterator[str]:
    here, there = move.here, move.there
    agrees = any(isinstance(effect, AgreeCallBack) for effect in move.does)
    unwarned = AgreeCallBack() in move.does
    if agrees and not (here.number_known or here.number_keyed):
        yield "promises a call-back to a number that we do not know; lead elsewhere if it is withheld."
    script = flow.scripts.get(there.node)
    offers = script is not None and any(sentence.needs_number for sentence in script.sentences)
    if there.careful and (unwarned or offers):
        yield "offers a call-back to a caller whose phone others may see; lead to the quiet hold."
    heeded = RaiseFlag(CANNOT_SPEAK) in move.does or ResumeRinging() in move.does
    asks, asks_on = (_asks(flow.node(place.node)) for place in (here, there))
    if here.careful and not here.cannot_speak and not heeded and not asks and len(move.key) == 1:
        yield "is not understood as 'I cannot speak'; raise that flag."
    if not there.cannot_speak and any(say.prompt == _YES_OR_NO for say in flow.node(there.node).says):
        yield "asks yes or no, and nobody is told that the caller cannot speak; raise that flag."
    if asks and not asks_on and not agrees and Decline() not in move.does and move.key != EMERGENCY:
        yield "leaves a question open; whatever is not a yes must decline."


def _asks(node: Node) -> bool:
    return any(say.prompt.startswith(_QUESTION) for say in node.says)


def _no_trap(flow: Flow, walked: Walk) -> Iterator[str]:
    """Staying silent leads from everywhere into the hold, with phones ringing."""
    silent = {move.here: move.there for move in walked.moves if move.key == NO_KEY}
    for start in silent:
        place, seen = start, {start}
        while place in silent and not (place.ringing and flow.nodes[silent[place].node].name in flow.scripts):
            place = silent[place]
            if place in seen:
                yield f"{_at(flow, start.node)}: silence goes round without ringing; start the ringing there."
                break
            seen.add(place)


def _same_keys(flow: Flow, profile: Profile) -> Iterator[str]:
    """Where one category can be chosen, every key of the menu works, and means what it means elsewhere."""
    for node in flow.nodes.values():
        if not any(isinstance(effect, ChooseCategory) for go in node.keys.values() for effect in go.does):
            continue
        for key, meaning in _meanings(profile).items():
            go = node.keys.get(key)
            if go is None or not _means(flow, go, key, meaning):
                yield f"{_at(flow, node.name)}: key {key} does not mean {meaning} as elsewhere; let it."


def _meanings(profile: Profile) -> dict[str, str]:
    keys = profile.keys
    meanings = {category.key: category.code for category in profile.categories}
    meanings |= {keys.person: "a person", keys.call_back: "call me back"}
    return meanings | ({keys.languages: "languages"} if len(profile.languages) > 1 else {})


def _means(flow: Flow, go: Go, key: str, meaning: str) -> bool:
    """Right after the key for languages, a digit may be one of theirs."""
    if any(isinstance(effect, SpeakLanguage) for effect in go.does):
        return True
    onward = flow.nodes[go.to]
    if meaning == "a person":
        return any(isinstance(effect, WidenPlan) for effect in go.does)
    if meaning == "call me back":
        twice = (go, onward.keys.get(key, go))
        return any(isinstance(effect, AgreeCallBack) for one in twice for effect in one.does)
    if meaning == "languages":
        return any(isinstance(effect, SpeakLanguage) for one in onward.keys.values() for effect in one.does)
    says = any(say.prompt == "chosen.{category}" for say in onward.says)
    return says and ChooseCategory(meaning) in go.does


def _lets_go(flow: Flow, walked: Walk) -> Iterator[str]:
    """A voicemail box, or a person who only listens, is not kept on the line for ever."""
    silent = {move.here: move.there for move in walked.moves if move.key == NO_KEY}
    for start in silent:
        place, seen = start, {start}
        while place in silent:
            place = silent[place]
            if place in seen:
                yield f"{_at(flow, start.node)}: silence goes round for ever; let it lead to an end."
                break
            seen.add(place)


def _can_be_answered(flow: Flow, walked: Walk) -> Iterator[str]:
    """From every question a key leads to the person who waits, or confirms what was said."""
    accepts = any(Accept() in move.does for move in walked.moves)
    good = {move.here for move in walked.moves if any(isinstance(e, _ANSWERS) for e in move.does)}
    before: set[Place] = set()
    while before != good:
        before = set(good)
        good |= {move.here for move in walked.moves if move.there in good}
    for place in walked.places:
        if place.node == UNKNOWN_NODE or flow.nodes[place.node].position is Position.ROOM:
            continue
        if flow.nodes[place.node].exits and place not in good:
            yield f"{_at(flow, place.node)}: no key accepts or confirms from there; add one."
    for move in walked.moves:
        where = f"{_at(flow, move.here.node)}, {_pressed(move)}"
        if accepts and PassOn() in move.does and move.there not in good:
            yield f"{where} passes on for good; let the next node accept for some seconds."
        if move.here.node != UNKNOWN_NODE and flow.nodes[move.here.node].position is Position.ROOM:
            # Whoever is in a conversation already may go back to it by any key.
            continue
        talking = flow.nodes[move.there.node].position is Position.ROOM
        if talking != (Accept() in move.does or CallPerson() in move.does):
            yield f"{where} must lead into the room if it accepts, and only then."
