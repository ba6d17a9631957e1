"""Somebody is to stand in for somebody: what is refused, what breaks, and how is it done at a terminal?"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from hotline.audit.store import newest_changes
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.errors import BadInput
from hotline.oncall.overrides import actions, store
from hotline.oncall.overrides.verdict import verdict
from hotline.people.actions import set_active
from tests.oncall.overrides.stand_ins import (
    GROUND,
    PEOPLE,
    SHIFTS,
    Who,
    at,
    decided,
    instead,
    on,
    written_meanwhile,
)
from tests.operations.test_commands import run

__all__ = ["run"]


# What may not be


@pytest.mark.parametrize(
    ("off", "on_", "first", "last", "said"),
    [
        ("Anna", "Bruno", "23 06:00", "23 09:00", "Anna is not on duty all that time"),
        ("Bruno", "Dora", "22 20:00", "23 08:00", "Bruno is not on duty all that time"),
        ("Anna", "Lucia", "22 20:00", "23 08:00", "Lucia is a social_worker, not a volunteer"),
        ("Anna", "Anna", "22 20:00", "23 08:00", "Anna cannot stand in for themselves"),
        ("Anna", "Dora", "22 02:00", "22 02:30", "it begins in the past, which is never rewritten"),
        ("Anna", "Dora", "23 08:00", "22 20:00", "it ends before it begins"),
        (None, "Dora", "22 20:00", "30 20:00", "it is longer than a week"),
        (None, "Anna", "22 19:00", "22 21:00", "Anna would be on duty twice at once"),
    ],
)
def test_the_impossible_is_refused_and_nothing_is_kept(
    database: Database, who: Who, off: str | None, on_: str, first: str, last: str, said: str
) -> None:
    wanted = instead(who(off) if off else None, who(on_), first, last)
    with pytest.raises(BadInput, match=said):
        decided(database, who, wanted)
    with database.reading() as tx:
        assert store.newest_override(tx) == 0


def test_nobody_is_put_on_who_has_left(database: Database, who: Who) -> None:
    with database.transaction() as tx:
        set_active(tx, "3400000005", active=False)
    with pytest.raises(BadInput, match="Dora is no longer active"):
        decided(database, who, instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00"))


def test_only_a_coordinator_decides_and_never_without_a_reason(database: Database, who: Who) -> None:
    wanted = instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00")
    with pytest.raises(BadInput, match="only a coordinator"), database.transaction() as tx:
        actions.consider(tx, GROUND, who("Anna"), [wanted])
    with pytest.raises(BadInput, match="--reason: say why"):
        decided(database, who, instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00", reason=" "))


def test_what_begins_from_now_on_begins_when_it_is_done_not_when_it_was_looked_at(
    database: Database, who: Who, clock: ManualClock
) -> None:
    clock.set(at("22 21:00"))
    with database.reading() as tx:
        later = instead(who("Lucia"), who("Marta"), "22 23:00", "23 08:00")
        wanted = [instead(who("Anna"), who("Dora"), "22 21:00", "23 08:00"), later]
        considered = actions.consider(tx, GROUND, who("Carla"), wanted)
    clock.advance(2)
    with database.transaction() as tx:
        actions.decide(tx, considered)
        made = [one.starts_at - at("22 21:00") for one in store.of_group(tx, "g")]
    assert made == [timedelta(seconds=2), timedelta(hours=2)]


def test_what_has_become_impossible_since_it_was_looked_at_is_refused(database: Database, who: Who) -> None:
    with database.reading() as tx:
        wanted = [instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00")]
        considered = actions.consider(tx, GROUND, who("Carla"), wanted)
    decided(database, who, instead(who("Anna"), who("Bruno"), "22 20:00", "23 08:00"))
    with pytest.raises(BadInput, match="Anna is not on duty"), database.transaction() as tx:
        actions.decide(tx, considered)
    assert on(database, "22 23:00") == {"Bruno"}


def test_two_who_replace_the_same_person_at_once_never_both_do(database: Database, who: Who) -> None:
    with database.reading() as tx:
        one, other = ([instead(who("Anna"), who(name), "22 20:00", "23 08:00")] for name in ("Dora", "Bruno"))
        seen = actions.surroundings(tx, GROUND, [*one, *other])
    with database.transaction() as tx:
        actions.put(tx, seen, one)
    with pytest.raises(BadInput, match="Anna is not on duty"), database.transaction() as tx:
        actions.put(tx, seen, other)
    assert on(database, "22 23:00") == {"Dora"}


# What breaks


def test_taking_away_the_last_volunteer_and_social_worker_is_said_and_done_for_a_reason(
    database: Database, who: Who
) -> None:
    lines = decided(
        database,
        who,
        instead(who("Lucia"), None, "22 20:00", "22 22:00", "no way to keep her on"),
    )
    assert any(line.startswith("R1 2026-11-22 20:00 - 2026-11-22 22:00") for line in lines), lines
    assert on(database, "22 21:00", "social_worker") == set()
    with database.reading() as tx:
        newest = newest_changes(tx, 1, "override")[0]
    assert (newest.who, newest.why) == ("Carla", "no way to keep her on")


def test_only_what_is_newly_broken_is_held_against_it(database: Database, who: Who) -> None:
    with database.reading() as tx:
        wanted = [instead(who("Lucia"), who("Marta"), "22 20:00", "23 08:00")]
        found, around = actions.look_at(tx, GROUND, wanted)
    assert found.lines(around) == [
        "R18 2026-11-22 20:00 - 2026-11-23 08:00 Marta: no key was ever pressed on this phone in a test call"
    ]


def test_what_only_makes_a_hole_smaller_is_not_held_against_it(database: Database, who: Who) -> None:
    # Lucia has left in the middle of her week, and Anna before her night: nobody is there.
    with database.transaction() as tx:
        for phone in ("3400000003", "3400000001"):
            set_active(tx, phone, active=False)
        night = [instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00")]
        part = [instead(who("Lucia"), who("Marta"), "22 20:00", "23 08:00")]
        by_night, _ = actions.look_at(tx, GROUND, night)
        by_part, _ = actions.look_at(tx, GROUND, part)
    assert (by_night.gaps, by_part.gaps) == ((), ())
    assert {one.rule for one in (*by_night.broken, *by_part.broken)} == {"R18"}


def test_a_hole_that_is_filled_in_one_tier_does_not_make_up_for_one_in_another(
    database: Database, who: Who
) -> None:
    with database.transaction() as tx:
        for phone in ("3400000004", "3400000001"):
            set_active(tx, phone, active=False)
        moved = [
            instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00"),
            instead(who("Lucia"), None, "22 20:00", "23 08:00"),
        ]
        found, around = actions.look_at(tx, GROUND, moved)
    one_level = "one level only, social workers and coordinators cannot be reached"
    assert any(one_level in line for line in found.lines(around))


# From a terminal


@pytest.mark.usefixtures("who")
def test_a_call_is_written_while_a_coordinator_at_the_terminal_has_something_looked_at(
    run: Callable[..., tuple[int, str]], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[bool] = []

    def looking(*given: Any) -> Any:
        waited.append(not written_meanwhile(database))
        return verdict(*given)

    monkeypatch.setattr("hotline.oncall.overrides.actions.verdict", looking)
    by = ("--by", "340 0000004", "--reason", "fever")
    words = ("override", "replace", "340 0000001", "340 0000005", *by)
    code, printed = run(*words, CLOCK_START="2026-11-22T21:00:00+01:00")
    assert code == 0, printed
    assert waited == [False]


def test_a_coordinator_at_the_terminal(run: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    minutes = count()

    def hotline(*words: str, fails: bool = False) -> str:
        code, printed = run(*words, CLOCK_START=f"2026-11-22T21:{next(minutes):02}:00+01:00")
        assert bool(code) == fails, printed
        return printed

    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "shifts.csv").write_text(SHIFTS)
    hotline("people", "import", "people.csv")
    hotline("shifts", "import", "shifts.csv")
    by = ("--by", "340 0000004", "--reason", "fever")
    said = hotline("override", "replace", "340 0000001", "340 0000005", *by)
    assert said.startswith("Override 1: 2026-11-22 21:0")
    assert " - 2026-11-23 08:00." in said
    assert "Anna off, Dora on (Carla: fever)" in hotline("override", "list")
    assert "volunteers: Dora" in hotline("duty", "--at", "2026-11-22T23:00+01:00")
    assert "does not exist: that night the clocks skip it" in hotline(
        "override",
        "add",
        "340 0000001",
        "--from",
        "2027-03-28 02:30",
        "--to",
        "2027-03-28 05:00",
        *by,
        fails=True,
    )
    assert hotline("override", "call-off", "1", *by) == "Called off: 1.\n"
    assert "volunteers: Anna" in hotline("duty", "--at", "2026-11-22T23:00+01:00")
    assert hotline("override", "list") == "No override runs or comes.\n"
    assert "there is no override 7" in hotline("override", "call-off", "7", *by, fails=True)
    (tmp_path / "feast.csv").write_text(
        "phone,role,starts_at,ends_at\n3400000005,volunteer,2026-11-23T08:00+01:00,2026-11-23T20:00+01:00\n"
    )
    feast = ("--role", "volunteer", "--from", "2026-11-23 08:00", "--to", "2026-11-24 08:00")
    assert "2 changes until 2026-11-24 08:00." in hotline("override", "temporary", "feast.csv", *feast, *by)
    assert "volunteers: Dora" in hotline("duty", "--at", "2026-11-23T12:00+01:00")
    assert "Nothing to change" in hotline("override", "temporary", "feast.csv", *feast, *by)
