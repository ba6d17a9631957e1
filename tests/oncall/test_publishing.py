"""Is what a coordinator publishes what the phones follow, from now on, and never backwards?"""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from hotline.audit.store import newest_changes
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.errors import BadInput
from hotline.oncall.actions import gaps_between, import_shifts, plan_with_reasons
from hotline.oncall.proof.coverage import Lacking
from hotline.oncall.rota import store
from hotline.oncall.rota.actions import (
    Outcome,
    Publication,
    draft,
    fill,
    moment,
    publish,
)
from hotline.oncall.rota.bands import Band
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.reviewing import on_duty_by_draft, review
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rotations import Every, Rotation
from hotline.oncall.shifts import Shift
from hotline.oncall.store import next_shifts, on_duty
from hotline.oncall.tables import shifts as shifts_table
from hotline.people.actions import import_people, set_active
from hotline.people.store import everybody
from hotline.profile import load_profile
from hotline.secrets import Keyring

ROME = ZoneInfo("Europe/Rome")
GROUND = Ground(load_profile(None))
CARLA = "3400000004"
PEOPLE = """name,phone,role,languages
Anna,3400000001,volunteer,it
Bruno,3400000002,volunteer,it
Lucia,3400000003,social_worker,it
Carla,3400000004,coordinator,it
Dora,3400000005,volunteer,it
Marta,3400000006,social_worker,it
"""
ALL_DAYS = frozenset(range(7))
NIGHT = Band("notte", "volunteer", ALL_DAYS, time(20), time(8))
DAY = Band("giorno", "volunteer", ALL_DAYS, time(8), time(20))
TODAY = date(2026, 11, 22)
"""The clock of these tests stands at three o'clock of this night."""


@pytest.fixture
def ids(database: Database) -> dict[str, str]:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        return {person.name: person.id for person in everybody(tx)}


def turns(ids: dict[str, str], *names: str, band: Band = NIGHT, since: date = date(2026, 11, 1)) -> Rota:
    order = tuple(ids[name] for name in names)
    return Rota(ROME, since, (band,), (Rotation(band.name, order, Every.SHIFT, since),))


def drafted(database: Database, rota: Rota) -> int:
    with database.transaction() as tx:
        return draft(tx, rota, "Carla")[0]


def published(database: Database, rota: Rota, reason: str = "winter") -> Publication:
    drafted(database, rota)
    return publish(database, GROUND, CARLA, reason)


def on_at(database: Database, at: str) -> list[str]:
    with database.reading() as tx:
        names = {person.id: person.name for person in everybody(tx)}
        return sorted(names[one.person_id] for one in on_duty(tx, datetime.fromisoformat(at)))


def every_hour(database: Database, first: datetime, hours: int) -> list[tuple[Shift, ...]]:
    with database.reading() as tx:
        return [on_duty(tx, first + timedelta(hours=hour)) for hour in range(hours)]


def test_a_draft_rings_nobody_before_it_is_published(database: Database, ids: dict[str, str]) -> None:
    drafted(database, turns(ids, "Anna", "Bruno"))
    assert on_at(database, "2026-11-23T22:00+01:00") == []


def test_what_is_published_is_on_duty_from_now_on(database: Database, ids: dict[str, str]) -> None:
    done = published(database, turns(ids, "Anna", "Bruno"))
    assert (done.outcome, done.number) == (Outcome.PUBLISHED, 1)
    # It is three at night: whoever has tonight's turn, since 1 November, is on at once.
    assert on_at(database, "2026-11-22T03:00+01:00") == ["Anna"]
    assert on_at(database, "2026-11-22T02:59+01:00") == []
    assert on_at(database, "2026-11-22T20:00+01:00") == ["Bruno"]
    assert on_at(database, "2027-01-16T20:00+01:00") == ["Anna"]
    assert on_at(database, "2027-01-17T20:00+01:00") == []


def test_the_rows_are_what_the_rules_say_over_eight_weeks(database: Database, ids: dict[str, str]) -> None:
    rota = turns(ids, "Anna", "Bruno", "Dora")
    published(database, rota)
    with database.reading() as tx:
        rows = store.rows_of(tx, 1)
    meant = rota.shifts(TODAY, TODAY + timedelta(days=55))
    assert rows[1:] == meant
    assert rows[0].starts_at == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert len(rows) == 57


