"""Can a tired person read what happened in a call, and is the reading itself written down?"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from hotline.audit.tables import access_log
from hotline.calls import report, store
from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.people.actions import import_people, set_pin
from hotline.simulator.phones import answers_and_presses, asleep, voicemail

PEOPLE = """name,phone,role,languages,last_resort
Anna Prova,+393400000001,volunteer,it,
Carla Prova,+393400000004,coordinator,it,yes
Dario Prova,+393400000005,coordinator,it,yes
"""


def told(database: Database, rig: Rig) -> list[str]:
    with database.reading() as tx:
        call = store.recent_calls(tx, 1)[0]
        return report.report_of(tx, call, rig.service.board.profile.service.timezone).lines()


@pytest.fixture
def rig(database: Database, clock: ManualClock, tmp_path: Path) -> Rig:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
    return Rig(database, clock, tmp_path)


def test_answered_call_reads_like_a_story(database: Database, rig: Rig) -> None:
    with rig:
        dario = rig.town.phone("Dario", "+393400000005", answers_and_presses("1", after=8))
        rig.town.phone("Carla", "+393400000004", asleep)
        caller = rig.town.phone("Caller", "+393400000099")
        caller.dials()
        caller.waits(4)
        caller.presses("1")
        caller.talks_with(dario, within=60)
        caller.waits(125)
        caller.hangs_up()
        rig.town.everybody_hung_up(within=90)
        lines = told(database, rig)
    # When the responder puts the phone down after the last question is no part of this story.
    kept = [line for line in lines if not line.endswith("Dario's line ends")]
    story = "\n".join(re.sub(r"CA[0-9a-f]{32}", "CA…", line) for line in kept)
    assert story == (Path(__file__).parent / "call_story.txt").read_text().rstrip("\n"), story


def test_call_that_reached_nobody_says_so_first_and_what_is_owed(database: Database, rig: Rig) -> None:
    with rig:
        rig.town.phone("Carla", "+393400000004", asleep)
        rig.town.phone("Dario", "+393400000005", voicemail(after=5))
        caller = rig.town.phone("Caller", "+393400000099")
        caller.dials()
        caller.waits(110)
        caller.hangs_up()
        caller.waits(2)
        lines = told(database, rig)
        assert re.match(r"22/11/2026 03:00:00: a call from \S*099 \(no category, it\)", lines[0])
        assert lines[1].startswith(("The caller left before", "Nobody"))
        assert lines[2].startswith("Still owed: review, open, by ")
        story = "\n".join(lines)
        assert "Carla and Dario are rung" in story or "Dario and Carla are rung" in story
        assert "Dario's phone was picked up, but no key was pressed: a voicemail, perhaps" in story
        for code in ("social_worker", "no_key", "{", "no_answer", "+39"):
            assert code not in story


def test_reading_a_call_and_the_list_is_written_to_the_access_log(
    database: Database, rig: Rig, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rig:
        caller = rig.town.phone("Caller", "+393400000099")
        caller.dials()
        caller.waits(5)
        caller.hangs_up()
        caller.waits(2)
    with database.reading() as tx:
        call = store.recent_calls(tx, 1)[0]
    for name, value in {
        "HOTLINE_DATABASE_URL": database_url,
        "HOTLINE_SECRET_KEYS": "a1" * 32,
        "SUDO_USER": "lucia",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    runner = CliRunner()
    shown = runner.invoke(app, ["call", call.sid, "--json"])
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.output)["sid"] == call.sid
    assert runner.invoke(app, ["calls"]).exit_code == 0

    with database.reading() as tx:
        rows = tx.execute(select(access_log).order_by(access_log.c.id)).all()
    assert [(row.who, row.action, row.what) for row in rows] == [
        ("terminal user lucia", "read call", call.id),
        ("terminal user lucia", "list calls", "newest 20"),
    ]
    assert all("3400000" not in row.what for row in rows)


def test_a_visit_to_the_staff_door_reads_as_one_and_tells_no_pin(database: Database, rig: Rig) -> None:
    with database.transaction() as tx:
        set_pin(tx, "+393400000001", "480517")
    with rig:
        anna = rig.town.phone("Anna", "+393400000001")
        anna.dials()
        anna.waits(3)
        anna.presses("*")
        anna.presses("715084#", every=0.2)
        anna.hears("Il codice non va")
        anna.presses("480517#", every=0.2)
        anna.hears("i miei turni")
        anna.hangs_up()
        lines = told(database, rig)
    assert lines[1] == "One of ours dialled the line, and asked for nobody's help."
    assert [line[20:].strip() for line in lines if line.startswith("  03:")] == [
        "the call comes in",
        "Anna presses * and is at the staff door",
        "the PIN is wrong",
        "the PIN is right",
        "the line is left",
    ]


def shape_of(told: object) -> object:
    """Return a document's keys without its values; a list stands for its first entry."""
    if isinstance(told, dict):
        return {key: shape_of(value) for key, value in told.items()}
    return [shape_of(told[0])] if isinstance(told, list) and told else None


def in_json(database: Database, rig: Rig) -> dict[str, Any]:
    with database.reading() as tx:
        call = store.recent_calls(tx, 1)[0]
        told = report.report_of(tx, call, rig.service.board.profile.service.timezone).as_json()
    again: dict[str, Any] = json.loads(json.dumps(told))
    return again


def test_an_answered_call_in_json_has_every_promised_key(database: Database, rig: Rig) -> None:
    with rig:
        dario = rig.town.phone("Dario", "+393400000005", answers_and_presses("1"))
        rig.town.phone("Carla", "+393400000004", asleep)
        caller = rig.town.phone("Caller", "+393400000099")
        caller.dials()
        caller.waits(2)
        caller.presses("1")
        caller.talks_with(dario, within=60)
        told = in_json(database, rig)
        caller.hangs_up()
        rig.town.everybody_hung_up(within=90)
    assert shape_of(told) == {
        **dict.fromkeys(
            ("sid", "caller", "category", "language", "flags", "state", "outcome", "came_in_at", "follow_up")
        ),
        "answered_by": {"name": None, "role": None},
        "attempts": [{"name": None, "role": None, "result": None}],
        "conversations": [{"name": None, "role": None, "since": None, "seconds": None}],
        "timeline": [{"at": None, "event": None, "detail": None}],
    }
    assert told["caller"].endswith("099")
    assert "3400000" not in told["caller"]
    assert (told["category"], told["language"], told["flags"]) == ("VIO", "it", [])
    assert (told["state"], told["outcome"]) == ("room", None)
    assert told["answered_by"] == {"name": "Dario Prova", "role": "coordinator"}
    assert sorted((each["name"], each["result"]) for each in told["attempts"]) == [
        ("Carla Prova", "canceled"),
        ("Dario Prova", "accepted"),
    ]


def test_an_unanswered_call_in_json_says_what_is_owed(database: Database, rig: Rig) -> None:
    with rig:
        caller = rig.town.phone("Caller", "+393400000099")
        caller.dials(anonymous=True)
        caller.waits(2)
        caller.presses("112", every=0.5)
        caller.waits(20)
        caller.hangs_up()
        caller.waits(2)
        told = in_json(database, rig)
    assert (told["caller"], told["flags"]) == ("withheld", ["withheld", "keyed_112"])
    assert (told["state"], told["outcome"]) == ("over", "unreached")
    assert told["answered_by"] is None
    assert set(told["follow_up"]) == {"kind", "state", "due_at"}
    assert (told["follow_up"]["kind"], told["follow_up"]["state"]) == ("review", "open")
    assert datetime.fromisoformat(told["follow_up"]["due_at"]).tzinfo is not None
