"""Whose shifts are when; and one's own, with what one said of them?"""

from datetime import timedelta, tzinfo
from typing import Annotated, Any

from fastapi import APIRouter, Query

from hotline.api.csv_answers import AsCsv, csv_answer, or_csv
from hotline.api.desk import Apart, Coordinator, CoordinatorOrSelf
from hotline.api.moments import Period
from hotline.api.problems import refusals
from hotline.api.shapes import Iso, Shape, ShiftTime
from hotline.oncall.shifts import Shift
from hotline.oncall.store import confirmed_at, on_duty_between
from hotline.oncall.timesheet import write_timesheet
from hotline.people.store import everybody

router = APIRouter(route_class=Apart, tags=["shifts"], responses=refusals())

_LONGEST = timedelta(days=92)
PersonId = Annotated[str, Query(max_length=32, description="Only of one person, by id.")]


class SomebodysShift(ShiftTime):
    """A shift and whose it is; `said_cannot`: they said that they cannot."""

    person: str
    name: str
    said_cannot: bool


class OwnShift(ShiftTime):
    """One's own shift: when it was confirmed, and whether one said that one cannot."""

    said_cannot: bool
    confirmed_at: Iso | None


class Shifts(Shape):
    """The shifts that run at some moment of a period, earliest first."""

    shifts: list[SomebodysShift]


class OwnShifts(Shape):
    """One's own shifts of a period, earliest first."""

    shifts: list[OwnShift]


@router.get("/shifts", response_model=Shifts, responses=or_csv("Shifts, as JSON or as a file to import."))
def shifts(asker: Coordinator, period: Period, as_csv: AsCsv, person: PersonId = "") -> Any:
    """List the shifts that run in a period of at most 92 days."""
    zone = asker.profile.service.timezone
    with asker.reading(f"shifts of {person or 'everybody'}") as tx:
        first, last = period.within(_LONGEST, tx.now)
        found = [one for one in on_duty_between(tx, first, last) if person in ("", one.person_id)]
        people = everybody(tx)
    if as_csv:
        return csv_answer(write_timesheet(found, people, zone), "shifts")
    name = {one.id: one.name for one in people}
    return {
        "shifts": [
            {"person": one.person_id, "name": name[one.person_id], **_when(one, zone)} for one in found
        ]
    }


@router.get("/me/shifts", response_model=OwnShifts)
def my_shifts(asker: CoordinatorOrSelf, period: Period) -> Any:
    """List one's own shifts in a period of at most 92 days."""
    zone = asker.profile.service.timezone
    with asker.reading("own shifts") as tx:
        first, last = period.within(_LONGEST, tx.now)
        mine = [one for one in on_duty_between(tx, first, last) if one.person_id == asker.person.id]
        said = {one: confirmed_at(tx, one) for one in mine}
    return {
        "shifts": [
            {**_when(one, zone), "confirmed_at": at.astimezone(zone).isoformat() if at else None}
            for one, at in said.items()
        ]
    }


def _when(one: Shift, zone: tzinfo) -> dict[str, Any]:
    return {
        "role": one.role,
        "starts_at": one.starts_at.astimezone(zone).isoformat(),
        "ends_at": one.ends_at.astimezone(zone).isoformat(),
        "said_cannot": one.withdrawn,
    }