def test_published_twice_the_second_time_changes_nothing(database: Database, ids: dict[str, str]) -> None:
    rota = turns(ids, "Anna", "Bruno")
    published(database, rota)
    with database.reading() as tx:
        rows, changes = store.rows_of(tx, 1), newest_changes(tx, 99)
    again = published(database, rota)
    assert (again.outcome, again.number) == (Outcome.UNCHANGED, 1)
    with database.reading() as tx:
        assert (store.rows_of(tx, 1), newest_changes(tx, 99)) == (rows, changes)
        assert len(store.newest_versions(tx, 9)) == 1


def test_the_past_and_a_shift_that_has_begun_stay_as_they_were(
    database: Database, ids: dict[str, str], clock: ManualClock
) -> None:
    published(database, turns(ids, "Anna", "Bruno"))
    clock.set(datetime(2026, 11, 29, 23, 0, tzinfo=ROME))
    first = datetime(2026, 11, 20, tzinfo=UTC)
    past = every_hour(database, first, 24 * 9 + 22)
    tonight = on_at(database, "2026-11-29T23:00+01:00")
    done = published(database, turns(ids, "Dora"), "Anna and Bruno are ill")
    assert every_hour(database, first, 24 * 9 + 22) == past
    # Whoever has begun stays until the end of the night; who is new joins beside, nobody is taken away.
    assert set(on_at(database, "2026-11-29T23:00+01:00")) == {*tonight, "Dora"}
    assert on_at(database, "2026-11-30T08:00+01:00") == []
    assert on_at(database, "2026-11-30T20:00+01:00") == ["Dora"]
    changed = {one.person_id: (len(one.gained), len(one.lost)) for one in done.diffs}
    assert changed.pop(ids["Dora"]) == (56, 0)
    assert sorted(changed.values()) == [(0, 27), (0, 28)]


def test_nobody_is_doubled_when_a_rota_goes_on_as_before(
    database: Database, ids: dict[str, str], clock: ManualClock
) -> None:
    published(database, turns(ids, "Anna"))
    clock.set(datetime(2026, 11, 22, 23, 0, tzinfo=ROME))
    rota = turns(ids, "Anna")
    both = Rota(
        ROME,
        rota.starts_on,
        (NIGHT, DAY),
        (*rota.rotations, Rotation("giorno", (ids["Dora"],), Every.SHIFT, TODAY)),
    )
    done = published(database, both)
    assert {one.person_id for one in done.diffs} == {ids["Dora"]}
    with database.reading() as tx:
        assert len(on_duty(tx, tx.now)) == 1
        assert len(next_shifts(tx, ids["Anna"], tx.now, 3)) == 3


def test_in_a_tier_of_one_the_next_begins_when_who_has_begun_is_done(
    database: Database, ids: dict[str, str], clock: ManualClock
) -> None:
    always = Band("sempre", "social_worker", ALL_DAYS, time(12), time(12))
    lucia = Rota(
        ROME,
        TODAY,
        (always,),
        (Rotation("sempre", (ids["Lucia"],), Every.SHIFT, TODAY),),
        single=frozenset({"social_worker"}),
    )
    clock.set(datetime(2026, 11, 22, 12, 0, tzinfo=ROME))
    published(database, lucia)
    clock.set(datetime(2026, 11, 23, 9, 0, tzinfo=ROME))
    noon = Band("sempre", "social_worker", ALL_DAYS, time(8), time(8))
    marta = Rota(
        ROME,
        TODAY,
        (noon,),
        (Rotation("sempre", (ids["Marta"],), Every.SHIFT, TODAY),),
        single=frozenset({"social_worker"}),
    )
    published(database, marta)
    assert on_at(database, "2026-11-23T09:00+01:00") == ["Lucia"]
    assert on_at(database, "2026-11-23T11:59+01:00") == ["Lucia"]
    assert on_at(database, "2026-11-23T12:00+01:00") == ["Marta"]


def test_a_rota_with_a_later_first_day_leaves_the_one_before_in_force_until_then(
    database: Database, ids: dict[str, str]
) -> None:
    published(database, turns(ids, "Anna"))
    published(database, turns(ids, "Bruno", since=date(2026, 12, 1)))
    assert on_at(database, "2026-11-30T22:00+01:00") == ["Anna"]
    assert on_at(database, "2026-12-01T03:00+01:00") == ["Anna"]
    assert on_at(database, "2026-12-01T22:00+01:00") == ["Bruno"]
    # One that comes before it begins takes its place: it never counts.
    published(database, turns(ids, "Dora"))
    assert on_at(database, "2026-12-01T22:00+01:00") == ["Dora"]


