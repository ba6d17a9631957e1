"""What happened while the database was away? A sealed line for each step, in a file of this machine."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from hotline.errors import HotlineError
from hotline.secrets import Keyring

RANG, ANSWERED, NOBODY, LEFT, TEXTED = "rang", "answered", "nobody", "left", "texted"
_PLACE = "backstop.journal"


@dataclass(frozen=True)
class Entry:
    """One step of a call, or a text, served without the database; `caller` is as Twilio gave it."""

    at: str
    sid: str
    caller: str
    what: str
    body: str = ""
    pictures: int = 0

    @property
    def moment(self) -> datetime:
        """Return when it happened."""
        return datetime.fromisoformat(self.at)


class Journal:
    """Append lines that nobody without the keys can read, and hand them out once the database is back."""

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self.path = path
        self._taken = path.with_suffix(".importing")
        self._keyring = keyring

    def note(self, entry: Entry) -> None:
        """Append one line in a single write; two processes never mix theirs. A full disk stops no call."""
        line = b64encode(self._keyring.seal(json.dumps(asdict(entry)), _PLACE)) + b"\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, line)
            finally:
                os.close(file)
        except OSError:
            return

    def take(self) -> Sequence[Entry]:
        """Return the lines to import, oldest first; they stay on disk until `forget`."""
        if not self._taken.exists():
            if not self.path.exists():
                return ()
            self.path.replace(self._taken)
        return tuple(
            entry for line in self._taken.read_bytes().splitlines() if (entry := self._read(line)) is not None
        )

    def forget(self) -> None:
        """Erase what was taken: it is in the database now."""
        self._taken.unlink(missing_ok=True)

    @property
    def waits(self) -> bool:
        """Tell whether there is anything to import."""
        return self.path.exists() or self._taken.exists()

    def _read(self, line: bytes) -> Entry | None:
        try:
            return Entry(**json.loads(self._keyring.open(b64decode(line), _PLACE)))
        except (ValueError, TypeError, HotlineError):
            return None
