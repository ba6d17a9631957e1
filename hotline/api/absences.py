"""When is somebody away: read, added, taken back?"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field

from hotline.api.csv_answers import AsCsv, csv_answer, or_csv
from hotline.api.desk import Apart, Asker, Coordinator, CoordinatorOrSelf
from hotline.api.known import somebody
from hotline.api.moments import Moment, Period
from hotline.api.problems import Problem, refusals
from hotline.api.shapes import Iso, Shape
from hotline.people.export import absences_csv
from hotline.people.serving import store as serving
from hotline.people.serving.actions import add_absence, remove_absence
from hotline.people.store import everybody
from hotline.people.terms import Absence, AbsenceKind

router = APIRouter(route_class=Apart, tags=["absences"], responses=refusals())

_LONGEST = timedelta(days=366)
AbsenceId = Annotated[str, Path(max_length=32)]


class NewAbsence(Shape):
    """Somebody will be away from a moment up to and without another, and why it is written down."""

    person: str = Field(max_length=32)
    starts_at: Moment
    ends_at: Moment
    kind: AbsenceKind
    reason: str = Field("", max_length=200)


class KeptAbsence(Shape):
    """An absence as it is kept."""

    id: str
    person: str
    starts_at: Iso
    ends_at: Iso
    kind: AbsenceKind


class Absences(Shape):
    """The absences that touch a period, earliest first."""

    absences: list[KeptAbsence]


@router.get(
    "/absences", response_model=Absences, responses=or_csv("Absences, as JSON or as a file to import.")
)
def absences(asker: Coordinator, period: Period, as_csv: AsCsv) -> Any:
    """List the absences that touch a period of at most 366 days."""
    with asker.reading("absences") as tx:
        found = serving.absences_by_id(tx, *period.within(_LONGEST, tx.now))
        if as_csv:
            zone = asker.profile.service.timezone
            return csv_answer(absences_csv(found.values(), everybody(tx), zone), "absences")
    return {"absences": [_kept(key, one, asker) for key, one in found.items()]}


@router.get("/me/absences", response_model=Absences)
def my_absences(asker: CoordinatorOrSelf, period: Period) -> Any:
    """List one's own absences that touch a period of at most 366 days."""
    with asker.reading("own absences") as tx:
        found = serving.absences_by_id(tx, *period.within(_LONGEST, tx.now))
    mine = {key: one for key, one in found.items() if one.person_id == asker.person.id}
    return {"absences": [_kept(key, one, asker) for key, one in mine.items()]}


@router.post("/absences", response_model=KeptAbsence, status_code=201, responses=refusals(404))
def add(asker: Coordinator, new: NewAbsence) -> Any:
    """Write down that somebody is away; one that overlaps another of the same person is refused."""
    with asker.changing("api add absence", "absence") as tx:
        somebody(tx, new.person)
        absence = Absence(new.person, new.starts_at, new.ends_at, new.kind)
        key = add_absence(tx, absence, asker.person.id, new.reason)
    return _kept(key, absence, asker)


@router.delete("/absences/{absence_id}", status_code=204, responses=refusals(404))
def take_back(asker: Coordinator, absence_id: AbsenceId) -> None:
    """Take an absence back."""
    with asker.changing("api remove absence", absence_id) as tx:
        if not remove_absence(tx, absence_id, asker.person.id, "taken back by the API"):
            raise Problem(404, "there is no such absence")


def _kept(key: str, one: Absence, asker: Asker) -> dict[str, Any]:
    def local(moment: datetime) -> str:
        return moment.astimezone(asker.profile.service.timezone).isoformat()

    return {
        "id": key,
        "person": one.person_id,
        "starts_at": local(one.starts_at),
        "ends_at": local(one.ends_at),
        "kind": one.kind,
    }