def test_imported_and_published_shifts_live_together(database: Database, ids: dict[str, str]) -> None:
    with database.transaction() as tx:
        import_shifts(
            tx,
            "phone,role,starts_at,ends_at\n"
            "3400000003,social_worker,2026-11-22T00:00+01:00,2026-11-29T00:00+01:00\n"
            "3400000001,volunteer,2026-11-22T20:00+01:00,2026-11-23T08:00+01:00\n",
        )
    published(database, turns(ids, "Anna"))
    assert on_at(database, "2026-11-22T22:00+01:00") == ["Anna", "Lucia"]
    with database.reading() as tx:
        assert len(next_shifts(tx, ids["Anna"], tx.now, 99)) == 56


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("twice", "Anna is on twice at once"),
        ("left", "Bruno is no longer active"),
        ("crowded", "are both social_worker, a tier of one"),
        ("unknown", "nobody has the id nobody"),
    ],
)
def test_only_the_impossible_refuses_and_then_nothing_is_changed(
    database: Database, ids: dict[str, str], broken: str, reason: str
) -> None:
    rota = turns(ids, "Anna", "Bruno")
    if broken == "twice":
        late = Band("tardi", "volunteer", ALL_DAYS, time(18), time(22))
        rota = Rota(
            ROME,
            TODAY,
            (NIGHT, late),
            (*rota.rotations, Rotation("tardi", (ids["Anna"],), Every.SHIFT, TODAY)),
        )
    if broken == "crowded":
        days = (
            Band("a", "social_worker", ALL_DAYS, time(8), time(20)),
            Band("b", "social_worker", ALL_DAYS, time(18), time(8)),
        )
        on = [
            Rotation(band.name, (ids[name],), Every.SHIFT, TODAY)
            for band, name in zip(days, ("Lucia", "Marta"), strict=True)
        ]
        rota = Rota(ROME, TODAY, days, tuple(on), single=frozenset({"social_worker"}))
    if broken == "unknown":
        rota = turns(ids | {"nobody": "nobody"}, "nobody")
    drafted(database, rota)
    if broken == "left":
        with database.transaction() as tx:
            set_active(tx, "3400000002", active=False)
    with pytest.raises(BadInput, match="impossible") as refusal:
        publish(database, GROUND, CARLA, "because")
    assert reason in str(refusal.value)
    with database.reading() as tx:
        assert tx.execute(select(func.count()).select_from(shifts_table)).scalar_one() == 0
        assert store.published(tx) == 0


def test_a_gap_is_published_for_a_written_reason_and_kept_with_it(
    database: Database, ids: dict[str, str]
) -> None:
    two = Band("notte", "volunteer", ALL_DAYS, time(20), time(8), headcount=2)
    drafted(database, turns(ids, "Anna", band=two))
    with pytest.raises(BadInput, match="--reason: say why"):
        publish(database, GROUND, CARLA, "  ")
    publish(database, GROUND, CARLA, "nobody else is trained yet")
    with database.reading() as tx:
        version = store.version(tx, 1)
        newest = newest_changes(tx, 1)[0]
    assert version is not None
    assert (version.reason, version.published_by) == ("nobody else is trained yet", ids["Carla"])
    assert "2026-11-24 notte: 1 of 2 volunteer missing" in (version.accepted or "")
    assert (newest.what, newest.who, newest.why) == (
        "rota 1 published",
        ids["Carla"],
        "nobody else is trained yet",
    )


@pytest.mark.parametrize("phone", ["3400000001", "3400000009"])
def test_only_a_coordinator_publishes(database: Database, ids: dict[str, str], phone: str) -> None:
    drafted(database, turns(ids, "Anna"))
    with pytest.raises(BadInput, match="only a coordinator"):
        publish(database, GROUND, phone, "because")


