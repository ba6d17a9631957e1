"""How long after the first word does the first phone ring, per category, day and night? In virtual time."""

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.app import load_service_profile
from hotline.clock import ManualClock
from hotline.database import Database, migrate
from hotline.demo.cast import CALLER_NUMBER, CAST, import_cast
from hotline.demo.rig import Rig
from hotline.profile import Category
from hotline.secrets import Keyring
from hotline.settings import Settings
from hotline.simulator.behaviours import Asleep

_ROME = ZoneInfo("Europe/Rome")
_MOMENTS = {
    "night": datetime(2026, 11, 22, 3, 0, tzinfo=_ROME),
    "day": datetime(2026, 11, 24, 11, 0, tzinfo=_ROME),
}
_KEY_AFTER = 3.0
"""Seconds after the first word at which a caller who knows the line presses the key."""

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
    logging.getLogger("alembic").setLevel(logging.WARNING)
    categories = load_service_profile(Settings(_env_file=None)).categories
    for band, moment in _MOMENTS.items():
        for category in (None, *categories):
            yield _first_ring(category, band, moment)


def _first_ring(category: Category | None, band: str, moment: datetime) -> FirstRing:
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        url = f"sqlite:///{folder}/call.sqlite"
        migrate(url)
        clock = ManualClock(moment)
        database = Database(url, Keyring.from_text(Keyring.new_key()), clock)
        import_cast(database, moment, _ROME, weeks=2)
        with Rig(database, clock, Path(folder)) as rig:
            seconds, role = _played(rig, category)
        database.dispose()
    name = f"{category.code}, key {category.key} after {_KEY_AFTER:g} s" if category else NO_KEY
    return FirstRing(name, band, seconds, role)


def _played(rig: Rig, category: Category | None) -> tuple[float, str]:
    town = rig.town
    for one in CAST:
        town.phone(one.name, one.phone, Asleep())
    caller = town.phone("Caller", CALLER_NUMBER)
    caller.dials()
    caller.hears("pronto", within=10)
    first_word = rig.clock.now()
    if category is not None:
        town.passes(_KEY_AFTER)
        caller.presses(category.key)
    while not rig.exchange.desk.log and (rig.clock.now() - first_word).total_seconds() < _LONGEST:
        town.passes(0.1)
    ring = rig.exchange.desk.log[0]
    number = dict(ring.form)["To"]
    role = next(one.role for one in CAST if one.phone.replace(" ", "") == number)
    assert isinstance(ring.moment, datetime)
    return (ring.moment - first_word).total_seconds(), role.replace("_", " ")
