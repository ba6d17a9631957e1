"""On what terms does somebody serve: contract, qualifications, training, absences, wishes? Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class Contract(StrEnum):
    """Which set of rest and working-time rules holds for a person."""

    VOLUNTEER = "volunteer"
    COOPERATIVE = "cooperative"
    MUNICIPAL = "municipal"


class Qualification(StrEnum):
    """What somebody has been trained for, or is on request: a woman who answers."""

    MINORS = "minors"
    VIOLENCE = "violence"
    WOMAN = "woman"


class ToldBy(StrEnum):
    """How somebody wants to be reminded."""

    TEXT = "text"
    CALL = "call"


class AbsenceKind(StrEnum):
    """Why somebody is away. Nothing more is asked or stored."""

    LEAVE = "leave"
    SICKNESS = "sickness"
    OTHER = "other"


class Wishes(StrEnum):
    """What somebody says of a time of the week."""

    PREFERRED = "preferred"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Terms:
    """On what terms one person serves; dates are local, `training_until` is the last valid day.

    `phone_verified_at`: when a key was last pressed on this phone in a call that announced itself as a test.
    """

    person_id: str
    contract: Contract
    qualifications: frozenset[Qualification] = frozenset()
    training_until: date | None = None
    started_on: date | None = None
    told_by: ToldBy = ToldBy.TEXT
    phone_verified_at: datetime | None = None


@dataclass(frozen=True)
class Absence:
    """Somebody is away from `starts_at` until just before `ends_at`."""

    person_id: str
    starts_at: datetime
    ends_at: datetime
    kind: AbsenceKind


@dataclass(frozen=True)
class Wish:
    """A time of the week, local wall time, that somebody prefers or cannot; 0 is Monday.

    It begins on `days`; when `ends` is not later than `starts` it ends on the next day.
    """

    person_id: str
    days: frozenset[int]
    starts: time
    ends: time
    wish: Wishes


def contract_of_role(role: str) -> Contract:
    """Return the contract of somebody of whom the file says nothing.

    >>> contract_of_role("social_worker").value, contract_of_role("volunteer").value
    ('cooperative', 'volunteer')
    """
    return Contract.VOLUNTEER if role == "volunteer" else Contract.COOPERATIVE
