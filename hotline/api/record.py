"""Who carried how much, and who changed what?"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from hotline.api import shapes
from hotline.api.desk import Apart, Coordinator
from hotline.api.moments import Days
from hotline.api.problems import refusals
from hotline.audit.change import change_as_json
from hotline.audit.store import newest_changes
from hotline.calls.rooms.store import worked_between
from hotline.oncall.proof.actions import shares_between
from hotline.oncall.proof.fairness import shares_as_json
from hotline.people.store import everybody

router = APIRouter(route_class=Apart, tags=["record"], responses=refusals())

_LONGEST = timedelta(days=366)
About = Annotated[str, Query(max_length=40, description="What begins so, as rota, person, absences.")]


class Shares(shapes.Shape):
    """What everybody carried, by name: without any ranking."""

    shares: list[shapes.Share]


class Changes(shapes.Shape):
    """Changes of people and rota, newest first."""

    changes: list[shapes.Change]


@router.get("/fairness", response_model=Shares)
def fairness(asker: Coordinator, days: Days) -> Any:
    """Say how many hours everybody was on duty, and what they weigh, over at most 366 days."""
    with asker.reading("shares") as tx:
        today = tx.now.astimezone(asker.profile.service.timezone).date()
        since, to = days.within(_LONGEST, today)
        return {"shares": shares_as_json(shares_between(tx, asker.profile, since, to, worked_between))}


@router.get("/changes", response_model=Changes)
def changes(asker: Coordinator, about: About = "", most: Annotated[int, Query(ge=1, le=500)] = 50) -> Any:
    """List who changed what of people and rota, when, from what to what, and why."""
    zone = asker.profile.service.timezone
    with asker.reading("changes") as tx:
        names = {person.id: person.name for person in everybody(tx)}
        found = [change_as_json(one, names, zone) for one in newest_changes(tx, most, about)]
    return {"changes": found}
