"""Somebody stands in for somebody: who is on then, and what stays as it was, however it goes?"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.errors import BadInput
from hotline.oncall import store as duty
from hotline.oncall.actions import import_shifts
from hotline.oncall.files.actions import import_file
from hotline.oncall.overrides import actions
from hotline.oncall.overrides.override import Cause, Off, Override, changed, left_of
from hotline.oncall.overrides.tables import overrides as overrides_table
from hotline.oncall.proof.actions import time_served
from hotline.oncall.proof.spans import Span, hours_of
from hotline.oncall.rota.actions import draft, moment, publish
from hotline.oncall.rota.reviewing import on_duty_by_draft
from hotline.oncall.rota.rota_file import read_rota
from hotline.oncall.rota.store import version
from hotline.oncall.shifts import Shift, duty_at, duty_between
from hotline.oncall.tables import shifts as shifts_table
from hotline.people.actions import import_people
from hotline.people.store import everybody
from tests.oncall.overrides.stand_ins import GROUND, PEOPLE, ROME, SHIFTS, Who, at, decided, instead, on


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
