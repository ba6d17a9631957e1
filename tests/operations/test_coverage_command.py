"""Does `hotline coverage` tell cron that somebody is missing, and a person from when to when?"""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.oncall import store as oncall
from hotline.oncall.shifts import Shift
from hotline.people.actions import import_people
from hotline.people.store import everybody

RUN = CliRunner()
PEOPLE = """name,phone,role,languages
Anna,+393400000001,volunteer,it
Lucia,+393400000003,social_worker,it
Marta,+393400000004,social_worker,it
Carla,+393400000005,coordinator,it
"""
SUNDAY = datetime.fromisoformat("2026-10-25T00:00+02:00")


@pytest.fixture
def at_the_terminal(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    monkeypatch.setenv("HOTLINE_SECRET_KEYS", "a1" * 32)
    monkeypatch.chdir(tmp_path)


def week_on_duty(database: Database, but_for: timedelta) -> None:
    """Put everybody on duty for a week from Sunday; all but Lucia leave so much earlier."""
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        shifts = []
        for person in everybody(tx):
            leaves_early = person.name in ("Anna", "Marta", "Carla")
            ends_at = SUNDAY + timedelta(days=7) - (but_for if leaves_early else timedelta())
            shifts.append(Shift(person.id, person.role, SUNDAY, ends_at))
        oncall.add_shifts(tx, shifts, "test")


@pytest.mark.usefixtures("at_the_terminal")
def test_a_covered_week_is_exit_code_0(database: Database, clock: ManualClock) -> None:
    week_on_duty(database, timedelta())
    done = RUN.invoke(app, ["coverage", "--days", "6", "--at", "2026-10-25T00:00+02:00"])
    assert done.exit_code == 0, done.output
    assert done.output == "Covered from 2026-10-25 00:00 CEST to 2026-10-31 00:00 CET.\n"


@pytest.mark.usefixtures("at_the_terminal")
def test_a_gap_is_exit_code_1_and_says_from_when_to_when_what_is_missing(database: Database) -> None:
    week_on_duty(database, timedelta(hours=2))
    asked = ["coverage", "--days", "6", "--at", "2026-10-25T23:00+01:00"]
    done = RUN.invoke(app, asked)
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "NOT covered from 2026-10-25 23:00 CET to 2026-10-31 23:00 CET:",
        "2026-10-31 21:00 CET - 2026-10-31 23:00 CET",
        "  GAP   nobody on shift backs up the social worker on call",
        "  note  no volunteer, the social worker covers",
    ]
    told = json.loads(RUN.invoke(app, [*asked, "--json"]).output)
    assert told["covered"] is False
    assert [(gap["from"], gap["to"], gap["what"], gap["covered_by"]) for gap in told["gaps"]] == [
        ("2026-10-31T21:00:00+01:00", "2026-10-31T23:00:00+01:00", "backup", None),
        ("2026-10-31T21:00:00+01:00", "2026-10-31T23:00:00+01:00", "volunteer", "social_worker"),
    ]
    assert "Anna" not in done.output


@pytest.mark.usefixtures("at_the_terminal")
def test_an_empty_rota_is_one_long_gap(database: Database) -> None:
    done = RUN.invoke(app, ["coverage", "--at", "2026-11-23T00:00+01:00"])
    assert done.exit_code == 1
    assert "2026-11-23 00:00 CET - 2026-12-07 00:00 CET" in done.output
    assert "no category chosen: nobody at all" in done.output
