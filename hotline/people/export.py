"""How are people, absences and wishes written, so that an import reads the same again? Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, tzinfo

from hotline.people.away import ABSENCE_COLUMNS, WISH_COLUMNS
from hotline.people.csv_rows import write_csv
from hotline.people.person import Person
from hotline.people.roster import COLUMNS, OPTIONAL
from hotline.people.terms import Absence, Terms, Wish
from hotline.profile import ROLES

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def people_csv(people: Iterable[Person], terms: Mapping[str, Terms]) -> str:
    """Return who is active, with their terms: whoever has left would be back with the next import.

    Interpreters are the profile's, and no file brings them.
    """
    wanted = [one for one in people if one.active and one.role in ROLES]
    return write_csv((*COLUMNS, *OPTIONAL), (_person_cells(one, terms[one.id]) for one in wanted))


def absences_csv(absences: Iterable[Absence], people: Iterable[Person], zone: tzinfo) -> str:
    """Return absences by phone, in local time with its offset: no hour of October is meant twice."""
    phone = {one.id: one.phone for one in people}
    rows = (
        (
            phone[one.person_id],
            one.starts_at.astimezone(zone).isoformat(),
            one.ends_at.astimezone(zone).isoformat(),
            one.kind.value,
        )
        for one in absences
    )
    return write_csv(ABSENCE_COLUMNS, rows)


def wishes_csv(wishes: Iterable[Wish], people: Iterable[Person]) -> str:
    """Return preferred and impossible times of the week by phone."""
    phone = {one.id: one.phone for one in people}
    rows = (
        (
            phone[one.person_id],
            ";".join(_DAYS[day] for day in sorted(one.days)),
            f"{one.starts:%H:%M}",
            f"{one.ends:%H:%M}",
            one.wish.value,
        )
        for one in wishes
    )
    return write_csv(WISH_COLUMNS, rows)


def _person_cells(person: Person, terms: Terms) -> tuple[str, ...]:
    return (
        person.name,
        person.phone,
        person.role,
        ";".join(person.languages),
        "yes" if person.last_resort else "no",
        terms.contract.value,
        ";".join(sorted(terms.qualifications)),
        _day(terms.training_until),
        _day(terms.started_on),
        terms.told_by.value,
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
