"""Given where a leg is and what it did, where is it next, what comes about, and what is said? Pure."""

from dataclasses import dataclass, field, replace

from hotline.ivr.nodes import (
    MENU,
    SCRIPT,
    AgreeCallBack,
    ChooseCategory,
    Effect,
    Flow,
    Go,
    HoldScript,
    Node,
    RaiseFlag,
    Say,
    SpeakLanguage,
    StartRinging,
    WidenPlan,
)

CALLERS_KEYS = "0123456789*#"
UNREACHED, WITHHELD, STILL_NOBODY, KEYED_112 = "unreached", "unreached_withheld", "still_nobody", "keyed_112"
"""Nodes that the engine itself leads to: nobody was reached, asked or asked before, and 1 1 2."""

QUESTIONS, QUESTIONS_QUIET = (UNREACHED, WITHHELD), (f"{UNREACHED}_quiet", f"{WITHHELD}_quiet")
NOBODY_REACHED = frozenset({*QUESTIONS, *QUESTIONS_QUIET, STILL_NOBODY, f"{STILL_NOBODY}_quiet"})
"""What is said once when everybody was tried, in the ordinary and in the quiet hold."""

AGREED = "promise.agreed"

CANNOT_SPEAK = "cannot_speak"
CAREFUL_FLAGS = frozenset({CANNOT_SPEAK, KEYED_112})
"""These callers are treated as those of a careful category are."""

_EMERGENCY = "112"
_EMERGENCY_WITHIN = 6.0
_BOUNCE_WITHIN = 1.5
_BETWEEN_SENTENCES = 24.0
_LONGEST_BETWEEN_SENTENCES = 34.0
_A_SENTENCE = 8.0


@dataclass(frozen=True)
class Keys:
    """The keys of the last seconds, newest last, each with its age in seconds."""

    pressed: tuple[tuple[str, float], ...] = ()

    def with_key(self, key: str) -> "Keys":
        """Return the keys after one more was pressed."""
        return Keys((*self.pressed, (key, 0.0))[-3:])

    @property
    def spell_emergency(self) -> bool:
        """Tell whether the last three keys were 1 1 2, all within six seconds."""
        recent = "".join(key for key, age in self.pressed if age <= _EMERGENCY_WITHIN)
        return recent == _EMERGENCY

    @property
    def bounced(self) -> bool:
        """Tell whether the last key is a second touch of the one before."""
        return (
            len(self.pressed) >= 2
            and self.pressed[-1][0] == self.pressed[-2][0]
            and self.pressed[-2][1] - self.pressed[-1][1] <= _BOUNCE_WITHIN
        )


@dataclass(frozen=True)
class Situation:
    """What the flow may look at besides the key.

    `waited` seconds since the ringing began, `since_said` seconds since the last sentence (both as heard by
    the caller), `said` sentences of the script already spoken; `danger_category` is meant by 1 1 2, which
    rings everybody where a profile has none; `narrow` categories do not ring everybody at this hour, and say
    so; a phone may be due `ring_in` seconds from now.
    """

    category: str | None = None
    careful: bool = False
    narrow: frozenset[str] = frozenset()
    number_known: bool = True
    waited: float = 0.0
    since_said: float = 0.0
    said: int = 0
    ring_in: float = 0.0
    nobody_reached: bool = False
    asked_before: bool = False
    due_tomorrow: bool = False
    all_busy: bool = False
    late_menu: tuple[tuple[str, str], ...] = ()
    danger_category: str | None = None
    keys: Keys = field(default_factory=Keys)


@dataclass(frozen=True)
class Step:
    """The next node, what comes about, what is said, and how many script sentences are then spoken."""

    node: Node
    does: tuple[Effect, ...]
    says: tuple[Say, ...]
    said: int
    tone: str = ""


def take_turn(flow: Flow, at: str, key: str | None, now: Situation) -> Step:
    """Move from node `at` on a key (None: silence), and say what the new node says."""
    here = _node(flow, at, now)
    go = _exit(flow, here, key, now)
    node = _node(flow, go.to, now)
    does = go.does if at in flow.nodes else (*go.does, *flow.rescue)
    says, said, tone = spoken(flow, node, _foreseen(now, does))
    return Step(node, does, says, said, tone)


def enter(flow: Flow, name: str, now: Situation) -> Step:
    """Arrive at a node without a key: the start, or where the live call puts the leg."""
    node = _node(flow, name, now)
    says, said, tone = spoken(flow, node, now)
    return Step(node, () if name in flow.nodes else flow.rescue, says, said, tone)