def test_the_horizon_moves_on_a_day_every_day_and_each_day_is_filled_once(
    database: Database, ids: dict[str, str], clock: ManualClock
) -> None:
    rota = turns(ids, "Anna", "Bruno", "Dora")
    published(database, rota)
    assert fill(database, GROUND) == 0
    clock.advance(86400)
    assert fill(database, GROUND) == 1
    assert fill(database, GROUND) == 0
    clock.advance(5 * 86400)
    assert fill(database, GROUND) == 5
    with database.reading() as tx:
        assert store.rows_of(tx, 1)[1:] == rota.shifts(TODAY, TODAY + timedelta(days=55 + 6))


def test_whoever_has_left_is_a_hole_in_the_weeks_filled_meanwhile_and_there_again_when_back(
    database: Database, ids: dict[str, str], clock: ManualClock
) -> None:
    published(database, turns(ids, "Anna", "Bruno"))
    with database.transaction() as tx:
        set_active(tx, "3400000001", active=False)
    clock.advance(5 * 86400)
    assert fill(database, GROUND) == 5
    # Five days beyond the first horizon it is Anna's turn.
    night = datetime(2027, 1, 20, 22, 0, tzinfo=ROME)

    def volunteers_rung() -> list[str]:
        with database.reading() as tx:
            plan = plan_with_reasons(tx, GROUND.profile, None, night)
        return [one.name for tier in plan.tiers if tier.role == "volunteer" for one in tier.people]

    def uncovered() -> bool:
        with database.reading() as tx:
            found = gaps_between(tx, GROUND.profile, night, night + timedelta(hours=1))
        return any(one.lack.lacking == Lacking.VOLUNTEER for one in found)

    assert (volunteers_rung(), uncovered()) == ([], True)
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
    assert (volunteers_rung(), uncovered()) == (["Anna"], False)


def test_history_says_who_was_on_duty_and_who_was_to_be(
    database: Database, ids: dict[str, str], clock: ManualClock
) -> None:
    published(database, turns(ids, "Anna", "Bruno"))
    clock.set(datetime(2026, 12, 10, 12, 0, tzinfo=ROME))
    published(database, turns(ids, "Dora"))
    with database.reading() as tx:
        before = moment(tx, datetime(2026, 12, 9, 23, 0, tzinfo=ROME))
        after = moment(tx, datetime(2026, 12, 10, 23, 0, tzinfo=ROME))
        nobody = moment(tx, datetime(2026, 11, 1, 23, 0, tzinfo=ROME))
    assert before.version is not None
    assert after.version is not None
    assert (before.version.number, after.version.number) == (1, 2)
    assert [one.person_id for one in before.supposed] in ([ids["Anna"]], [ids["Bruno"]])
    assert before.supposed == before.on_duty
    assert [one.person_id for one in after.on_duty] == [ids["Dora"]]
    assert (nobody.version, nobody.supposed) == (None, ())


def test_the_time_machine_also_asks_a_draft(
    database: Database, ids: dict[str, str], clock: ManualClock
) -> None:
    published(database, turns(ids, "Anna"))
    clock.advance(60)
    number = drafted(database, turns(ids, "Bruno"))
    at = datetime(2026, 12, 9, 23, 0, tzinfo=ROME)
    with database.reading() as tx:
        version = store.version(tx, number)
        assert version is not None
        meant = [one.person_id for one in on_duty_by_draft(tx, GROUND, version, at)]
        assert meant == [ids["Bruno"]]
        assert [one.person_id for one in on_duty(tx, at)] == [ids["Anna"]]
        shown = review(tx, GROUND, version)
    assert {(one.person_id, len(one.gained), len(one.lost)) for one in shown.diffs} == {
        (ids["Anna"], 0, 56),
        (ids["Bruno"], 57, 0),
    }


def test_overlaps_in_a_tier_of_one_are_refused_by_the_database_itself(
    database: Database, ids: dict[str, str]
) -> None:
    first = Shift(
        ids["Lucia"],
        "social_worker",
        datetime(2026, 12, 1, 8, tzinfo=UTC),
        datetime(2026, 12, 1, 20, tzinfo=UTC),
    )
    touching = Shift(ids["Marta"], "social_worker", first.ends_at, first.ends_at + timedelta(hours=12))
    overlapping = Shift(ids["Marta"], "social_worker", first.ends_at - timedelta(seconds=1), first.ends_at)
    with database.transaction() as tx:
        store.add_rows(tx, 1, {"social_worker"}, [first, touching])
        store.add_rows(tx, 2, {"social_worker"}, [overlapping])
        store.add_rows(tx, 1, (), [Shift(ids["Anna"], "volunteer", first.starts_at, first.ends_at)])
    with pytest.raises(IntegrityError), database.transaction() as tx:
        store.add_rows(tx, 1, {"social_worker"}, [overlapping])


