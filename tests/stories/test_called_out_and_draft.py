"""Lucia is called out at night: does the draft of the rota know it, and whoever publishes it?"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME, Hire

RUN = CliRunner()
ROTA = """[rota]
from = 2026-11-22

[[band]]
name = "giorno"
role = "social_worker"
from = "08:00"
to = "20:00"

[[rotation]]
band = "giorno"
every = "shift"
order = ["+393400000003"]
"""
Hotline = Callable[..., dict[str, Any]]


@pytest.fixture
def lucia(hire: Hire, starts_at: datetime) -> Phone:
    """The social worker of this night, until four; the draft gives her the day from eight on."""
    return hire(
        "Lucia", 3, "social_worker", shift=(starts_at - timedelta(hours=7), starts_at + timedelta(hours=1))
    )


@pytest.fixture
def hotline(
    monkeypatch: pytest.MonkeyPatch, database_url: str, database: Database, tmp_path: Path, carla: Phone
) -> Hotline:
    """Run a command at the terminal, at the moment to which the story has come."""
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    monkeypatch.setenv("HOTLINE_SECRET_KEYS", "a1" * 32)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rota.toml").write_text(ROTA)

    def ran(*words: str) -> dict[str, Any]:
        with database.reading() as tx:
            now = tx.now
        monkeypatch.setattr("hotline.app.clock_of", lambda *_: ManualClock(now))
        done = RUN.invoke(app, [*words, "--json"])
        assert done.exit_code == 0, done.output or done.exception
        found: dict[str, Any] = json.loads(done.output)
        return found

    return ran


def lucia_answers(caller: Phone, lucia: Phone, town: Town, heavy: bool) -> None:
    caller.dials()
    lucia.answers(within=60)
    lucia.presses("1")
    caller.talks_with(lucia)
    town.passes(120)
    caller.hangs_up()
    lucia.hears("Cinque è stata pesante", within=20)
    lucia.presses("5" if heavy else "1")
    lucia.hung_up()


def about(lines: list[str], rule: str) -> list[str]:
    return [line for line in lines if line.startswith(f"{rule} ")]


def test_after_a_call_at_three_the_draft_says_that_she_has_not_rested_at_eight(
    caller: Phone, lucia: Phone, town: Town, hotline: Hotline
) -> None:
    before = hotline("rota", "draft", "rota.toml")
    assert not about(before["warnings"], "R3")
    lucia_answers(caller, lucia, town, heavy=False)
    tired = about(hotline("rota", "show")["warnings"], "R3")
    assert len(tired) == 1
    assert "Lucia Prova: duty begins 5.0 hours after a call-out in the night, 11 are due" in tired[0]
    assert not about(hotline("rota", "show")["warnings"], "R16")


def test_after_a_heavy_call_the_draft_says_that_a_shift_begins_too_soon(
    caller: Phone, lucia: Phone, town: Town, hotline: Hotline
) -> None:
    lucia_answers(caller, lucia, town, heavy=True)
    shown = hotline("rota", "draft", "rota.toml")["warnings"]
    assert "Lucia Prova: a shift begins 5.0 hours after a heavy call, 24 are due" in about(shown, "R16")[0]


def test_whoever_publishes_it_all_the_same_reads_it_once_more(
    caller: Phone, lucia: Phone, carla: Phone, town: Town, hotline: Hotline
) -> None:
    lucia_answers(caller, lucia, town, heavy=True)
    hotline("rota", "draft", "rota.toml")
    done = hotline("rota", "publish", "--by", carla.number, "--reason", "nobody else is there")
    assert done["outcome"] == "published"
    assert [len(about(done["warnings"], rule)) for rule in ("R3", "R16")] == [1, 1]


def test_who_had_a_heavy_call_is_asked_for_another_shift_after_those_who_had_none(
    caller: Phone, lucia: Phone, hire: Hire, town: Town, hotline: Hotline, database: Database, rig: Rig
) -> None:
    begins = rig.clock.now().astimezone(ROME) + timedelta(days=3)
    hire("Marta", 6, "social_worker", shift=(begins, begins + timedelta(hours=8)))
    monday = begins.replace(hour=7) - timedelta(days=2)
    hire("Zita", 7, "social_worker", shift=(monday, monday.replace(hour=23)))

    def asked() -> list[str]:
        found: Any = hotline("offers", "substitutes", "--for", "+393400000006")
        return [one["name"] for one in found]

    assert asked() == ["Lucia Prova", "Zita Prova"], "Lucia has been on duty for fewer hours"
    lucia_answers(caller, lucia, town, heavy=True)
    assert asked() == ["Zita Prova", "Lucia Prova"]
