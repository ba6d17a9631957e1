"""Who is meant by an id, which number may stand in an address, and how is a reason given?"""

from typing import Annotated

from fastapi import Path
from pydantic import Field, StringConstraints

from hotline.api.problems import Problem
from hotline.database import Transaction
from hotline.people.person import Person
from hotline.people.store import people_by_ids

_LARGEST = 2**31 - 1
PersonId = Annotated[str, Field(max_length=32, description="A person, by id.")]
Number = Annotated[int, Path(ge=1, le=_LARGEST)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), Field(description="Why; it is kept.")
]
NeededReason = Annotated[Reason, StringConstraints(min_length=1)]


def somebody(tx: Transaction, person_id: str) -> Person:
    """Return the person with an id, also one who has left; raise a 404 for none."""
    for person in people_by_ids(tx, {person_id}):
        return person
    raise Problem(404, "there is nobody with this id")
