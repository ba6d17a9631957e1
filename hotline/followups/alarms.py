"""Whom does an alarm ring, and when does the next one? Pure."""

from dataclasses import dataclass
from datetime import timedelta

from hotline.people.person import Person

EACH = timedelta(minutes=5)
LATER = timedelta(minutes=15)
OWNER, FIRST, BACKUP, COORDINATORS, ALL = -1, 0, 1, 2, 3
"""Steps: whoever let it go, the social worker on duty, the backup, the coordinators, then all of them."""

_ROUNDS_OF_ALL = 12
"""All of them every five minutes for an hour."""


@dataclass(frozen=True)
class OnDuty:
    """Who can be alarmed now: the social workers, first on duty then backup, and the coordinators."""

    social_workers: tuple[Person, ...]
    coordinators: tuple[Person, ...]
    owner: Person | None = None

    def at(self, step: int) -> tuple[Person, ...]:
        """Return who is alarmed at a step."""
        owner = (self.owner,) if self.owner is not None else ()
        groups = {
            OWNER: owner,
            FIRST: self.social_workers[:1],
            BACKUP: self.social_workers[1:],
            COORDINATORS: self.coordinators,
        }
        everybody = (*owner, *self.social_workers, *self.coordinators)
        return groups.get(step, tuple(dict.fromkeys(everybody)))


@dataclass(frozen=True)
class Alarm:
    """Ring these people now, and look again after a while at the next step; nobody: nobody is free."""

    people: tuple[Person, ...]
    next_step: int
    after: timedelta


def next_alarm(step: int, duty: OnDuty, busy: frozenset[str]) -> Alarm | None:
    """Return whom to alarm from this step on; a step where nobody is free is not waited for."""
    for candidate in (*range(step, ALL), max(step, ALL)):
        free = [person for person in duty.at(candidate) if person.id not in busy]
        if free:
            return Alarm(tuple(free), candidate + 1, wait_after(candidate))
    return None


def wait_after(step: int) -> timedelta:
    """Return how long after an alarm of this step the next one rings.

    >>> [wait_after(step).seconds // 60 for step in (0, 2, 3, 14, 15)]
    [5, 5, 5, 5, 15]
    """
    return EACH if step < ALL + _ROUNDS_OF_ALL else LATER
