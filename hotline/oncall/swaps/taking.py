"""What came of offering a shift, of taking it, and of leaving it again?"""

from dataclasses import dataclass
from enum import StrEnum

from hotline.oncall.shifts import Shift
from hotline.oncall.swaps.offer import Offer
from hotline.oncall.swaps.refusal import Why


class TakeOutcome(StrEnum):
    """What came of "I take it"; `gone`: whoever offered it no longer has this shift."""

    YOURS = "yours"
    ALREADY = "already"
    OWN = "own"
    TAKEN = "taken"
    REFUSED = "refused"
    GONE = "gone"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Taking:
    """What came of taking an offered shift; `why` and `lines` say what stands against it."""

    outcome: TakeOutcome
    offer: Offer | None = None
    why: Why | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offering:
    """What came of offering a shift; `known`: it is offered already, by that offer."""

    offer: Offer | None = None
    known: bool = False


@dataclass(frozen=True)
class Wanted:
    """What somebody offers: a shift, to everybody or one person, perhaps for one of theirs in return."""

    shift: Shift
    by: str
    reason: str
    asked_id: str | None = None
    in_return: Shift | None = None
