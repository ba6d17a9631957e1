"""A caller left before anybody could ask: may somebody call them, and who answers for that?"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hotline.calls.promise.decision import LONGEST_REASON, call_all_the_same, close
from hotline.cli import app
from hotline.database import Database
from hotline.errors import BadInput
from hotline.simulator.phones import Phone, Town, asleep
from tests.stories.owed import attempts, contact, follow_up, owner
from tests.stories.records import last_call

REASON = "Ha chiamato due volte e non ha risposto nessuno."


@pytest.fixture(autouse=True)
def night_without_volunteers(anna: Phone, bruno: Phone, carla: Phone, lucia: Phone) -> None:
    for phone in (anna, bruno, carla, lucia):
        phone.is_now(asleep)


def left_unasked(caller: Phone, town: Town, key: str = "4") -> None:
    """Let the caller ring for a short while, leave before the question, and be quiet for an hour."""
    caller.dials()
    caller.presses(key)
    town.passes(20)
    caller.hangs_up()
    town.passes(5)


def decided(database: Database, by: Phone, reason: str = REASON) -> None:
    sid = last_call(database).call.sid
    with database.transaction() as tx:
        call_all_the_same(tx, sid, by.number, reason, "IT")


def test_a_social_worker_decides_with_a_reason_and_her_phone_rings_first(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    left_unasked(caller, town)
    town.passes(3600)
    assert caller.times_rung() == 0
    town.everybody_hung_up(within=120)
    rung = lucia.times_rung()
    decided(database, lucia)
    town.passes(20)
    assert lucia.times_rung() == rung + 1
    lucia.answers(within=60)
    lucia.presses("1")
    lucia.hears("Premi uno quando vuoi", within=40)
    lucia.presses("1")
    caller.answers(within=15)
    caller.talks_with(lucia)
    assert caller.heard() == ""
    town.passes(60)
    caller.hangs_up()
    lucia.presses("1")
    lucia.hung_up(within=30)
    assert (follow_up(database).outcome, owner(database)) == ("talked", "Lucia")
    assert (contact(database).reason, contact(database).number) == (REASON, None)
    assert [event for event in last_call(database).events if event in ("decided", "calls_back")] == [
        "decided",
        "calls_back",
    ]


def test_after_two_hours_somebody_has_to_think_again(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    left_unasked(caller, town)
    decided(database, lucia)
    town.passes(2 * 3600 + 60)
    assert follow_up(database).kind == "review"
    town.everybody_hung_up(within=120)
    assert attempts(database) == []
    assert caller.times_rung() == 0


@pytest.mark.parametrize("key", ["1", "2"])
def test_danger_without_a_yes_is_absolute(
    caller: Phone, town: Town, lucia: Phone, database: Database, key: str
) -> None:
    left_unasked(caller, town, key)
    with pytest.raises(BadInput, match="must not be called"):
        decided(database, lucia)
    town.passes(600)
    assert caller.times_rung() == 0


def test_a_volunteer_cannot_decide_it_nor_anybody_without_a_reason(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, database: Database
) -> None:
    left_unasked(caller, town)
    with pytest.raises(BadInput, match="only a social worker"):
        decided(database, anna)
    for reason in (" ", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(BadInput, match="--reason"):
            decided(database, lucia, reason)
    with pytest.raises(BadInput, match="nobody of the staff"):
        decided(database, caller)


def test_nobody_decides_about_a_caller_who_is_still_there(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    caller.dials()
    caller.presses("4")
    town.passes(20)
    with pytest.raises(BadInput, match="still on the line"):
        decided(database, lucia)


def test_what_was_looked_at_is_closed_and_rings_nobody_any_more(
    caller: Phone, town: Town, lucia: Phone, carla: Phone, database: Database
) -> None:
    left_unasked(caller, town)
    town.everybody_hung_up(within=200)
    with database.transaction() as tx:
        close(tx, last_call(database).call.sid, lucia.number, "IT")
    rung = lucia.times_rung() + carla.times_rung()
    town.passes(3600)
    assert lucia.times_rung() + carla.times_rung() == rung
    assert (follow_up(database).state, follow_up(database).outcome) == ("done", "looked_at")
    with pytest.raises(BadInput, match="nothing is owed"):
        decided(database, lucia)


def test_at_the_terminal_open_things_are_listed_decided_and_closed(
    caller: Phone,
    town: Town,
    lucia: Phone,
    database: Database,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    left_unasked(caller, town)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    monkeypatch.setenv("HOTLINE_SECRET_KEYS", "a1" * 32)
    sid = last_call(database).call.sid
    terminal = CliRunner()
    listed = json.loads(terminal.invoke(app, ["follow-ups", "--json"]).output)
    assert [(one["call"], one["kind"], one["state"]) for one in listed] == [(sid, "review", "open")]
    assert caller.number not in terminal.invoke(app, ["follow-ups"]).output
    asked = terminal.invoke(app, ["call-back", sid, "--by", lucia.number, "--reason", REASON])
    assert asked.output == "Lucia Prova's phone rings in a moment; after that, the person's.\n"
    refused = terminal.invoke(app, ["follow-up-done", sid, "--by", lucia.number])
    assert "a call back is due here" in str(refused.exception)
