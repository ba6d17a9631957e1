"""Which prompts can a node say, to whom, and in which company?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hotline.ivr.engine import Situation, worded
from hotline.ivr.flows.room_v1 import ANSWERED
from hotline.ivr.flows.staff_v1 import ONE_OF
from hotline.ivr.nodes import MENU, SCRIPT, Flow, HoldScript, Node, Say
from hotline.ivr.prompt_rules import Rule, caller_rules, staff_rules
from hotline.ivr.prompts import Wording
from hotline.profile import Profile

LONGEST_CALLERS_PASS, LONGEST_STAFF_PASS = 45.0, 30.0
"""Speech and listening of one pass: nobody waits longer than this for what only the next pass can do."""

_EXTRAS = 2
"""So many facts are told at most before the keys of the whisper."""


@dataclass(frozen=True)
class Part:
    """One prompt of a node; `language` where it is not the listener's own."""

    prompt: str
    keys: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None


@dataclass(frozen=True)
class Slot:
    """What one `Say` can become: `at_most` of these, each made of prompts said in a row."""

    ways: tuple[tuple[Part, ...], ...]
    at_most: int = 1


@dataclass(frozen=True)
class Listeners:
    """Who hears a flow: in which wording and languages, and which rules hold for the prompts."""

    wording: Wording
    languages: tuple[str, ...]
    rules: Mapping[str, Rule]
    longest_pass: float


def listeners_of(flow: Flow, profile: Profile, callers: Wording, staff: Wording) -> Listeners:
    """Return who hears a flow: the one with a hold is the callers', every other is the staff's."""
    if flow.scripts:
        languages = tuple(language.code for language in profile.languages)
        return Listeners(callers, languages, caller_rules(profile), LONGEST_CALLERS_PASS)
    return Listeners(staff, (profile.service.staff_language,), staff_rules(profile), LONGEST_STAFF_PASS)


def slots(flow: Flow, node: Node, profile: Profile, categories: Sequence[str | None]) -> tuple[Slot, ...]:
    """Return what a node says, with every category that can have been chosen by then."""
    rules = staff_rules(profile)
    found = []
    for say in node.says:
        if say.prompt == MENU:
            items = (Part(f"menu.{code}", {"key": key}) for code, key in flow.menu)
            found.append(Slot(((Part("menu.lead"), *items),)))
        elif say.prompt == SCRIPT:
            found.append(Slot(tuple(_of_script(flow.scripts[node.name], profile))))
        elif say.prompt == "whisper.extras":
            found.append(Slot(tuple((Part(name),) for name in rules if name.startswith("extra.")), _EXTRAS))
        elif say.prompt in ANSWERED:
            found.append(Slot(tuple((Part(name),) for name in ANSWERED[say.prompt]), _EXTRAS))
        elif say.prompt in ONE_OF:
            names, at_most = ONE_OF[say.prompt]
            found.append(Slot(tuple((Part(name),) for name in names), at_most))
        elif say.prompt == "whisper.language":
            found.append(Slot(tuple((Part(f"language_name.{one.code}"),) for one in profile.languages)))
        else:
            found.append(Slot(tuple((part,) for part in _of_say(say, profile, categories))))
    return tuple(found)


def _of_script(script: HoldScript, profile: Profile) -> Iterator[tuple[Part, ...]]:
    late = tuple((one.code, one.key) for one in profile.categories if one.spoken == "late")
    for busy in (False, True):
        now = Situation(late_menu=late, all_busy=busy)
        for prompts in (*(sentence.prompts for sentence in script.sentences), (script.then,)):
            yield tuple(Part(say.prompt, say.keys) for say in worded(prompts, now))


def _of_say(say: Say, profile: Profile, categories: Sequence[str | None]) -> Iterator[Part]:
    if "{category}" not in say.prompt:
        yield Part(say.prompt, say.keys, say.language)
        return
    for code in categories:
        if code is None and say.if_none:
            yield Part(say.if_none, say.keys)
        if code is None or (say.only is not None and code not in say.only):
            continue
        yield Part(say.prompt.replace("{category}", code), say.keys)
        category = profile.category(code)
        if say.prompt.startswith("chosen.") and category is not None and category.full_plan_key:
            yield Part(f"chosen.{code}.night", say.keys)
