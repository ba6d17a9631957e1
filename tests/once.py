"""What does a worker make once, although each of a thousand tests needs it? Compiled SQL, and shipped texts.

A process of the service makes both once, at its start. Tests start a service each; to make it all again for
each was a third of the time of a story.
"""

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Dialect

from hotline import profile
from hotline.database import Database
from hotline.ivr import prompts
from hotline.ivr.prompts import Wording
from hotline.profile import Profile
from hotline.secrets import Keyring


class CompiledSql:
    """Lend every database what was compiled for the ones before it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], tuple[Keyring, Dialect, dict[Any, Any]]] = {}

    def lend(self, database: Database) -> None:
        """Let a database that was just opened use one dialect, to which what is compiled is tied."""
        for engine in (database.writer, database.reader):
            # Sealed columns find their keys at the dialect: other keys, another dialect.
            kind = (engine.dialect.name, id(database.keyring))
            if kind not in self._kept:
                engine.connect().close()  # it learns what server it speaks with
                self._kept[kind] = (database.keyring, engine.dialect, {})
            _, engine.dialect, compiled = self._kept[kind]
            engine.update_execution_options(compiled_cache=compiled)


def load_wording(folder: Path, override_folder: Path | None = None, default_language: str = "it") -> Wording:
    """Read a wording; the shipped one, over which no profile lays its own, only once."""
    if override_folder is not None and override_folder.is_dir():
        return prompts.load_wording(folder, override_folder, default_language)
    return _shipped_wording(folder, default_language)


def load_profile(path: Path | None = None) -> Profile:
    """Read a profile; that of Iglesias, which is shipped, only once."""
    return profile.load_profile(path) if path is not None else _shipped_profile()


@cache
def _shipped_wording(folder: Path, default_language: str) -> Wording:
    return prompts.load_wording(folder, None, default_language)


@cache
def _shipped_profile() -> Profile:
    return profile.load_profile()
