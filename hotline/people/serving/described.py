"""How does the record of changes describe a person and their terms? Without the phone, which is the key."""

from hotline.people.person import Person
from hotline.people.terms import Terms


def person_described(person: Person, terms: Terms) -> str:
    """Return everything that an import can change, in one line."""
    trained = f"trained until {terms.training_until}" if terms.training_until else "no end of training"
    return "; ".join(
        (
            person.name,
            person.role,
            "+".join(person.languages),
            "last resort" if person.last_resort else "not last resort",
            "active" if person.active else "not active",
            terms.contract,
            "+".join(sorted(terms.qualifications)) or "no qualification",
            trained,
            f"since {terms.started_on}" if terms.started_on else "no first day",
            f"told by {terms.told_by}",
        )
    )
