"""Who is rung when the database is not there? A small sealed file, written each minute, read without it."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotline.errors import HotlineError
from hotline.secrets import Keyring

_PLACE = "backstop.file"


@dataclass(frozen=True)
class Period:
    """From one moment until just before another, ring these numbers in order."""

    starts_at: str
    ends_at: str
    numbers: tuple[str, ...]


class BackstopFile:
    """Keep on disk whom to ring, sealed, readable by this user only, replaced in one step.

    A running replica remembers it, should the disk be full or gone as well. One that starts with neither
    database nor file knows only the numbers of HOTLINE_LAST_RESORT: `otherwise`.
    """

    def __init__(self, path: Path, keyring: Keyring, otherwise: Sequence[str] = ()) -> None:
        self.path = path
        self._keyring = keyring
        self._otherwise = tuple(otherwise)
        self._written = ""
        self._known = ""

    def write(self, periods: Sequence[Period], everybody: Sequence[str]) -> None:
        """Replace the file; unchanged content is left alone."""
        content = json.dumps(
            {"periods": [asdict(period) for period in periods], "everybody": list(everybody)}
        )
        self._known = content
        if content == self._written and self.path.exists():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_bytes(self._keyring.seal(content, _PLACE))
        draft.chmod(0o600)
        draft.replace(self.path)
        self._written = content

    def numbers_at(self, now: datetime) -> tuple[str, ...]:
        """Return whom to ring now, in order: those on duty, else the coordinators that are known."""
        content = self._content()
        if content is None:
            return self._otherwise
        everybody = tuple(content["everybody"]) or self._otherwise
        for period in content["periods"]:
            if datetime.fromisoformat(period["starts_at"]) <= now < datetime.fromisoformat(period["ends_at"]):
                return tuple(period["numbers"]) or everybody
        return everybody

    def _content(self) -> dict[str, Any] | None:
        """Return what was last written, by this process or before it began; None if nothing can be read."""
        if not self._known:
            with suppress(OSError, HotlineError):
                self._known = self._keyring.open(self.path.read_bytes(), _PLACE)
        return json.loads(self._known) if self._known else None
