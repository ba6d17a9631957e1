"""What does a leg hear when the flow names a prompt, in its language, with its values filled in?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path

import phonenumbers

from hotline.errors import HotlineError
from hotline.ivr.wording_files import Prompt, SpokenLanguage, read_languages
from hotline.telephony.instructions import WORDS_PER_SECOND, Heard, Sound, Speech

CALLERS = Path(__file__).parent / "wording" / "callers"
STAFF = Path(__file__).parent / "wording" / "staff"
SOUNDS = Path(__file__).parent / "sounds"

RINGING_TONE = Sound("/audio/sounds/ringing.wav", "tuu")
SOFT_TONE = Sound("/audio/sounds/soft.wav", "…")
JOINING_TONE = Sound("/audio/sounds/joining.wav", "din")

Value = str | int | time
"""`time` is local time of day; text that starts with `+` is a phone number; `key…` values are digits."""

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SENTENCE_START = re.compile(r"([.?!]\s+)(\w)")


@dataclass(frozen=True)
class Wording:
    """Hold every prompt of one audience (`callers` or `staff`) in every language that has a file."""

    audience: str
    default_language: str
    languages: Mapping[str, SpokenLanguage]
    folders: tuple[Path, ...]

    def speak(
        self, language: str, prompt_id: str, values: Mapping[str, Value] | None = None
    ) -> tuple[Heard, ...]:
        """Return what is heard for a prompt; what the language lacks is heard in the default language.

        Raise `HotlineError` when the default language lacks it too, or a placeholder has no value.
        """
        spoken, prompt = self.find(language, prompt_id)
        given = values or {}
        if prompt.audio:
            return self._play(spoken, prompt_id, prompt, given)
        return (Speech(self._fill(spoken, prompt_id, prompt.text, given), spoken.tag, spoken.voice),)

    def menu(self, language: str, choices: Sequence[tuple[str, str]]) -> tuple[Heard, ...]:
        """Return `menu.lead` and one `menu.CODE` for each (category code, its key), as one sentence."""
        heard = list(self.speak(language, "menu.lead"))
        for place, (code, key) in enumerate(choices, start=1):
            mark = "." if place == len(choices) else ","
            item = self.speak(language, f"menu.{code}", {"key": key})
            heard += [
                replace(part, text=part.text + mark) if isinstance(part, Speech) else part for part in item
            ]
        return tuple(heard)

    def write(self, language: str, prompt_id: str, values: Mapping[str, Value] | None = None) -> str:
        """Return a prompt as text to read (SMS, captions): times as 3.40, numbers as 0781 33000."""
        spoken, prompt = self.find(language, prompt_id)

        def written(name: str) -> str:
            return _as_written(_value(values or {}, name, self._place(spoken, prompt_id)))

        return _PLACEHOLDER.sub(lambda found: written(found.group(1)), prompt.text)

    def digit(self, language: str, key: str) -> str:
        """Return the word for one key, `0` to `9`; raise `HotlineError` for anything else."""
        if len(key) != 1 or key not in "0123456789":
            raise HotlineError(f"{key!r} is no key that a prompt can name: use one digit, 0 to 9.")
        return self.find(language, f"digit.{key}")[1].text

    def has(self, language: str, prompt_id: str) -> bool:
        """Say whether the language itself can speak or play the prompt, without falling back."""
        spoken = self.languages.get(language)
        return spoken is not None and _is_heard(spoken, prompt_id)

    def unreviewed(self, languages: Sequence[str]) -> tuple[str, ...]:
        """Return those of the languages whose text no native speaker has read yet."""
        return tuple(
            code for code in languages if code in self.languages and not self.languages[code].reviewed
        )

    def audio_file(self, language: str, name: str) -> Path | None:
        """Return the file behind `/audio/<audience>/<language>/<name>`, or None; the override wins."""
        if "/" in name or "\\" in name or name.startswith(".") or language not in self.languages:
            return None
        found = (folder / language / name for folder in self.folders)
        return next((path for path in found if path.is_file()), None)

    def find(self, language: str, prompt_id: str) -> tuple[SpokenLanguage, Prompt]:
        """Return the language that can say a prompt, this one or the default, and the prompt itself."""
        for code in (language, self.default_language):
            spoken = self.languages.get(code)
            if spoken is not None and _is_heard(spoken, prompt_id):
                return spoken, spoken.prompts[prompt_id]
        raise HotlineError(
            f"The {self.audience} wording has no prompt {prompt_id!r} in {language} nor in "
            f"{self.default_language}: add it to {self.folders[-1] / (self.default_language + '.toml')}."
        )

    def _play(
        self, spoken: SpokenLanguage, prompt_id: str, prompt: Prompt, values: Mapping[str, Value]
    ) -> tuple[Heard, ...]:
        place = self._place(spoken, prompt_id)

        def written(name: str) -> str:
            return _as_written(_value(values, name, place))

        heard: list[Heard] = []
        for part in prompt.audio:
            alone = _PLACEHOLDER.fullmatch(part)
            if alone:
                heard += self._play_digits(spoken.code, written(alone.group(1)))
            else:
                name = _PLACEHOLDER.sub(lambda found: written(found.group(1)), part)
                heard.append(Sound(f"/audio/{self.audience}/{spoken.code}/{name}"))
        return _captioned(heard, self._fill(spoken, prompt_id, prompt.text, values))

    def _play_digits(self, language: str, written: str) -> list[Heard]:
        digits = (sign for sign in written if sign in "0123456789")
        return [heard for digit in digits for heard in self.speak(language, f"digit.{digit}")]

    def _fill(self, spoken: SpokenLanguage, prompt_id: str, text: str, values: Mapping[str, Value]) -> str:
        def said(name: str) -> str:
            return self._as_said(spoken, name, _value(values, name, self._place(spoken, prompt_id)))

        filled = _PLACEHOLDER.sub(lambda found: said(found.group(1)), text)
        return _SENTENCE_START.sub(lambda found: found.group(1) + found.group(2).upper(), filled)

    def _as_said(self, spoken: SpokenLanguage, name: str, value: Value) -> str:
        if isinstance(value, time):
            return spoken_hour(self, spoken.code, value.hour, value.minute)
        if name.startswith("key"):
            return self.digit(spoken.code, str(value))
        if isinstance(value, str) and value.startswith("+"):
            return spoken_number(self, spoken.code, value)
        return str(value)

    def _place(self, spoken: SpokenLanguage, prompt_id: str) -> str:
        return f"The {self.audience} prompt {prompt_id!r} in {spoken.code}"


def load_wording(folder: Path, override_folder: Path | None = None, default_language: str = "it") -> Wording:
    """Read an audience's folder of language files, and over it the profile's own folder if it exists.

    A prompt of the override replaces the shipped one; a language of its own is added. Raise `BadInput`
    with the file and the reason for anything that cannot be read.
    """
    own = override_folder if override_folder is not None and override_folder.is_dir() else None
    folders = (folder,) if own is None else (own, folder)
    return Wording(folder.name, default_language, read_languages(folder, own), folders)


def spoken_hour(wording: Wording, language: str, hour: int, minute: int) -> str:
    """Return a local time of day as it is said, with the article where the language wants one."""
    spoken = wording.languages.get(language, wording.languages[wording.default_language])
    if spoken.audio_only:
        return f"{hour}.{minute:02}"
    hours = spoken.hours[hour] if spoken.hours else str(hour)
    prompt = "hour.whole" if minute == 0 else "hour.past"
    text = wording.find(language, prompt)[1].text
    return text.replace("{hours}", hours).replace("{minutes}", str(minute)).replace("{mm}", f"{minute:02}")


def spoken_number(wording: Wording, language: str, e164: str) -> str:
    """Return a phone number digit by digit, with a short rest between groups."""
    spoken = wording.languages.get(language, wording.languages[wording.default_language])
    groups = number_groups(e164)
    if spoken.audio_only:
        return " ".join(groups)
    return ", ".join(" ".join(wording.digit(language, digit) for digit in group) for group in groups)


def number_groups(e164: str) -> tuple[str, ...]:
    """Return the national digits of a phone number in the groups its country writes.

    >>> number_groups("+39078133000"), number_groups("+393400000001")
    (('0781', '33000'), ('340', '000', '0001'))
    """
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return (e164.lstrip("+"),)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return tuple(re.findall(r"\d+", written))


def estimated_seconds(text: str) -> float:
    """Estimate how long slow, clear speech takes for a text, in seconds."""
    words = (word for word in text.split() if any(sign.isalnum() for sign in word))
    return sum(1 for _ in words) / WORDS_PER_SECOND


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the values that a text needs."""
    return frozenset(_PLACEHOLDER.findall(text))


def _ended(part: Heard, mark: str) -> Heard:
    return replace(part, text=part.text + mark) if isinstance(part, Speech) else part


def _captioned(heard: Sequence[Heard], caption: str) -> tuple[Heard, ...]:
    """Give the first sound the caption of the whole prompt, and the others none."""
    if not caption:
        return tuple(heard)
    captions = (caption, *("" for _ in heard[1:]))
    return tuple(
        replace(part, caption=text) if isinstance(part, Sound) else part
        for part, text in zip(heard, captions, strict=True)
    )


def _is_heard(spoken: SpokenLanguage, prompt_id: str) -> bool:
    prompt = spoken.prompts.get(prompt_id)
    return prompt is not None and (bool(prompt.audio) or not spoken.audio_only)


def _value(values: Mapping[str, Value], name: str, place: str) -> Value:
    if name not in values:
        raise HotlineError(f"{place} needs a value for {{{name}}}, and the flow gave none.")
    return values[name]


def _as_written(value: Value) -> str:
    if isinstance(value, time):
        return f"{value.hour}.{value.minute:02}"
    if isinstance(value, str) and value.startswith("+"):
        return " ".join(number_groups(value))
    return str(value)
