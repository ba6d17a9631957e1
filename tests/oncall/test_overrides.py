"""Somebody stands in for somebody: who is on then, what may not be, what breaks, and what stays as it was?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from hotline.audit.store import newest_changes
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.errors import BadInput
from hotline.oncall import store as duty
from hotline.oncall.actions import import_shifts
from hotline.oncall.files.actions import import_file
from hotline.oncall.overrides import actions, store
from hotline.oncall.overrides.override import Cause, Off, Override, changed, left_of
from hotline.oncall.overrides.tables import overrides as overrides_table
from hotline.oncall.overrides.verdict import verdict
from hotline.oncall.proof.actions import time_served
from hotline.oncall.proof.spans import Span, hours_of
from hotline.oncall.rota.actions import draft, moment, publish
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.reviewing import on_duty_by_draft
from hotline.oncall.rota.rota_file import read_rota
from hotline.oncall.rota.store import version
from hotline.oncall.shifts import Shift, duty_at, duty_between
from hotline.oncall.tables import shifts as shifts_table
from hotline.people.actions import import_people, set_active
from hotline.people.person import Person
from hotline.people.store import everybody
from hotline.people.tables import people as people_table
from hotline.profile import load_profile
from tests.operations.test_commands import run

__all__ = ["run"]

ROME = ZoneInfo("Europe/Rome")
GROUND = Ground(load_profile(None), weeks=3)
PEOPLE = """name,phone,role,languages,training_until
Anna,3400000001,volunteer,it,2030-01-01
Bruno,3400000002,volunteer,it,2030-01-01
Dora,3400000005,volunteer,it,2030-01-01
Lucia,3400000003,social_worker,it,
Marta,3400000006,social_worker,it,
Carla,3400000004,coordinator,it,
"""
SHIFTS = """phone,role,starts_at,ends_at
3400000001,volunteer,2026-11-22T20:00+01:00,2026-11-23T08:00+01:00
3400000002,volunteer,2026-11-23T08:00+01:00,2026-11-23T20:00+01:00
3400000003,social_worker,2026-11-20T00:00+01:00,2026-11-27T00:00+01:00
3400000004,coordinator,2026-11-20T00:00+01:00,2026-11-27T00:00+01:00
"""
Who = Callable[[str], Person]


def at(text: str) -> datetime:
    """Return a moment of that November in UTC, as `22 23:00`."""
    day, _, time = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{time}:00+01:00").astimezone(UTC)


@pytest.fixture
def who(database: Database) -> Who:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        import_shifts(tx, SHIFTS)
        people = {person.name: person for person in everybody(tx)}
    return people.__getitem__


def instead(
    off: Person | None, on: Person | None, first: str, last: str, reason: str = "agreed", group: str = "g"
) -> Override:
    role = (off or on).role  # type: ignore[union-attr]
    ids = (off.id if off else None, on.id if on else None)
    return Override(role, *ids, at(first), at(last), Cause.REPLACE, "Carla", reason, group)


def decided(database: Database, who: Who, *wanted: Override) -> list[str]:
    with database.transaction() as tx:
        considered = actions.consider(tx, GROUND, who("Carla"), wanted)
        actions.decide(tx, considered)
    return list(considered.lines)


def on(database: Database, moment: str, role: str = "volunteer") -> set[str]:
    with database.reading() as tx:
        names = {person.id: person.name for person in everybody(tx)}
        return {names[one.person_id] for one in duty.on_duty(tx, at(moment)) if one.role == role}


# What holds


def test_somebody_stands_in_for_two_hours_of_a_night(database: Database, who: Who) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 22:00", "23 00:00"))
    nights = {hour: on(database, hour) for hour in ("22 21:59", "22 22:00", "22 23:59", "23 00:00")}
    assert nights == {
        "22 21:59": {"Anna"},
        "22 22:00": {"Dora"},
        "22 23:59": {"Dora"},
        "23 00:00": {"Anna"},
    }


def test_each_is_told_the_hours_that_are_really_theirs(database: Database, who: Who) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 22:00", "23 00:00"))
    with database.reading() as tx:
        coming = duty.next_shifts(tx, who("Anna").id, at("22 03:00"), 5)
        assert [(one.starts_at, one.ends_at) for one in coming] == [
            (at("22 20:00"), at("22 22:00")),
            (at("23 00:00"), at("23 08:00")),
        ]
        ended = duty.ends_of_duty(tx, {who("Anna").id}, at("22 22:05"))
    assert ended == {(who("Anna").id, "volunteer"): at("22 22:00")}


def test_what_was_taken_over_can_be_given_back(database: Database, who: Who) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00"))
    decided(database, who, instead(who("Dora"), who("Anna"), "22 20:00", "23 08:00"))
    assert on(database, "22 21:00") == {"Anna"}


def test_what_was_taken_over_can_be_passed_on(database: Database, who: Who) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00"))
    decided(database, who, instead(who("Dora"), who("Bruno"), "23 00:00", "23 08:00"))
    assert (on(database, "22 21:00"), on(database, "23 03:00")) == ({"Dora"}, {"Bruno"})


def test_called_off_before_it_begins_it_never_was(database: Database, who: Who) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00"))
    with database.transaction() as tx:
        actions.call_off(tx, [1], "Carla", "Dora fell ill")
    assert on(database, "22 21:00") == {"Anna"}
    again = pytest.raises(BadInput, match="override 1 is over, or was called off before")
    with again, database.transaction() as tx:
        actions.call_off(tx, [1], "Carla", "twice")


def test_called_off_while_it_runs_it_ends_now_and_its_past_stays(
    database: Database, who: Who, clock: ManualClock
) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00"))
    clock.set(at("23 01:00"))
    with database.transaction() as tx:
        actions.call_off(tx, [1], "Carla", "Anna is well again")
    assert (on(database, "23 00:59"), on(database, "23 01:00")) == ({"Dora"}, {"Anna"})


def test_history_says_who_was_supposed_to_be_there_and_who_was(
    database: Database, who: Who, clock: ManualClock
) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00"))
    clock.set(at("25 12:00"))
    with database.reading() as tx:
        found = moment(tx, at("22 23:00"))
    volunteers = [
        [one.person_id for one in shifts if one.role == "volunteer"]
        for shifts in (found.supposed, found.on_duty)
    ]
    assert volunteers == [[who("Anna").id], [who("Dora").id]]


def test_what_was_agreed_holds_when_a_new_version_is_published(
    database: Database, who: Who, tmp_path: Path
) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00"))
    rota = tmp_path / "rota.toml"
    rota.write_text(
        "[rota]\nfrom = 2026-11-22\n"
        '[[band]]\nname = "notte"\nrole = "volunteer"\nfrom = "20:00"\nto = "08:00"\n'
        '[[rotation]]\nband = "notte"\nevery = "shift"\norder = ["3400000001"]\n'
    )
    with database.transaction() as tx:
        zone = GROUND.profile.service.timezone
        number, _ = draft(tx, read_rota(rota, everybody(tx), zone, lambda _first, _last: ()), "Carla")
        by_draft = on_duty_by_draft(tx, GROUND, version(tx, number), at("22 23:00"))
        assert {one.person_id for one in by_draft if one.role == "volunteer"} == {who("Dora").id}
    publish(database, GROUND, "3400000004", "every night is Anna's")
    assert (on(database, "22 23:00"), on(database, "23 23:00")) == ({"Dora"}, {"Anna"})


def test_the_hours_are_of_whoever_stood_in(database: Database, who: Who) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 22:00", "23 08:00"))
    with database.reading() as tx:
        served = time_served(tx, Span(at("22 20:00"), at("23 08:00")))
    hours = {name: hours_of(served[who(name).id, "volunteer"]) for name in ("Anna", "Dora")}
    assert hours == {"Anna": 2, "Dora": 10}


def test_a_file_imported_again_does_not_undo_it(database: Database, who: Who) -> None:
    decided(database, who, instead(who("Anna"), who("Dora"), "22 20:00", "23 08:00"))
    with database.transaction() as tx:
        assert import_shifts(tx, SHIFTS).unchanged == 4
    assert on(database, "22 23:00") == {"Dora"}


def test_a_file_imported_afterwards_stands(database: Database, who: Who) -> None:
    with database.transaction() as tx:
        duty.add_shifts(tx, [Shift(who("Dora").id, "volunteer", at("24 20:00"), at("25 08:00"))], "cover")
    decided(database, who, instead(who("Dora"), who("Bruno"), "24 20:00", "25 08:00"))
    row = "phone,role,starts_at,ends_at\n3400000005,volunteer,2026-11-24 20:00,2026-11-25 08:00\n"
    assert import_file(database, row, ROME, "IT", "shifts.csv", "Carla").added == 1
    assert on(database, "24 23:00") == {"Bruno", "Dora"}


def test_another_plan_for_a_week_of_holidays(database: Database, who: Who) -> None:
    week = [Shift(who("Dora").id, "volunteer", at("22 18:00"), at("23 06:00"))]
    with database.transaction() as tx:
        period = (at("22 18:00"), at("23 12:00"))
        wanted = actions.temporary(tx, "volunteer", *period, week, "Carla", "feast")
        actions.decide(tx, actions.consider(tx, GROUND, who("Carla"), wanted))
    hours = ("22 17:59", "22 18:00", "23 05:59", "23 06:00", "23 11:59", "23 12:00")
    assert [on(database, hour) for hour in hours] == [set(), {"Dora"}, {"Dora"}, set(), set(), {"Bruno"}]
    assert on(database, "22 19:00", "social_worker") == {"Lucia"}


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


# However it goes: database and pure rules agree, nobody doubles, the past stays

_HOURS = st.integers(0, 96)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_decided_the_database_agrees_with_the_rules(
    database: Database, clock: ManualClock, data: st.DataObject
) -> None:
    begin = datetime(2026, 10, 24, 6, tzinfo=UTC)  # the night after it has thirteen hours
    clock.set(begin)
    with database.transaction() as tx:
        tx.execute(delete(overrides_table))
        tx.execute(delete(shifts_table))
        import_people(tx, PEOPLE)
        people = {p.name: p for p in everybody(tx)}
        volunteers = [people[name] for name in ("Anna", "Bruno", "Dora")]
        cuts = sorted(data.draw(st.lists(_HOURS, min_size=2, max_size=9, unique=True)))
        model = tuple(
            Shift(
                volunteers[number % 3].id,
                "volunteer",
                begin + timedelta(hours=first),
                begin + timedelta(hours=last),
            )
            for number, (first, last) in enumerate(pairwise(cuts))
        )
        duty.add_shifts(tx, model, "import")
    for _ in range(data.draw(st.integers(1, 6))):
        clock.advance(data.draw(st.integers(0, 6 * 3600)))
        changed_at = clock.now()
        past = _hourly(database, begin, changed_at)
        off = data.draw(st.sampled_from([*volunteers, None]))
        stand_in = data.draw(st.sampled_from(volunteers if off is None else [*volunteers, None]))
        first, length = data.draw(_HOURS), data.draw(st.integers(1, 30))
        starts_at = max(changed_at, begin + timedelta(hours=first))
        ids = (off.id if off else None, stand_in.id if stand_in else None)
        ends_at = starts_at + timedelta(hours=length)
        wanted = Override("volunteer", *ids, starts_at, ends_at, Cause.REPLACE, "Carla", "drawn", "g")
        try:
            with database.transaction() as tx:
                actions.put(tx, actions.surroundings(tx, GROUND, [wanted]), [wanted])
        except BadInput:
            pass
        else:
            model = changed(model, [wanted])
        assert _hourly(database, begin, changed_at) == past
        with database.reading() as tx:
            for hour in range(0, 130, 3):
                then = begin + timedelta(hours=hour, minutes=17)
                assert duty.on_duty(tx, then) == duty_at(model, then)
                on_now = [one.person_id for one in duty_at(model, then)]
                assert len(on_now) == len(set(on_now))
            window = (begin + timedelta(hours=data.draw(_HOURS)), begin + timedelta(hours=120))
            assert duty.on_duty_between(tx, *window) == duty_between(model, *window)


def _hourly(database: Database, first: datetime, last: datetime) -> list[tuple[Shift, ...]]:
    with database.reading() as tx:
        hours = int((last - first).total_seconds() // 3600)
        return [
            tuple(
                Shift(o.person_id, o.role, then, then + timedelta(minutes=1)) for o in duty.on_duty(tx, then)
            )
            for then in (first + timedelta(hours=hour) for hour in range(hours))
        ]


@given(
    night=st.integers(0, 400),
    cuts=st.lists(st.tuples(st.integers(-5, 20), st.integers(1, 9)), max_size=4),
)
def test_what_is_left_of_a_night_and_what_is_taken_are_the_whole_night(
    night: int, cuts: list[tuple[int, int]]
) -> None:
    starts_at = datetime(2026, 1, 1, 19, tzinfo=UTC) + timedelta(days=night)
    whole = Shift("anna", "volunteer", starts_at, starts_at + timedelta(hours=12))
    offs = [
        Off("anna", "volunteer", starts_at + timedelta(hours=a), starts_at + timedelta(hours=a + long))
        for a, long in cuts
    ]
    left = list(left_of(whole, offs))
    for minute in range(0, 720, 20):
        then = starts_at + timedelta(minutes=minute)
        taken = any(off.starts_at <= then < off.ends_at for off in offs)
        assert len(duty_at(left, then)) == (0 if taken else 1)


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


def written_meanwhile(database: Database) -> bool:
    """Tell whether somebody else can write at this moment."""

    def write() -> None:
        with database.transaction() as tx:
            tx.execute(update(people_table).values(active=True))

    writer = Thread(target=write, daemon=True)
    writer.start()
    writer.join(2)
    return not writer.is_alive()


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
