"""Which prompts must a wording have, with which values, how long may each last, and does it comply?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from hotline.errors import HotlineError
from hotline.ivr.prompts import Value, Wording, estimated_seconds, placeholders
from hotline.ivr.staff_prompts import STAFF_ROWS, TEXT
from hotline.ivr.text_length import fits_one_text
from hotline.ivr.wording_files import SpokenLanguage
from hotline.profile import Profile
from hotline.telephony.instructions import Pause, Sound

WHISPER_SECONDS = 8.0
"""Who, what and keys: a responder knows what to press by then."""

START_SECONDS = 15.0
"""The two opening sentences in the default language; phones start ringing after them."""


@dataclass(frozen=True)
class Rule:
    """Allow a prompt so many `seconds` of speech and these `values`; `required` prompts may not lack."""

    seconds: float
    values: frozenset[str] = frozenset()
    required: bool = True


def _rules(rows: Iterable[tuple[str, float, str]]) -> dict[str, Rule]:
    return {
        prompt_id: Rule(seconds, frozenset(values.split()))
        for ids, seconds, values in rows
        for prompt_id in ids.split()
    }


_DIGITS = " ".join(f"digit.{digit}" for digit in range(10))

CALLER_RULES = _rules(
    (
        ("greeting.danger", 10, "service"),
        ("greeting.stay", 11, ""),
        ("greeting.digit", 2, "key_languages"),
        ("language.own_name", 2, ""),
        ("language.press", 3, "key"),
        ("menu.lead", 2, ""),
        ("chosen.person chosen.quiet", 6, "key_person"),
        ("chosen.keyed_112", 9, ""),
        ("question.danger question.near", 6, "key_yes key_no"),
        ("hold.calling hold.nobody_yet hold.all_busy hold.still_calling hold.joining", 7, ""),
        ("hold.offer_call_back", 9, "key_call_back"),
        ("hold.privacy", 17, "controller days"),
        ("hold.quiet hold.menu_back_quiet", 3, ""),
        ("hold.menu_back", 7.5, ""),
        ("room.lost", 9, ""),
        ("ended.by_responder ended.offensive", 9, ""),
        ("ended.ceiling fallback.last", 12.5, ""),
        ("redial.connecting error.ours fallback.connecting", 6, ""),
        ("fallback.already_talked", 6, ""),
        ("promise.nobody", 7, ""),
        ("promise.ask promise.ask_careful promise.ask_withheld", 13, "key_call_back"),
        ("promise.number_refused", 9, ""),
        ("promise.read_back", 12, "number key_call_back"),
        ("promise.confirm", 5, "key_call_back"),
        ("promise.agreed promise.agreed_tomorrow", 17, "hour number"),
        ("promise.declined", 12, ""),
        ("call_back.ask", 9, "key_call_back"),
        ("close.danger", 4, ""),
        ("text.received", TEXT, ""),
        ("text.appointment", TEXT, "from to"),
        ("text.number", TEXT, "asked_number"),
        ("hour.whole hour.past", 4, "hours minutes mm"),
        (_DIGITS, 1, ""),
    )
)

STAFF_RULES = _rules(STAFF_ROWS)

_LONGEST: Mapping[str, Value] = {
    "days": 365,
    "hour": time(22, 50),
    "time": time(22, 50),
    "from": time(20, 0),
    "to": time(23, 59),
    "number": "+393400000001",
    "caller": "+393400000001",
    "asked_number": "0781 000000",
    "texts": "Sono fuori casa da stanotte e non so dove andare. Potete scrivermi voi, per favore?",
    "notes": "Anna, alle ore 22: la persona di ieri ha richiamato, sta meglio e aspetta domani.",
    "name": "Maria Antonietta",
    "names": "Maria Antonietta, Pierfrancesco, assistente sociale Immacolata",
    "until": "a mercoledì 27, alle ore ventidue e 50",
    "weekday": "mercoledì",
    "day": 27,
    "last_weekday": "mercoledì",
    "last_day": 30,
    "shift": "mercoledì 27, dalle ore ventidue e 50 alle ore ventidue e 50",
    "in_return": "mercoledì 27, dalle ore ventidue e 50 alle ore ventidue e 50",
    "back": "mer 27/11 20.00-23.59",
    "why": "la tua formazione non è valida quel giorno",
    "count": 12,
    "mine": 12,
    "date": "mer 27/11",
    "roles": "assistente sociale",
    "missing": "volontari, assistente sociale, coordinamento",
    "changes": "12 nuovi, 12 tolti",
    "next": "Il prossimo: mercoledì 27, alle ore ventidue e 50.",
    "link": "https://pronto-intervento.example.org/s/0123456789abcdef",
    "calls": 99,
    "lost": 99,
    "pending": 99,
    "heavy": 99,
    "forms": 99,
    "code": "4, 4, 4, 4",
    "hours": "",
    "minutes": 59,
    "mm": 59,
}


def caller_rules(profile: Profile) -> dict[str, Rule]:
    """Return the rules for callers, with the prompts that this profile's categories need."""
    rules = dict(CALLER_RULES)
    for category in profile.categories:
        if category.spoken != "never":
            rules[f"menu.{category.code}"] = Rule(6.5, frozenset({"key"}))
        rules[f"chosen.{category.code}"] = Rule(10)
        if category.full_plan_key:
            rules[f"chosen.{category.code}.night"] = Rule(9, frozenset({"key_person"}))
        rules[f"close.{category.code}"] = Rule(5, required=category.careful or category.closing_number)
    return rules


def staff_rules(profile: Profile) -> dict[str, Rule]:
    """Return the rules for staff, with this profile's topics and languages."""
    names = {f"language_name.{language.code}": Rule(1) for language in profile.languages}
    topics = {f"topic.{category.code}": Rule(1) for category in profile.categories}
    return STAFF_RULES | names | topics


