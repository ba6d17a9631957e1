"""Does `hotline presence` say who has confirmed, who was asked when, and who was not reached?"""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall.actions import confirm_shift, import_shifts
from hotline.people.actions import import_people
from hotline.people.store import everybody

RUN = CliRunner()
EVENING = datetime(2026, 11, 21, 17, 59, 50, tzinfo=ZoneInfo("Europe/Rome"))
PEOPLE = """name,phone,role,languages
Anna,+393400000001,volunteer,it
Bruno,+393400000002,volunteer,it
Dora,+393400000003,volunteer,it
"""
SHIFTS = """phone,role,starts_at,ends_at
+393400000001,volunteer,2026-11-22T08:00+01:00,2026-11-22T14:00+01:00
+393400000002,volunteer,2026-11-22T08:00+01:00,2026-11-22T14:00+01:00
+393400000003,volunteer,2026-11-22T14:00+01:00,2026-11-22T16:00+01:00
"""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EVENING)


@pytest.fixture
def asked(
    monkeypatch: pytest.MonkeyPatch, database: Database, database_url: str, clock: ManualClock, tmp_path: Path
) -> None:
    """Two people have been asked, and one of them has answered."""
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    monkeypatch.setenv("HOTLINE_SECRET_KEYS", "a1" * 32)
    monkeypatch.chdir(tmp_path)
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        import_shifts(tx, SHIFTS)
    with Rig(database, clock, tmp_path, sms_number="+393400000077") as rig:
        rig.town.passes(35)
    clock.advance(300)
    with database.transaction() as tx:
        anna = next(one for one in everybody(tx) if one.name == "Anna")
        confirm_shift(tx, anna.id, tx.now)


@pytest.mark.usefixtures("asked")
def test_who_has_confirmed_and_who_was_asked() -> None:
    done = RUN.invoke(app, ["presence", "--at", "2026-11-21T19:00+01:00"])
    assert done.exit_code == 0, done.output
    anna = "confirmed; asked by text Sat 18:00, heard Sat 18:05"
    assert done.output.splitlines() == [
        "Who is there at 2026-11-21 19:00 CET, and who will be:",
        "  Sun 22 08:00 to Sun 22 14:00  Anna (volunteer): " + anna,
        "  Sun 22 08:00 to Sun 22 14:00  Bruno (volunteer): asked; asked by text Sat 18:00",
        "  Sun 22 14:00 to Sun 22 16:00  Dora (volunteer): not asked",
    ]


@pytest.mark.usefixtures("asked")
def test_the_same_for_scripts_and_for_an_earlier_moment() -> None:
    told = json.loads(RUN.invoke(app, ["presence", "--at", "2026-11-21T18:02+01:00", "--json"]).output)
    assert [(one["name"], one["state"], one["asked_by"]) for one in told] == [
        ("Anna", "asked", "text"),
        ("Bruno", "asked", "text"),
        ("Dora", "not asked", None),
    ]
    before = json.loads(RUN.invoke(app, ["presence", "--at", "2026-11-21T17:00+01:00", "--json"]).output)
    assert {one["state"] for one in before} == {"not asked"}
