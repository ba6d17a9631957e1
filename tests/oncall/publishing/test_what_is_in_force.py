"""Is what a coordinator publishes what the phones follow, from now on, and never backwards?"""

from datetime import UTC, date, datetime, time, timedelta

from hotline.audit.store import newest_changes
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.oncall.actions import gaps_between, import_shifts, plan_with_reasons
from hotline.oncall.proof.coverage import Lacking
from hotline.oncall.rota import store
from hotline.oncall.rota.actions import Outcome, fill, moment
from hotline.oncall.rota.bands import Band
from hotline.oncall.rota.reviewing import on_duty_by_draft, review
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rotations import Every, Rotation
from hotline.oncall.store import next_shifts, on_duty
from hotline.people.actions import import_people, set_active
from tests.oncall.publishing.published import (
    ALL_DAYS,
    DAY,
    GROUND,
    NIGHT,
    PEOPLE,
    ROME,
    TODAY,
    drafted,
    every_hour,
    on_at,
    published,
    turns,
)


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
