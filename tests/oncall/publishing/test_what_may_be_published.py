"""What of a rota is refused, what only needs a reason, and of two who publish at once, whose counts?"""

import threading
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from hotline.audit.store import newest_changes
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.errors import BadInput
from hotline.oncall.rota import store
from hotline.oncall.rota.actions import Outcome, publish
from hotline.oncall.rota.bands import Band
from hotline.oncall.rota.reviewing import review
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rotations import Every, Rotation
from hotline.oncall.shifts import Shift
from hotline.oncall.tables import shifts as shifts_table
from hotline.people.actions import set_active
from hotline.secrets import Keyring
from tests.oncall.publishing.published import ALL_DAYS, CARLA, GROUND, NIGHT, ROME, TODAY, drafted, turns


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
