"""Who is somebody of whom nothing is known but role and contract, and who is never in the way? Pure."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hotline.oncall.plan.problem import Problem
from hotline.people.person import Person
from hotline.people.terms import Contract, Terms

_TRAINED = date.max
_TESTED = datetime.min.replace(tzinfo=UTC)
_PHONE = "+393400000000"


def stand_ins(role: str, contract: Contract, many: int = 1) -> dict[str, tuple[Person, Terms]]:
    """Return so many people of a role, trained and tested, never away, by id; nobody of ours has such an id.

    >>> list(stand_ins("volunteer", Contract.VOLUNTEER, 2))
    ['one more volunteer 001', 'one more volunteer 002']
    """
    found = {}
    for number in range(1, many + 1):
        person_id = f"one more {role} {number:03}"
        person = Person(person_id, person_id, _PHONE, role, (), last_resort=False)
        terms = Terms(person_id, contract, training_until=_TRAINED, phone_verified_at=_TESTED)
        found[person_id] = (person, terms)
    return found


def staffed_by(problem: Problem, people: dict[str, tuple[Person, Terms]]) -> Problem:
    """Return a problem with these people only, who have done nothing yet."""
    return replace(
        problem,
        people={person_id: person for person_id, (person, _) in people.items()},
        terms={person_id: terms for person_id, (_, terms) in people.items()},
        absences=(),
        kept=(),
        worked=(),
        wished=replace(problem.wished, wishes=()),
        countries=("IT",),
    )
