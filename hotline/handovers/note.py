"""What is a note for the next shift, whom does it wait for, and when may one be left? Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.oncall.shifts import Shift

WAITS = timedelta(hours=24)
"""So long a note waits for whoever comes on duty; afterwards only the list at the terminal shows it."""

AFTERWARDS = timedelta(hours=2)
"""So long after their shift somebody may still leave a note for the next."""

LONGEST = 1500
"""Letters of a note, and of what is read aloud at a time: a minute and a half."""


@dataclass(frozen=True)
class Note:
    """One note; `written_by` is how it came: text or terminal."""

    id: str
    person_id: str
    words: str
    written_at: datetime
    written_by: str


def may_write(shifts: Iterable[Shift], person_id: str, at: datetime) -> bool:
    """Tell whether somebody is on duty, or was until two hours ago."""
    return any(
        shift.person_id == person_id and shift.starts_at <= at < shift.ends_at + AFTERWARDS
        for shift in shifts
    )


def waiting(notes: Iterable[Note], heard: Iterable[str], person_id: str) -> tuple[Note, ...]:
    """Return the notes of others that somebody has not heard, in their order; `heard` are ids."""
    known = set(heard)
    return tuple(note for note in notes if note.person_id != person_id and note.id not in known)


def to_read(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return as many of the first notes as can be listened to at a time, at least one.

    >>> long, short = (Note(name, "anna", "x" * size, datetime(2026, 11, 22), "text")
    ...                for name, size in (("long", 1400), ("short", 200)))
    >>> [note.id for note in to_read([long, short])], [note.id for note in to_read([short, short])]
    (['long'], ['short', 'short'])
    """
    length, found = 0, list[Note]()
    for note in notes:
        length += len(note.words)
        if found and length > LONGEST:
            break
        found.append(note)
    return tuple(found)
