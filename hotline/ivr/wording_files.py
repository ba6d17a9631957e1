"""How is one language's wording file read, and how does a profile's own file change it?"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hotline.errors import BadInput


@dataclass(frozen=True)
class Prompt:
    """Hold a text to speak, or audio parts to play with the text as their caption."""

    text: str
    audio: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpokenLanguage:
    """Hold one language of one audience; without a voice it is made of audio files only."""

    code: str
    name: str
    tag: str
    voice: str
    reviewed: bool
    hours: tuple[str, ...]
    prompts: Mapping[str, Prompt]

    @property
    def audio_only(self) -> bool:
        """Say whether no synthetic voice speaks this language."""
        return not self.voice


def read_languages(folder: Path, override_folder: Path | None) -> dict[str, SpokenLanguage]:
    """Read `CODE.toml` files; the override's prompts replace, its other languages are added."""
    languages = {path.stem: _read(path, None) for path in sorted(folder.glob("*.toml"))}
    if not languages:
        raise BadInput(f"{folder} holds no wording file: expected at least it.toml.")
    if override_folder is not None:
        for path in sorted(override_folder.glob("*.toml")):
            languages[path.stem] = _read(path, languages.get(path.stem))
    return languages


def _read(path: Path, below: SpokenLanguage | None) -> SpokenLanguage:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as reason:
        raise BadInput(f"{path} cannot be read as TOML: {reason}.") from reason
    unknown = sorted(set(content) - {"language", "prompts"})
    if unknown:
        raise BadInput(f"{path}: unknown table [{unknown[0]}]; use [language] and [prompts].")
    prompts = {key: _prompt(path, key, entry) for key, entry in content.get("prompts", {}).items()}
    language = _language(path, content.get("language", {}), below)
    inherited = dict(below.prompts) if below is not None else {}
    return replace(language, prompts={**inherited, **prompts})


def _language(path: Path, table: Mapping[str, Any], below: SpokenLanguage | None) -> SpokenLanguage:
    known = {"code": str, "name": str, "tag": str, "voice": str, "reviewed": bool, "hours": list}
    for key, value in table.items():
        if key not in known or not isinstance(value, known[key]):
            raise BadInput(f"{path}: [language] {key} is unknown or not a {_kind(known.get(key))}.")
    hours = tuple(str(hour) for hour in table.get("hours", ()))
    if hours and len(hours) != 24:
        raise BadInput(f"{path}: [language] hours needs 24 entries, midnight first; found {len(hours)}.")
    if table.get("code", path.stem) != path.stem:
        raise BadInput(f"{path}: [language] code is {table['code']!r}; the file is called {path.stem}.toml.")
    if below is not None:
        return replace(
            below,
            **{key: value for key, value in table.items() if key != "hours"},
            hours=hours or below.hours,
        )
    missing = [key for key in ("code", "name", "tag", "voice", "reviewed") if key not in table]
    if missing:
        raise BadInput(f'{path}: [language] lacks {missing[0]} (voice = "" means audio files only).')
    return SpokenLanguage(
        table["code"], table["name"], table["tag"], table["voice"], table["reviewed"], hours, {}
    )


def _prompt(path: Path, key: str, entry: object) -> Prompt:
    if isinstance(entry, str) and entry.strip():
        return Prompt(entry)
    if not isinstance(entry, dict) or not entry or set(entry) - {"text", "audio"}:
        raise BadInput(f'{path}: prompt "{key}" must be text, or a table with audio and text.')
    text, audio = entry.get("text", ""), entry.get("audio", [])
    parts = [audio] if isinstance(audio, str) else audio
    if not isinstance(text, str) or not isinstance(parts, list) or not (text or parts):
        raise BadInput(f'{path}: prompt "{key}" needs text, or audio as one file name or a list of them.')
    if any(not isinstance(part, str) or not part or "/" in part for part in parts):
        raise BadInput(f'{path}: prompt "{key}" names a file that is not beside it: use plain file names.')
    return Prompt(text, tuple(parts))


def _kind(expected: type | None) -> str:
    return {str: "text", bool: "true or false", list: "list"}.get(expected or object, "known key")
