"""What is an offered shift, what may become of it, and what changes when it is taken? Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.shifts import Shift


class State(StrEnum):
    """Where an offer stands; while it is open, the shift is still of whoever offers it."""

    OPEN = "open"
    TAKEN = "taken"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Event(StrEnum):
    """What happens to an offer."""

    TAKE = "take"
    DECIDE = "decide"
    UNTAKE = "untake"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


NEXT: dict[tuple[State, Event], State] = {
    (State.OPEN, Event.TAKE): State.TAKEN,
    (State.OPEN, Event.DECIDE): State.DECIDED,
    (State.OPEN, Event.WITHDRAW): State.WITHDRAWN,
    (State.OPEN, Event.LAPSE): State.LAPSED,
    (State.TAKEN, Event.UNTAKE): State.OPEN,
    (State.DECIDED, Event.UNTAKE): State.OPEN,
}
"""The life of an offer: what is not in here does not happen."""

OF_SOMEBODY_ELSE = frozenset({State.TAKEN, State.DECIDED})


@dataclass(frozen=True)
class Offer:
    """Somebody offers the shift of `[starts_at, ends_at)`, to all who may take it or to `asked_id` alone.

    `return_starts_at`: a trade, for that shift of whoever is asked. `opened_at` is when it was made, or left
    again by a taker; `chosen_at`, when it was last decided whom to ask. `group` holds together the overrides
    by which it was taken; `number` is 0 before it is stored.
    """

    role: str
    person_id: str
    starts_at: datetime
    ends_at: datetime
    made_by: str
    reason: str
    opened_at: datetime
    asked_id: str | None = None
    return_starts_at: datetime | None = None
    return_ends_at: datetime | None = None
    state: State = State.OPEN
    chosen_at: datetime | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None
    group: str | None = None
    number: int = 0

    @property
    def shift(self) -> Shift:
        """Return what is offered."""
        return Shift(self.person_id, self.role, self.starts_at, self.ends_at)

    @property
    def is_trade(self) -> bool:
        """Tell whether another shift is wanted in return."""
        return self.return_starts_at is not None

    @property
    def begins_at(self) -> datetime:
        """Return when the first of its shifts begins."""
        return min(self.starts_at, self.return_starts_at or self.starts_at)

    @property
    def lapses_at(self) -> datetime:
        """Return when it is too late: as it begins, and of a shift that ran already at its end."""
        return self.begins_at if self.opened_at < self.begins_at else self.ends_at

    def taken_as(self, taker_id: str, by: str, reason: str, group: str, now: datetime) -> list[Override]:
        """Return what changes when somebody takes it: of a running shift only what is left of it."""
        begins = max(self.starts_at, now)
        role, swap = self.role, Cause.SWAP
        changes = [Override(role, self.person_id, taker_id, begins, self.ends_at, swap, by, reason, group)]
        if self.return_starts_at is not None and self.return_ends_at is not None:
            begins, ends = max(self.return_starts_at, now), self.return_ends_at
            changes.append(Override(role, taker_id, self.person_id, begins, ends, swap, by, reason, group))
        return changes


def held_by(shifts: Iterable[Shift], person_id: str, starts_at: datetime) -> Shift | None:
    """Return the shift of somebody that begins at a moment.

    >>> from datetime import UTC
    >>> night = Shift("anna", "volunteer", datetime(2026, 11, 22, 19, tzinfo=UTC),
    ...               datetime(2026, 11, 23, 7, tzinfo=UTC))
    >>> held_by([night], "anna", night.starts_at) == night, held_by([night], "bruno", night.starts_at)
    (True, None)
    """
    mine = (one for one in shifts if one.person_id == person_id and one.starts_at == starts_at)
    return next(mine, None)
