"""Who answers, on which terms, and which times do they wish for?"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path

from hotline.api.csv_answers import AsCsv, csv_answer, or_csv
from hotline.api.desk import Apart, Coordinator, CoordinatorOrSelf
from hotline.api.known import somebody
from hotline.api.problems import Problem, refusals
from hotline.api.shapes import Iso, Named, Shape
from hotline.api.tokens.token import Role
from hotline.people.export import people_csv, wishes_csv
from hotline.people.person import Person
from hotline.people.serving import store as serving
from hotline.people.store import everybody
from hotline.people.terms import Terms
from hotline.phone_number import mask

router = APIRouter(route_class=Apart, tags=["people"], responses=refusals())


class Somebody(Named):
    """A person and their terms; the phone is whole only where a coordinator looks somebody up."""

    id: str
    phone: str
    role: str
    languages: list[str]
    last_resort: bool
    active: bool
    contract: str
    qualifications: list[str]
    training_until: date | None
    started_on: date | None
    told_by: str
    phone_verified_at: Iso | None


class People(Shape):
    """Everybody, by name."""

    people: list[Somebody]


class Wish(Shape):
    """A time of the week that somebody prefers or cannot; 0 is Monday, `ends` may be on the next day."""

    person: str
    days: list[int]
    starts: str
    ends: str
    wish: str


class Wishes(Shape):
    """What everybody prefers or cannot."""

    wishes: list[Wish]


@router.get("/people", response_model=People, responses=or_csv("People, as JSON or as a file to import."))
def people(asker: Coordinator, as_csv: AsCsv) -> Any:
    """List everybody with phone and terms; as CSV only who is active."""
    with asker.reading("people") as tx:
        found = everybody(tx)
        terms = serving.terms_of(tx, found)
    if as_csv:
        return csv_answer(people_csv(found, terms), "people")
    return {"people": [_somebody(one, terms[one.id], one.phone) for one in found]}


@router.get("/people/{person_id}", response_model=Somebody, responses=refusals(404))
def person(asker: CoordinatorOrSelf, person_id: Annotated[str, Path(max_length=32)]) -> Any:
    """Say who somebody is; a token of the role self opens only one's own."""
    whole = asker.token.role == Role.COORDINATOR
    if not whole and person_id != asker.person.id:
        raise Problem(403, "a token of the role self opens only the own person")
    with asker.reading("a person") as tx:
        found = somebody(tx, person_id)
        terms = serving.terms_of(tx, [found])[found.id]
    return _somebody(found, terms, found.phone if whole else mask(found.phone))


@router.get("/me", response_model=Somebody)
def me(asker: CoordinatorOrSelf) -> Any:
    """Say whose token this is, and on which terms they serve."""
    with asker.reading("the own person") as tx:
        terms = serving.terms_of(tx, [asker.person])[asker.person.id]
    return _somebody(asker.person, terms, mask(asker.person.phone))


@router.get("/wishes", response_model=Wishes, responses=or_csv("Wishes, as JSON or as a file to import."))
def wishes(asker: Coordinator, as_csv: AsCsv) -> Any:
    """List the times of the week that people prefer or cannot."""
    with asker.reading("wishes") as tx:
        found = serving.every_wish(tx)
        known = everybody(tx)
    if as_csv:
        return csv_answer(wishes_csv(found, known), "wishes")
    rows = [
        {
            "person": one.person_id,
            "days": sorted(one.days),
            "starts": f"{one.starts:%H:%M}",
            "ends": f"{one.ends:%H:%M}",
            "wish": one.wish,
        }
        for one in found
    ]
    return {"wishes": rows}


def _somebody(one: Person, terms: Terms, phone: str) -> dict[str, Any]:
    verified = terms.phone_verified_at
    return {
        "id": one.id,
        "name": one.name,
        "phone": phone,
        "role": one.role,
        "languages": list(one.languages),
        "last_resort": one.last_resort,
        "active": one.active,
        "contract": terms.contract,
        "qualifications": sorted(terms.qualifications),
        "training_until": terms.training_until,
        "started_on": terms.started_on,
        "told_by": terms.told_by,
        "phone_verified_at": verified.isoformat() if verified else None,
    }
