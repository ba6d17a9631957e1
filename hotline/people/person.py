"""Who answers the line?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody who answers; `last_resort`: agreed to be rung when no coordinator is on shift."""

    id: str
    name: str
    phone: str
    role: str
    languages: tuple[str, ...]
    last_resort: bool
    active: bool = True
