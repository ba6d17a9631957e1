"""Who heard, pressed and said what, and when? A played call, readable like a radio play."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hotline.telephony.instructions import WORDS_PER_SECOND


def plain_words(text: str) -> list[str]:
    """Return the words of `text` without case and punctuation.

    >>> plain_words("Prema 1: c'è una persona.")
    ['prema', '1', "c'è", 'una', 'persona']
    """
    kept = "".join(
        mark if mark == "'" or not unicodedata.category(mark).startswith(("P", "S")) else " "
        for mark in text.replace("\u2019", "'").casefold()
    )
    return kept.split()


def spoken_words(text: str) -> int:
    """Count the words a voice says: figures of three digits or more are said digit by digit.

    >>> spoken_words("Chiami lo 0781 33000, premi 1")
    13
    """
    return sum(len(word) if word.isdigit() and len(word) > 2 else 1 for word in plain_words(text))


def spoken_seconds(text: str) -> float:
    """Return how long a slow, clear voice needs for `text`."""
    return spoken_words(text) / WORDS_PER_SECOND


@dataclass(eq=False)
class Utterance:
    """Something a phone hears, word by word, until it ends or is cut."""

    text: str
    started_at: datetime
    seconds: float
    ended_at: datetime | None = None
    sound: bool = False

    def heard_by(self, now: datetime) -> list[str]:
        """Return the words that have been heard at `now`."""
        words = self.text.split()
        end = now if self.ended_at is None else min(now, self.ended_at)
        elapsed = (end - self.started_at).total_seconds()
        if elapsed >= self.seconds - 1e-6:
            return words
        return words[: int(len(words) * elapsed / self.seconds + 1e-6)]

    def as_text(self, now: datetime) -> str:
        """Return what was heard, marked when it was cut short."""
        heard = self.heard_by(now)
        cut = self.ended_at is not None and len(heard) < len(self.text.split())
        return " ".join(heard) + (" …" if cut else "") if self.ended_at else self.text


@dataclass(frozen=True, eq=False)
class Entry:
    """One event of a played call: `kind` as dial, ring, answer, spoken, key, talk, part, hang_up, text."""

    moment: datetime
    kind: str
    who: str
    text: str = ""
    utterance: Utterance | None = None
    group: frozenset[str] = field(default_factory=frozenset)


_SENTENCES = {
    "dial": "{who} dials {text}",
    "ring": "{who}'s phone rings",
    "ring_end": "{who}'s phone stops ringing ({text})",
    "answer": "{who} answers",
    "decline": "{who} declines",
    "key": "{who} presses {text}",
    "tone": "{who} hears {text}",
    "talk": "{text} can talk",
    "part": "{text} no longer talk",
    "wait": "{who} waits in a room",
    "hang_up": "{who} hangs up",
    "dropped": "{who}'s line is closed",
    "text": "{who} reads: «{text}»",
    "sends": "{who} texts: «{text}»",
    "trouble": "({text})",
}


@dataclass
class Transcript:
    """Collect the events of one or more calls in the order in which they happened."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Append one event."""
        self.entries.append(entry)

    def of(self, who: str, kind: str | None = None) -> list[Entry]:
        """Return the events of one phone, all or of one kind."""
        return [e for e in self.entries if e.who == who and kind in (None, e.kind)]

    def first(self, kind: str, who: str | None = None) -> Entry | None:
        """Return the first event of a kind, of anybody or of one phone."""
        return next((e for e in self.entries if e.kind == kind and who in (None, e.who)), None)

    def as_lines(self, now: datetime | None = None, since: int = 0) -> Iterable[str]:
        """Yield one readable line an event, with seconds since the first one."""
        if not self.entries:
            return
        began = self.entries[0].moment
        for entry in self.entries[since:]:
            offset = (entry.moment - began).total_seconds()
            yield f"{offset:7.1f}  {sentence(entry, now)}"

    def as_text(self, now: datetime | None = None) -> str:
        """Return the whole play; phones appear by name only."""
        return "\n".join(self.as_lines(now))


def sentence(entry: Entry, now: datetime | None = None) -> str:
    """Say one event in one line."""
    if entry.utterance is not None:
        shown = entry.utterance.as_text(now or entry.moment)
        mark = "♪ " if entry.utterance.sound else ""
        return f"{entry.who} hears: {mark}«{shown}»"
    return _SENTENCES[entry.kind].format(who=entry.who, text=entry.text)
