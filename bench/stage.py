"""On which stage are calls played in virtual time? One replica, the example team, no waiting."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
from hotline.simulator.behaviours import Asleep, Behaviour
from hotline.simulator.phones import Phone

_ROME = ZoneInfo("Europe/Rome")
MOMENTS = {
    "night": datetime(2026, 11, 22, 3, 0, tzinfo=_ROME),
    "day": datetime(2026, 11, 24, 11, 0, tzinfo=_ROME),
}
KEY_AFTER = 3.0
"""Seconds after the first word at which a caller who knows the line presses the key."""

ROLES = {one.phone.replace(" ", ""): one.role.replace("_", " ") for one in CAST}
"""The role of everybody in the example team, by number."""


def callers() -> list[Category | None]:
    """Return the caller who presses nothing, and one for every category."""
    return [None, *load_service_profile(Settings(_env_file=None)).categories]


@contextmanager
def staged(band: str, habits: dict[str, Behaviour] | None = None) -> Iterator[Rig]:
    """Set the stage at night or by day; whoever has no habit, by number, hears no ringing."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    moment = MOMENTS[band]
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        url = f"sqlite:///{folder}/call.sqlite"
        migrate(url)
        clock = ManualClock(moment)
        database = Database(url, Keyring.from_text(Keyring.new_key()), clock)
        import_cast(database, moment, _ROME, weeks=2)
        with Rig(database, clock, Path(folder)) as rig:
            for one in CAST:
                number = one.phone.replace(" ", "")
                rig.town.phone(one.name, one.phone, (habits or {}).get(number, Asleep()))
            yield rig
        database.dispose()


def dial(rig: Rig, category: Category | None) -> tuple[Phone, datetime]:
    """Let a caller dial and press the category's key; return their phone and the moment of the first word."""
    caller = rig.town.phone("Caller", CALLER_NUMBER)
    caller.dials()
    caller.hears("pronto", within=10)
    first_word = rig.clock.now()
    if category is not None:
        rig.town.passes(KEY_AFTER)
        caller.presses(category.key)
    return caller, first_word