def test_of_two_writers_at_once_one_gets_the_tier(
    database_url: str, database: Database, ids: dict[str, str], keyring: Keyring, clock: ManualClock
) -> None:
    both_there = threading.Barrier(2)
    starts = datetime(2026, 12, 1, 8, tzinfo=UTC)
    results: list[str] = []

    def write(name: str) -> None:
        own = Database(database_url, keyring, clock)
        both_there.wait(10)
        shift = Shift(ids[name], "social_worker", starts, starts + timedelta(hours=12))
        try:
            with own.transaction() as tx:
                store.add_rows(tx, 1, {"social_worker"}, [shift])
            results.append(name)
        except IntegrityError:
            results.append("refused")
        finally:
            own.dispose()

    threads = [threading.Thread(target=write, args=(name,)) for name in ("Lucia", "Marta")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) in (["Lucia", "refused"], ["Marta", "refused"])
    with database.reading() as tx:
        assert len(store.rows_of(tx, 1)) == 1


def test_of_two_coordinators_who_publish_at_once_one_wins_and_the_rota_is_whole(
    database_url: str, database: Database, ids: dict[str, str], keyring: Keyring, clock: ManualClock
) -> None:
    drafted(database, turns(ids, "Anna"))
    both_there = threading.Barrier(2)
    results: list[str] = []

    def go() -> None:
        own = Database(database_url, keyring, clock)
        both_there.wait(10)
        try:
            results.append(publish(own, GROUND, CARLA, "at once").outcome)
        except BadInput:
            results.append("refused")
        finally:
            own.dispose()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert results.count(Outcome.PUBLISHED) == 1
    assert len(results) == 2
    with database.reading() as tx:
        assert len(store.rows_of(tx, 1)) == 57


def test_an_earlier_rota_leaves_no_shifts_behind_that_never_count(
    database: Database, ids: dict[str, str]
) -> None:
    published(database, turns(ids, "Anna", "Bruno"))
    published(database, turns(ids, "Dora"))
    with database.reading() as tx:
        # Whoever was on at the very moment of the second publication began before it, or never did.
        assert len(store.rows_of(tx, 1)) <= 1
        assert len(store.rows_of(tx, 2)) >= 56
        assert [one.number for one in store.newest_versions(tx, 9)] == [2, 1]


def test_one_social_worker_for_every_hour_breaks_rules_and_can_still_be_published(
    database: Database, ids: dict[str, str]
) -> None:
    always = Band("sempre", "social_worker", ALL_DAYS, time(8), time(8))
    turn = Rotation("sempre", (ids["Lucia"],), Every.SHIFT, TODAY)
    number = drafted(database, Rota(ROME, TODAY, (always,), (turn,), single=frozenset({"social_worker"})))
    with database.reading() as tx:
        version = store.version(tx, number)
        assert version is not None
        shown = review(tx, GROUND, version)
    assert not shown.impossible
    assert any(line.startswith("R1 ") for line in shown.broken)
    assert any(line.startswith("gap ") for line in shown.broken)
    done = publish(database, GROUND, CARLA, "the service has one social worker")
    assert done.broken == shown.broken
    with database.reading() as tx:
        kept = store.version(tx, number)
    assert kept is not None
    assert (kept.accepted or "").splitlines() == list(shown.broken)


def test_a_draft_is_proved_against_the_limits_of_the_profile(database: Database, ids: dict[str, str]) -> None:
    number = drafted(database, turns(ids, "Anna"))
    rules = GROUND.profile.rules
    untrained = replace(rules.contracts["volunteer"], training=False)
    lenient = replace(rules, contracts={**rules.contracts, "volunteer": untrained})
    with database.reading() as tx:
        version = store.version(tx, number)
        assert version is not None
        strict = review(tx, GROUND, version)
        loose = review(tx, replace(GROUND, profile=replace(GROUND.profile, rules=lenient)), version)
    assert any(line.startswith("R13") for line in strict.broken)
    assert not any(line.startswith("R13") for line in loose.broken)
