"""Who is on instead of whom, for once: listed, decided, called off?"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from hotline.api.desk import Apart, Coordinator
from hotline.api.known import NeededReason, Number, PersonId, Reason, somebody
from hotline.api.moments import Moment, Period
from hotline.api.problems import Problem, refusals
from hotline.api.shapes import IsoMinute, RoleName, Shape
from hotline.oncall.overrides import actions, store
from hotline.oncall.overrides.override import Cause
from hotline.oncall.overrides.override_report import override_as_json
from hotline.people.store import everybody

router = APIRouter(prefix="/overrides", route_class=Apart, tags=["overrides"], responses=refusals())

_LONGEST = timedelta(days=92)
Together = Annotated[bool, Query(description="And what was decided together with it.")]


class NewOverride(Shape):
    """Who is off, who is on, from when to when: by default from now, until the shift of who is off ends."""

    off: PersonId | None = None
    on: PersonId | None = None
    from_: Moment | None = Field(None, alias="from")
    to: Moment | None = None
    reason: Reason = Field("", examples=["fever"])


class CallOff(Shape):
    """Why an override is called off."""

    reason: NeededReason


class KeptOverride(Shape):
    """An override: who is off and who is on, by name; one of them may be nobody."""

    number: int
    role: RoleName
    off: str | None
    on: str | None
    from_: IsoMinute = Field(alias="from")
    to: IsoMinute
    cause: Cause
    by: str
    reason: str


class MadeOverride(KeptOverride):
    """An override as it was decided, with what it breaks for this reason."""

    broken: list[str]


class Overrides(Shape):
    """The overrides that count at some moment of a period, earliest first."""

    overrides: list[KeptOverride]


class CalledOff(Shape):
    """The numbers of the overrides that were called off."""

    called_off: list[int]


@router.get("", response_model=Overrides)
def overrides(asker: Coordinator, period: Period) -> Any:
    """List the overrides of a period of at most 92 days."""
    zone = asker.profile.service.timezone
    with asker.reading("overrides") as tx:
        names = {one.id: one.name for one in everybody(tx)}
        found = store.touching(tx, *period.within(_LONGEST, tx.now))
    return {"overrides": [override_as_json(one, names, zone) for one in found]}


@router.post("", response_model=MadeOverride, status_code=201, responses=refusals(404))
def decide(asker: Coordinator, new: NewOverride) -> Any:
    """Put somebody on instead of, or beside, somebody else, or take them off; both are told.

    What is impossible is refused; what breaks a rule needs the reason.
    """
    with asker.desk.database.reading() as tx:
        off = somebody(tx, new.off) if new.off is not None else None
        on = somebody(tx, new.on) if new.on is not None else None
        wanted = actions.stand_in(tx, off, on, new.from_, new.to, asker.person, new.reason)
        considered = actions.consider(tx, asker.ground, asker.person, [wanted])
    with asker.changing("api override", "override") as tx:
        actions.decide(tx, considered)
        (made,) = store.of_group(tx, wanted.group)
        names = {one.id: one.name for one in everybody(tx)}
    return {**override_as_json(made, names, asker.profile.service.timezone), "broken": list(considered.lines)}


@router.delete("/{number}", response_model=CalledOff, responses=refusals(404, 409))
def call_off(asker: Coordinator, number: Number, why: CallOff, together: Together = False) -> Any:
    """End an override now, or before it begins; what was before holds again, and both are told."""
    with asker.changing("api call off override", f"override {number}") as tx:
        if store.by_number(tx, number) is None:
            raise Problem(404, "there is no such override")
        numbers = actions.decided_together(tx, number) if together else [number]
        ended = actions.call_off(tx, numbers, asker.person.id, why.reason)
    return {"called_off": [one.number for one in ended]}
