"""How long after the first word does the first phone ring, per category, day and night? In virtual time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bench.stage import KEY_AFTER, MOMENTS, ROLES, callers, dial, staged
from hotline.profile import Category

_LONGEST = 120.0
NO_KEY = "no key"


@dataclass(frozen=True)
class FirstRing:
    """Seconds from the first word until the first phone rang, and whose it was."""

    caller: str
    band: str
    seconds: float
    role: str


def first_rings() -> Iterator[FirstRing]:
    """Play one call for every category and one without a key, at night and by day."""
    for band in MOMENTS:
        for category in callers():
            yield _first_ring(category, band)


def _first_ring(category: Category | None, band: str) -> FirstRing:
    with staged(band) as rig:
        _, first_word = dial(rig, category)
        while not rig.exchange.desk.log and (rig.clock.now() - first_word).total_seconds() < _LONGEST:
            rig.town.passes(0.1)
        ring = rig.exchange.desk.log[0]
    assert isinstance(ring.moment, datetime)
    seconds = (ring.moment - first_word).total_seconds()
    return FirstRing(name_of(category), band, seconds, ROLES[dict(ring.form)["To"]])


def name_of(category: Category | None) -> str:
    """Say which key is pressed, and when."""
    return f"{category.code}, key {category.key} after {KEY_AFTER:g} s" if category else NO_KEY
