"""How is a played call written for a terminal, like a play: when, who, what was heard?"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from hotline.simulator.behaviours import Voicemail
from hotline.simulator.exchange import Exchange
from hotline.simulator.transcript import Entry

WIDTH = 100
_MARGIN = 17
_COLOURS = {"Caller": 33, "Anna": 36, "Bruno": 34, "Lucia": 35, "Carla": 32}

_NARRATED = {
    "dial": "{who} dials {text}.",
    "ring": "{whose} phone rings.",
    "answer": "{who} answers.",
    "decline": "{who} declines.",
    "key": "{who} presses {text}.",
    "hang_up": "{who} hangs up.",
    "text": "{who} reads: «{text}»",
    "talk": "{text} talk.",
    "part": "{text}: the conversation is over.",
    "dropped": "{whose} line is closed.",
}
_RING_ENDS = {"no-answer": "Nobody answers {whose} phone.", "canceled": "{whose} phone stops ringing."}
_VOICEMAIL = "{whose} voicemail answers."


@dataclass(frozen=True)
class Ink:
    """Emphasis for a terminal, or none for a file."""

    coloured: bool = False

    def strong(self, text: str) -> str:
        """Return `text` in bold."""
        return self._in("1", text)

    def quiet(self, text: str) -> str:
        """Return `text` dimmed."""
        return self._in("2", text)

    def person(self, name: str) -> str:
        """Return a name in its own colour, padded to the width of the column of names."""
        return self._in(f"1;{_COLOURS.get(name, 37)}", f"{name:<8}")

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.coloured else text


@dataclass(frozen=True)
class Playbill:
    """The events of an exchange as the lines of a play, with the seconds to the line before."""

    exchange: Exchange
    ink: Ink

    def lines(self) -> Iterator[tuple[float, str]]:
        """Yield (seconds since the line before, line)."""
        entries = list(_without_echoes(self.exchange.transcript.entries))
        before = began = entries[0][0].moment
        for entry, texts in entries:
            who = entry.who if entry.utterance else ""
            line = self._heard(entry, texts) if entry.utterance else self._narrated(entry)
            if line:
                yield (entry.moment - before).total_seconds(), self._wrapped(entry.moment - began, who, line)
                before = entry.moment

    def _heard(self, entry: Entry, texts: list[str]) -> str:
        said = entry.utterance
        if said is None or said.sound:
            return f"♪ {said.text}" if said else ""
        words = said.as_text(self.exchange.now()) if len(texts) == 1 else " · ".join(texts)
        return f"«{words}»"

    def _narrated(self, entry: Entry) -> str:
        pattern = _NARRATED.get(entry.kind, "")
        if entry.kind == "ring_end":
            pattern = _RING_ENDS.get(entry.text, "{whose} phone stops ringing ({text}).")
        handset = next((one for one in self.exchange.handsets.values() if one.name == entry.who), None)
        if entry.kind == "answer" and handset is not None and isinstance(handset.behaviour, Voicemail):
            pattern = _VOICEMAIL
        return pattern.format(who=entry.who, whose=f"{entry.who}'s", text=entry.text)

    def _wrapped(self, offset: timedelta, who: str, text: str) -> str:
        lines = textwrap.wrap(text, WIDTH - _MARGIN)
        if not who:
            lines = [self.ink.quiet(line) for line in lines]
        name = self.ink.person(who) if who else ""
        return f"  {self.ink.quiet(_stamp(offset))}  {name}" + ("\n" + " " * _MARGIN).join(lines)


def _without_echoes(entries: list[Entry]) -> Iterator[tuple[Entry, list[str]]]:
    """Yield what is worth reading, with all texts of a listing such as the names of the languages.

    A tone or sentence that a phone hears twice running is told once.
    """
    last_heard: dict[str, str] = {}
    listing: dict[str, tuple[Entry, list[str]]] = {}
    found: list[tuple[Entry, list[str]]] = []
    for entry in entries:
        said = entry.utterance
        if said is None:
            found.append((entry, []))
            continue
        if last_heard.get(entry.who) == said.text:
            continue
        last_heard[entry.who] = said.text
        is_short = not said.sound and len(said.text.split()) == 1
        if is_short and entry.who in listing:
            listing[entry.who][1].append(said.text)
            continue
        found.append((entry, [said.text]))
        listing.pop(entry.who, None)
        if is_short:
            listing[entry.who] = found[-1]
    yield from found


def _stamp(offset: timedelta) -> str:
    minutes, seconds = divmod(int(offset.total_seconds()), 60)
    return f"{minutes:>2}:{seconds:02}"


def talk_length(length: timedelta) -> str:
    """Return a length as people say it.

    >>> talk_length(timedelta(seconds=372)), talk_length(timedelta(seconds=9))
    ('6 min 12 s', '9 s')
    """
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
