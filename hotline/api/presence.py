"""Who is there and who will be, and how did one's own phone fare?"""

from typing import Any, Literal

from fastapi import APIRouter

from hotline.api.desk import Apart, Coordinator, CoordinatorOrSelf
from hotline.api.moments import At
from hotline.api.problems import refusals
from hotline.api.shapes import Iso, IsoMinute, Named, RoleName, Shape
from hotline.calls.presence.seen import presence_at
from hotline.calls.rings.jobs import KEPT
from hotline.calls.rings.ring_report import rings_as_json
from hotline.calls.rings.store import rings_of
from hotline.oncall.presence.report import presence_as_json

router = APIRouter(route_class=Apart, tags=["presence"], responses=refusals())


class SomebodysPresence(Named):
    """A shift, or the call at the beginning of the night: asked when and how, heard when."""

    role: RoleName
    night: bool
    starts_at: IsoMinute
    ends_at: IsoMinute
    state: Literal["not asked", "asked", "confirmed", "not heard", "not reached", "cannot", "checked out"]
    asked_at: IsoMinute | None
    asked_by: Literal["text", "call"] | None
    heard_at: IsoMinute | None


class Presences(Shape):
    """The shifts that run at a moment or begin within a day, earliest first."""

    presence: list[SomebodysPresence]


class Ring(Shape):
    """How one's own phone fared once; nothing of the caller."""

    at: Iso
    role: str
    result: str


class Rings(Shape):
    """The rings of the last 90 days, newest first."""

    rings: list[Ring]


@router.get("/presence", response_model=Presences)
def presence(asker: Coordinator, at: At = None) -> Any:
    """Say who has confirmed the shifts that run and those of the next day, who was asked, who not reached."""
    with asker.reading("presence") as tx:
        found = presence_at(tx, at or tx.now)
    return {"presence": presence_as_json(found, asker.profile.service.timezone)}


@router.get("/me/presence", response_model=Presences)
def my_presence(asker: CoordinatorOrSelf, at: At = None) -> Any:
    """Say how it stands with one's own shifts that run or begin within a day."""
    with asker.reading("own presence") as tx:
        found = [one for one in presence_at(tx, at or tx.now) if one.person.id == asker.person.id]
    return {"presence": presence_as_json(found, asker.profile.service.timezone)}


@router.get("/me/rings", response_model=Rings)
def my_rings(asker: CoordinatorOrSelf) -> Any:
    """Say how one's own phone fared in the last 90 days."""
    with asker.reading("own rings") as tx:
        found = rings_of(tx, asker.person.id, tx.now - KEPT)
    return {"rings": rings_as_json(found, asker.profile.service.timezone)}
