"""How are notes and hand-overs by voice written for a terminal and for scripts? Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from hotline.handovers.note import Note
from hotline.handovers.talk import Talk

Heard = Mapping[str, Sequence[tuple[str, datetime]]]
"""Who has heard a note, and when, by the note's id."""


@dataclass(frozen=True)
class HandoverReport:
    """The notes with who has heard them, and who talked with whom; `names` by id."""

    notes: Sequence[Note]
    heard: Heard
    talks: Sequence[Talk]
    names: Mapping[str, str]
    zone: tzinfo

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `hotline handover --json` prints."""
        return {
            "notes": [self._note(one) for one in self.notes],
            "talks": [self._talk(t) for t in self.talks],
        }

    def lines(self) -> list[str]:
        """Return the lines that `hotline handover` prints."""
        lines = []
        for row in self.as_json()["notes"]:
            lines.append(f"{_short(row['at'])}  {row['name']}: «{_printable(row['note'])}»")
            lines += [f"  heard by {one['name']}, {_short(one['at'])}" for one in row["heard"]]
        for row in self.as_json()["talks"]:
            how = row["result"] or "still on"
            length = f", {row['seconds']} s" if row["seconds"] is not None else ""
            lines.append(
                f"{_short(row['at'])}  by voice: {row['asker']} called {row['other']}: {how}{length}"
            )
        return lines or ["No hand-over yet."]

    def _note(self, note: Note) -> dict[str, Any]:
        heard = [{"name": self._name(who), "at": self._local(at)} for who, at in self.heard.get(note.id, ())]
        return {
            "at": self._local(note.written_at),
            "name": self._name(note.person_id),
            "written_by": note.written_by,
            "note": note.words,
            "heard": heard,
        }

    def _talk(self, talk: Talk) -> dict[str, Any]:
        seconds = None
        if talk.met_at is not None and talk.ended_at is not None:
            seconds = round((talk.ended_at - talk.met_at).total_seconds())
        return {
            "at": self._local(talk.began_at),
            "asker": self._name(talk.asker_id),
            "other": self._name(talk.other_id),
            "result": talk.result,
            "seconds": seconds,
        }

    def _name(self, person_id: str) -> str:
        return self.names.get(person_id, "somebody")

    def _local(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).isoformat(timespec="seconds")


def _short(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _printable(words: str) -> str:
    """Take out every sign that could disturb a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in words)
