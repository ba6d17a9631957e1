"""Who speaks with whom at a change of shift? Who goes with who comes, of the same role first. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.oncall.proof.spans import Span, union
from hotline.oncall.shifts import Shift

NEAR = timedelta(hours=1)
"""So long before and after a change of shift the two sides can be connected, and so far apart they may be."""


class Side(StrEnum):
    """Whom somebody wants to speak with: who comes after them, or who was there before."""

    NEXT = "next"
    BEFORE = "before"


class TalkResult(StrEnum):
    """How a hand-over by voice ended; `call_first`: a caller waited, and had nobody else."""

    TALKED = "talked"
    NOT_REACHED = "not_reached"
    GONE = "gone"
    CALL_FIRST = "call_first"


@dataclass(frozen=True)
class Talk:
    """One hand-over by voice; `met_at` is when the other pressed the key."""

    id: str
    asker_id: str
    other_id: str
    call_id: str
    room: str
    began_at: datetime
    met_at: datetime | None = None
    ended_at: datetime | None = None
    result: str | None = None


@dataclass(frozen=True)
class Change:
    """A change of shift that is near: on which side somebody is, and who is on the other."""

    side: Side
    people: tuple[str, ...]


def change_near(shifts: Iterable[Shift], person_id: str, now: datetime) -> Change | None:
    """Return the change of shift at which somebody has a colleague to speak with, the nearest one first.

    Give every shift that runs within twice `NEAR` of now. Whoever said that they cannot is nobody's
    colleague; where nobody of the same role comes or goes, those of another role are.
    """
    turns = tuple(_turns(shifts))
    found = []
    for mine in (turn for turn in turns if turn.person_id == person_id):
        for side, edge in ((Side.NEXT, mine.span.ends_at), (Side.BEFORE, mine.span.starts_at)):
            met = [turn for turn in turns if turn.person_id != person_id and _meets(turn, side, edge, mine)]
            same = [turn.person_id for turn in met if turn.role == mine.role]
            people = tuple(dict.fromkeys(same or (turn.person_id for turn in met)))
            if people and abs(edge - now) <= NEAR:
                found.append((abs(edge - now), Change(side, people)))
    return min(found, key=lambda one: one[0])[1] if found else None


@dataclass(frozen=True)
class _Turn:
    """Somebody's time on duty without a break, in one role."""

    person_id: str
    role: str
    span: Span


def _turns(shifts: Iterable[Shift]) -> Iterator[_Turn]:
    of: dict[tuple[str, str], list[Span]] = {}
    for shift in shifts:
        if not shift.withdrawn:
            of.setdefault((shift.person_id, shift.role), []).append(Span(shift.starts_at, shift.ends_at))
    for (person_id, role), spans in of.items():
        for span in union(spans):
            yield _Turn(person_id, role, span)


def _meets(other: _Turn, side: Side, edge: datetime, mine: _Turn) -> bool:
    """Tell whether another turn begins where this one ends, or ended where it begins."""
    if side == Side.NEXT:
        return abs(other.span.starts_at - edge) <= NEAR and other.span.ends_at > mine.span.ends_at
    return abs(other.span.ends_at - edge) <= NEAR and other.span.starts_at < mine.span.starts_at
