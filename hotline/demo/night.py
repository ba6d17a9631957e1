"""What does a night call sound like when volunteers do not answer? Played whole, in virtual time."""

import logging
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.calls import store as calls
from hotline.calls.rooms import store as rooms
from hotline.clock import ManualClock, stopwatch
from hotline.database import Database, Transaction, migrate
from hotline.demo.cast import CALLER_NUMBER, CAST, import_cast
from hotline.demo.playbill import Ink, Playbill, talk_length
from hotline.demo.rig import Rig
from hotline.people import store as people
from hotline.secrets import Keyring
from hotline.simulator.behaviours import Asleep, Behaviour, Manual, Voicemail
from hotline.simulator.phones import Town

ROME = ZoneInfo("Europe/Rome")
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=ROME)
LONGEST_SHOW = 13.0
"""Real seconds of the whole play; a slow machine, which needs more for the call itself, paces less."""

Say = Callable[[str], object]
HABITS: dict[str, Behaviour] = {"Anna": Asleep(), "Bruno": Voicemail(after=6)}
_RESULTS = {
    "no_answer": "nobody answers",
    "no_key": "voicemail answers and presses no key",
    "accepted": "answers and presses 1",
}

PROLOGUE = (
    "A call at night",
    "Sunday 22 November 2026, 03:00, Iglesias. It is four degrees.",
    "Anna and Bruno are the volunteers on shift. Anna sleeps deeply, Bruno's phone is in another room.",
    "Lucia is the social worker on call. Somebody has no bed for the night and dials 0781 33000.",
)


def play_night(say: Say = print, paced: bool | None = None, ink: Ink | None = None) -> int:
    """Play the night call and print who heard what; return 0 when the caller talked with the social worker.

    `paced` lets the lines appear as in a play (by default only on a terminal); never over 20 s in all.
    """
    began = stopwatch()
    on_terminal = say is print and sys.stdout.isatty()
    ink = ink or Ink(coloured=on_terminal)
    paced = on_terminal if paced is None else paced
    for line in _prologue(ink):
        say(line)
    with tempfile.TemporaryDirectory(prefix="hotline-night-") as folder:
        clock = ManualClock(NIGHT)
        database = _empty_database(Path(folder), clock)
        try:
            lines = _play(database, clock, Path(folder), ink)
            epilogue, answered = _epilogue(database, ink)
        finally:
            database.dispose()
    left = LONGEST_SHOW - (stopwatch() - began)
    _perform(lines, say, left if paced else 0.0)
    for line in epilogue:
        say(line)
    return 0 if answered else 1


def _prologue(ink: Ink) -> Iterator[str]:
    title, *rest = PROLOGUE
    yield ""
    yield "  " + ink.strong(title)
    for line in rest:
        yield "  " + ink.quiet(line)
    yield ""


def _empty_database(folder: Path, clock: ManualClock) -> Database:
    # Alembic tells of every step; the audience came for the play.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    url = f"sqlite:///{folder / 'night.sqlite'}"
    migrate(url)
    database = Database(url, Keyring.from_text(Keyring.new_key()), clock)
    import_cast(database, NIGHT, ROME, weeks=2)
    return database


def _play(database: Database, clock: ManualClock, folder: Path, ink: Ink) -> list[tuple[float, str]]:
    with Rig(database, clock, folder) as rig:
        town = rig.town
        for one in CAST:
            town.phone(one.name, one.phone, HABITS.get(one.name, Manual()))
        town.phone("Caller", CALLER_NUMBER)
        _story(town)
        town.broke_no_rule()
        return list(Playbill(rig.exchange, ink).lines())


def _story(town: Town) -> None:
    caller, lucia = town["Caller"], town["Lucia"]
    caller.dials()
    caller.hears("quattro per letto o pasto", within=40)
    caller.presses("4")
    lucia.rings(within=60)
    town.passes(14)
    lucia.answers()
    lucia.hears("Premi uno per rispondere")
    lucia.presses("1")
    caller.talks_with(lucia)
    town.passes(372)
    caller.hangs_up()
    lucia.hears("grazie")
    lucia.hears("Uno conclusa")
    lucia.presses("1")
    lucia.hung_up()
    town.everybody_hung_up(within=60)


def _epilogue(database: Database, ink: Ink) -> tuple[list[str], bool]:
    """Return the closing lines from what the database kept, and whether the social worker had the call."""
    with database.reading() as tx:
        call = calls.recent_calls(tx, 1)[0]
        rows = sorted([*_rung(tx, call.id), *_talked(tx, call.id)])
        by_role = {leg.id: leg.role for leg in calls.legs_of(tx, call.id)}
        met = [by_role[row.leg_id] for row in rooms.conversations_of(tx, call.id) if row.met_at is not None]
    if call.ended_at is not None:
        rows.append((call.ended_at, f"The call is over: {call.outcome}."))
    written = [f"  {ink.quiet(at.astimezone(ROME).strftime('%H:%M:%S'))}  {line}" for at, line in rows]
    lines = ["", "  " + ink.strong("What the service keeps of it"), *written, ""]
    return [*lines, "  " + ink.quiet("Play it yourself, with every phone in the browser: ./run demo"), ""], (
        "social_worker" in met
    )


def _rung(tx: Transaction, call_id: str) -> Iterator[tuple[datetime, str]]:
    people_by_id = {person.id: person for person in people.everybody(tx)}
    for leg in calls.legs_of(tx, call_id):
        who = f"{people_by_id[leg.person_id].name} ({leg.role.replace('_', ' ')})"
        yield leg.created_at, f"{who} is rung: {_RESULTS.get(str(leg.result), str(leg.result))}."


def _talked(tx: Transaction, call_id: str) -> Iterator[tuple[datetime, str]]:
    name_of = {person.id: person.name for person in people.everybody(tx)}
    leg_of = {leg.id: leg for leg in calls.legs_of(tx, call_id)}
    for row in rooms.conversations_of(tx, call_id):
        if row.met_at is not None and row.ended_at is not None:
            name = name_of[leg_of[row.leg_id].person_id]
            yield row.met_at, f"Caller and {name} talk for {talk_length(row.ended_at - row.met_at)}."


def _perform(lines: list[tuple[float, str]], say: Say, within: float) -> None:
    gaps = [min(0.9, 0.05 + gap * 0.06) for gap, _ in lines]
    pace = min(1.0, max(0.0, within) / max(sum(gaps), 0.001))
    rest = threading.Event()
    for (_, line), gap in zip(lines, gaps, strict=True):
        rest.wait(gap * pace)
        say(line)
