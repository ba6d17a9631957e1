"""Who answers the line?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody who answers; `last_resort`: agreed to be rung when no coordinator is on shift.

    `takes_texts`: has not written STOP; who has is told everything by calls.
    """

    id: str
    name: str
    phone: str
    role: str
    languages: tuple[str, ...]
    last_resort: bool
    active: bool = True
    takes_texts: bool = True
