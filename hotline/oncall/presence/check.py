"""How far has it come with asking somebody whether they are there, and what is due next? Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

RING_AGAIN = timedelta(minutes=2)
"""A second call within three minutes passes many do-not-disturb settings (live-call §2)."""

GIVE_UP = timedelta(seconds=90)
"""So long after the second call it counts as unanswered; one that is on the line is waited for."""


class Kind(StrEnum):
    """What is asked: whether a shift is kept, or whether the social worker can be reached tonight."""

    SHIFT = "shift"
    NIGHT = "night"


class Step(StrEnum):
    """What was done last: asked ahead, told that it has begun, rung, rung again, somebody else was sought."""

    ASKED = "asked"
    BEGUN = "begun"
    RUNG = "rung"
    RUNG_AGAIN = "rung_again"
    MISSING = "missing"


NEXT = {
    Step.ASKED: Step.BEGUN,
    Step.BEGUN: Step.RUNG,
    Step.RUNG: Step.RUNG_AGAIN,
    Step.RUNG_AGAIN: Step.MISSING,
}
"""One step at a time, until they are heard; nothing follows once somebody else is sought."""


@dataclass(frozen=True)
class Check:
    """One person is asked about one block of shifts, or one night; `starts_at` is when that begins.

    `asked_at` is None where nobody was asked ahead; `cannot_at`: they said that they will not come.
    """

    id: str
    person_id: str
    role: str
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    step: Step
    step_at: datetime
    asked_at: datetime | None = None
    heard_at: datetime | None = None
    cannot_at: datetime | None = None
    left_at: datetime | None = None


def next_step(check: Check, now: datetime, grace: timedelta) -> Step | None:
    """Return the step that is due, None if there is none yet.

    >>> from datetime import UTC
    >>> ten = datetime(2026, 11, 22, 21, tzinfo=UTC)
    >>> check = Check("1", "anna", "volunteer", Kind.SHIFT, ten, ten + timedelta(hours=8), Step.BEGUN, ten)
    >>> [next_step(check, ten + timedelta(minutes=late), timedelta(minutes=5)) for late in (4, 5)]
    [None, <Step.RUNG: 'rung'>]
    """
    if check.heard_at is not None or check.ends_at <= now:
        return None
    due_at = {
        Step.ASKED: check.starts_at,
        Step.BEGUN: check.step_at + grace,
        Step.RUNG: check.step_at + RING_AGAIN,
        Step.RUNG_AGAIN: check.step_at + GIVE_UP,
    }.get(check.step)
    return NEXT[check.step] if due_at is not None and due_at <= now else None


def as_of(check: Check, at: datetime) -> Check | None:
    """Return a check as it stood at a moment; None where nobody had been asked by then.

    The steps between the first question and the last are not kept one by one: between them, it was asked.
    """
    began_at = check.asked_at or check.starts_at
    if began_at > at:
        return None
    return replace(
        check,
        step=check.step if check.step_at <= at else Step.ASKED,
        heard_at=_by(at, check.heard_at),
        cannot_at=_by(at, check.cannot_at),
        left_at=_by(at, check.left_at),
    )


def _by(at: datetime, moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment <= at else None
