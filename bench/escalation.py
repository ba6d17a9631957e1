"""Nobody answers: when does each tier ring, when all twice, when is the promise asked? Virtual time."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from bench.first_ring import name_of
from bench.stage import MOMENTS, ROLES, callers, dial, staged
from hotline.demo.cast import CAST
from hotline.demo.rig import Rig
from hotline.profile import Category
from hotline.simulator.behaviours import Behaviour, Off, Voicemail

_NUMBERS = [one.phone.replace(" ", "") for one in CAST]
_WAITS = 260.0
"""Seconds that the caller of the table stays; the promise is asked after 180 at the latest."""

_PROMISE = "possiamo richiamarla"
TIERS = ("volunteer", "social worker", "coordinator")

HABITS: dict[str, dict[str, Behaviour]] = {
    "nobody hears it": {},
    "one phone is off": {_NUMBERS[0]: Off()},
    "one has voicemail": {_NUMBERS[0]: Voicemail()},
    "all phones are off": dict.fromkeys(_NUMBERS, Off()),
    "all have voicemail": dict.fromkeys(_NUMBERS, Voicemail()),
}
"""What becomes of a ring: with none, one and all responders failing, or sending their voicemail."""


@dataclass(frozen=True)
class Escalation:
    """Seconds after the first ring; None where it does not happen."""

    caller: str
    band: str
    habit: str
    ringing_began: float
    """Seconds after the first word."""
    tiers: dict[str, float]
    twice: float | None
    """When the last of the people of the plan was rung for the second time."""
    promise: float | None

    @property
    def last_tier(self) -> float:
        """Return when the last tier of this plan began to ring."""
        return max(self.tiers.values())


def escalations() -> Iterator[Escalation]:
    """Play every category, and a caller without a key, with every habit, at night and by day."""
    calls = list(product(MOMENTS, HABITS, callers()))
    with ProcessPoolExecutor() as workers:
        yield from workers.map(_escalation, calls)


def _escalation(call: tuple[str, str, Category | None]) -> Escalation:
    band, habit, category = call
    with staged(band, HABITS[habit]) as rig:
        _, first_word = dial(rig, category)
        rig.town.passes(_WAITS)
        rings = _rings(rig)
        began = min(moments[0] for moments in rings.values())
        asked = _promise_asked(rig)

    def after(moment: datetime) -> float:
        return (moment - began) / timedelta(seconds=1)

    tiers = {
        tier: after(min(moments[0] for number, moments in rings.items() if ROLES[number] == tier))
        for tier in TIERS
        if tier in {ROLES[number] for number in rings}
    }
    seconds = [moments[1] for moments in rings.values() if len(moments) > 1]
    twice = after(max(seconds)) if len(seconds) == len(rings) else None
    waited = (began - first_word) / timedelta(seconds=1)
    return Escalation(name_of(category), band, habit, waited, tiers, twice, after(asked) if asked else None)


def _rings(rig: Rig) -> dict[str, list[datetime]]:
    """Return when each number was asked to be rung for the call; alarms and notices are no rings."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for request in rig.exchange.desk.log:
        form = dict(request.form)
        if request.operation == "create_call" and "/responder" in form["Url"]:
            assert isinstance(request.moment, datetime)
            found[form["To"]].append(request.moment)
    return found


def _promise_asked(rig: Rig) -> datetime | None:
    said = (
        (entry.moment, entry.utterance.text.casefold())
        for entry in rig.exchange.transcript.of("Caller", "spoken")
        if entry.utterance is not None
    )
    return next((moment for moment, text in said if _PROMISE in text), None)