def _node(flow: Flow, name: str, now: Situation) -> Node:
    """Return a node; the ordinary hold offers a call-back, so whoever must be careful waits elsewhere."""
    node = flow.node(name)
    return flow.nodes[flow.quiet] if now.careful and flow.quiet and node.name == flow.human else node


def spoken(flow: Flow, node: Node, now: Situation) -> tuple[tuple[Say, ...], int, str]:
    """Return what a node says now, how many script sentences are then spoken, and the tone if nothing is."""
    says: list[Say] = []
    said, tone = now.said, ""
    for say in node.says:
        if say.prompt == SCRIPT:
            due, said = _due_sentence(flow.scripts[node.name], now)
            says += due
            tone = "" if due else flow.scripts[node.name].tone
        elif "{category}" in say.prompt:
            says += _of_category(say, now)
        elif say.prompt == AGREED and now.due_tomorrow:
            says.append(replace(say, prompt=f"{AGREED}_tomorrow"))
        else:
            says.append(say)
    return tuple(says), said, tone


def _of_category(say: Say, now: Situation) -> list[Say]:
    if now.category is None:
        return [replace(say, prompt=say.if_none)] if say.if_none else []
    if say.only is not None and now.category not in say.only:
        return []
    prompt = say.prompt.replace("{category}", now.category)
    narrow = now.category in now.narrow and prompt.startswith("chosen.")
    return [replace(say, prompt=f"{prompt}.night" if narrow else prompt)]


def _exit(flow: Flow, here: Node, key: str | None, now: Situation) -> Go:
    stay = Go(here.name)
    if key is None:
        if now.nobody_reached and here.name in flow.scripts:
            return Go(_unreached(now))
        return here.silence or stay
    if now.keys.spell_emergency and KEYED_112 in flow.nodes:
        gravest = ChooseCategory(now.danger_category) if now.danger_category else WidenPlan()
        return Go(KEYED_112, (gravest, RaiseFlag(KEYED_112), StartRinging()))
    if now.keys.bounced and now.careful:
        return stay
    go = here.keys.get(key)
    if go is not None and now.keys.bounced and any(isinstance(effect, AgreeCallBack) for effect in go.does):
        # A second touch of the same press is no confirmation.
        return stay
    if go is not None and go.if_withheld and not now.number_known:
        go = Go(go.if_withheld, go.does)
    return go or here.otherwise or here.silence or stay


def _unreached(now: Situation) -> str:
    """Return what is said when everybody was tried: the question, unless it was answered before."""
    name = STILL_NOBODY if now.asked_before else UNREACHED if now.number_known else WITHHELD
    return f"{name}_quiet" if now.careful else name


def _foreseen(now: Situation, does: tuple[Effect, ...]) -> Situation:
    for effect in does:
        if isinstance(effect, ChooseCategory):
            now = replace(now, category=effect.code)
    return now


def _due_sentence(script: HoldScript, now: Situation) -> tuple[list[Say], int]:
    """Return the sentence that is due, if any, and the number spoken after it."""
    if now.since_said < _BETWEEN_SENTENCES and now.said:
        return [], now.said
    if 0 < now.ring_in < _A_SENTENCE and now.since_said < _LONGEST_BETWEEN_SENTENCES:
        # Phones ring on the second; a sentence would hold them up, and can wait.
        return [], now.said
    said = now.said
    while said < len(script.sentences) and script.sentences[said].after <= now.waited:
        sentence = script.sentences[said]
        said += 1
        if sentence.needs_number and (now.asked_before or not now.number_known):
            continue
        return worded(sentence.prompts, now), said
    if said >= len(script.sentences) and now.since_said >= script.every and now.waited >= script.every:
        return [Say(script.then)], said
    return [], said


def worded(prompts: tuple[str, ...], now: Situation) -> list[Say]:
    """Return what a sentence of the hold becomes: the late menu in full, and the truth if all are busy."""
    says: list[Say] = []
    late = () if now.category else now.late_menu
    for prompt in prompts:
        if prompt == f"{MENU}.late":
            says += [Say(f"{MENU}.{code}", {"key": key}) for code, key in late]
        elif prompt in ("hold.calling", "hold.nobody_yet") and now.all_busy:
            says.append(Say("hold.all_busy"))
        else:
            says.append(Say(prompt))
    return says


def language_of(does: tuple[Effect, ...], current: str) -> str:
    """Return the language spoken after these effects."""
    return next((effect.code for effect in does if isinstance(effect, SpeakLanguage)), current)
