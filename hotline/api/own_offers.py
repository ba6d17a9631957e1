"""Which shifts does one offer oneself, which was one asked for, and which does one take?"""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from hotline.api.desk import Apart, CoordinatorOrSelf
from hotline.api.known import Number, Reason
from hotline.api.moments import Moment
from hotline.api.offers import OfferedShift, known_offer, offered, taken
from hotline.api.problems import refusals
from hotline.api.shapes import Shape
from hotline.oncall.swaps import store
from hotline.oncall.swaps.choosing import wanted_offer
from hotline.oncall.swaps.offer_report import own_offer_as_json

router = APIRouter(prefix="/me/offers", route_class=Apart, tags=["offers"], responses=refusals())


class NewOwnOffer(Shape):
    """Which of one's own shifts is offered to everybody who may take it: by default the next one."""

    from_: Moment | None = Field(None, alias="from", description="When the shift begins.")
    now: bool = Field(default=False, description="What is left of the shift that runs.")
    reason: Reason = ""


class OwnOffers(Shape):
    """What one offers, and what one was asked for and may take: nobody is named."""

    mine: list[OfferedShift]
    asked: list[OfferedShift]


@router.get("", response_model=OwnOffers)
def my_offers(asker: CoordinatorOrSelf) -> Any:
    """List one's own open offers, and those that one was asked for."""
    zone = asker.profile.service.timezone
    with asker.reading("own offers") as tx:
        mine, asked = store.open_of(tx, asker.person.id), store.open_to(tx, asker.person.id)
    return {
        "mine": [own_offer_as_json(one, zone) for one in mine],
        "asked": [own_offer_as_json(one, zone) for one in asked],
    }


@router.post("", response_model=OfferedShift, status_code=201, responses=refusals(409))
def offer_mine(asker: CoordinatorOrSelf, new: NewOwnOffer) -> Any:
    """Offer one's own shift; it stays one's own until somebody takes it."""
    with asker.changing("api offer", "own shift") as tx:
        wanted = wanted_offer(tx, asker.person, asker.person, new.reason, first=new.from_, running=new.now)
        made = offered(tx, wanted)
    return own_offer_as_json(made, asker.profile.service.timezone)


@router.post("/{number}/take", response_model=OfferedShift, responses=refusals(404, 409))
def take_for_me(asker: CoordinatorOrSelf, number: Number) -> Any:
    """Take an offered shift; refused where a rule or the coverage stands against it."""
    taken(asker, number, asker.person)
    with asker.desk.database.reading() as tx:
        return own_offer_as_json(known_offer(tx, number), asker.profile.service.timezone)