_KEYS = {
    name: "7"
    for rule in (*CALLER_RULES.values(), *STAFF_RULES.values(), Rule(1, frozenset({"key", "key_person"})))
    for name in rule.values
    if name.startswith("key")
}
"""Whatever stands for a digit in a prompt, also in those that a profile's categories add."""


def longest_values(profile: Profile, language: str) -> dict[str, Value]:
    """Return the longest realistic value of every placeholder, to measure prompts with."""
    service = profile.service
    values: dict[str, Value] = dict(_LONGEST)
    for placeholder, texts in (
        ("service", service.name),
        ("service_short", service.short_name),
        ("controller", service.controller),
    ):
        values[placeholder] = texts.get(language, texts[profile.default_language])
    values["line"] = service.phone_number
    return values | _KEYS


def missing_languages(callers: Wording, staff: Wording, profile: Profile) -> tuple[str, ...]:
    """Return one sentence for every language that this profile names and that has no words at all."""
    wanted = [(callers, language.code) for language in profile.languages]
    return tuple(
        f"The {wording.audience} wording has no language {code!r}; there is {', '.join(wording.languages)}: "
        f"write wording/{wording.audience}/{code}.toml beside the profile, or choose another."
        for wording, code in (*wanted, (staff, profile.service.staff_language))
        if code not in wording.languages
    )


def wording_problems(callers: Wording, staff: Wording, profile: Profile) -> tuple[str, ...]:
    """Return one sentence for every prompt that is missing, too long, or asks for what the flow has not."""
    languages = [language.code for language in profile.languages]
    own = profile.service.staff_language
    problems = list(prompt_problems(callers, languages, caller_rules(profile), profile))
    problems += prompt_problems(staff, [own], staff_rules(profile), profile)
    if problems:
        return tuple(problems)
    first = profile.default_language
    problems += _too_long(callers, first, ("greeting.danger", "greeting.stay"), START_SECONDS, profile)
    topics = [f"topic.{category.code}" for category in profile.categories] + ["topic.none"]
    for topic in topics:
        for language in languages:
            said = ("whisper.waiting", topic, f"language_name.{language}", "whisper.keys")
            problems += _too_long(staff, own, said, WHISPER_SECONDS, profile)
    return tuple(problems)


def heard_seconds(
    wording: Wording, language: str, prompt_ids: Sequence[str], values: Mapping[str, Value]
) -> float:
    """Return about how long the prompts last one after the other; a recording counts as its caption."""
    heard = [part for prompt_id in prompt_ids for part in wording.speak(language, prompt_id, values)]
    texts = (
        part.caption if isinstance(part, Sound) else part.text
        for part in heard
        if not isinstance(part, Pause)
    )
    return sum(estimated_seconds(text) for text in texts)


def prompt_problems(
    wording: Wording, languages: Sequence[str], rules: Mapping[str, Rule], profile: Profile
) -> tuple[str, ...]:
    """Return one sentence for every prompt of `rules` that is missing, too long or asks for too much."""
    problems = []
    for language in languages:
        values = longest_values(profile, language)
        for prompt_id, rule in rules.items():
            if wording.has(language, prompt_id):
                problems += _faults(wording, language, prompt_id, rule, values)
            elif rule.required and not _spared(wording, language, prompt_id, rule):
                problems.append(f"The {wording.audience} wording in {language} lacks {prompt_id!r}.")
    return tuple(problems)


def _spared(wording: Wording, language: str, prompt_id: str, rule: Rule) -> bool:
    """Recorded voices say hours digit by digit, and texts are then written in the default language."""
    spoken = wording.languages.get(language)
    return (
        spoken is not None and spoken.audio_only and (rule.seconds == TEXT or prompt_id.startswith("hour."))
    )


def _faults(
    wording: Wording, language: str, prompt_id: str, rule: Rule, values: Mapping[str, Value]
) -> list[str]:
    spoken = wording.languages[language]
    place = f"The {wording.audience} prompt {prompt_id!r} in {language}"
    unknown = sorted(_needed(spoken, prompt_id) - rule.values)
    if unknown:
        return [f"{place} asks for {{{unknown[0]}}}, which the flow does not have there."]
    if rule.seconds == TEXT:
        fits = fits_one_text(wording.write(language, prompt_id, values))
        return [] if fits else [f"{place} does not fit one SMS: shorten it, or leave out letters beyond GSM."]
    try:
        heard = wording.speak(language, prompt_id, values)
    except HotlineError as reason:
        return [str(reason)]
    lost = [part.path for part in heard if isinstance(part, Sound) and not _exists(wording, part)]
    if lost:
        return [f"{place} plays {lost[0]}, and there is no such file in {wording.folders[0] / language}."]
    seconds = heard_seconds(wording, language, (prompt_id,), values)
    return [] if seconds <= rule.seconds else [f"{place} lasts {seconds:.1f} s; at most {rule.seconds} s."]


def _needed(spoken: SpokenLanguage, prompt_id: str) -> frozenset[str]:
    prompt = spoken.prompts[prompt_id]
    return placeholders(" ".join((prompt.text, *prompt.audio)))


def _exists(wording: Wording, sound: Sound) -> bool:
    _, _, _, language, name = sound.path.split("/")
    return wording.audio_file(language, name) is not None


def _too_long(
    wording: Wording, language: str, prompt_ids: Sequence[str], limit: float, profile: Profile
) -> list[str]:
    seconds = heard_seconds(wording, language, prompt_ids, longest_values(profile, language))
    if seconds <= limit:
        return []
    return [f"{' + '.join(prompt_ids)} in {language} last {seconds:.1f} s; together at most {limit} s."]
