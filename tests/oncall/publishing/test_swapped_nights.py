"""A night is swapped, and then a new version of the rota comes: who is on, who reads what, what is named?"""

from datetime import UTC, date, datetime

import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.oncall.news import store as news
from hotline.oncall.overrides import actions as overrides
from hotline.oncall.overrides.override import Cause, Override
from hotline.oncall.rota import store
from hotline.oncall.rota.reviewing import review
from hotline.people.store import everybody
from tests.oncall.publishing.published import GROUND, drafted, on_at, published, turns

SWAPPED = (datetime(2026, 11, 24, 19, tzinfo=UTC), datetime(2026, 11, 25, 7, tzinfo=UTC))
SWAPPED_NIGHT = "2026-11-24T23:00+01:00"


@pytest.fixture
def swapped(database: Database, ids: dict[str, str], clock: ManualClock) -> None:
    """Every night is Anna's, and Dora has taken the one of Tuesday."""
    published(database, turns(ids, "Anna"))
    swap(database, ids["Anna"], ids["Dora"])
    clock.advance(60)


def swap(database: Database, off_id: str, on_id: str) -> None:
    group = overrides.new_group()
    made = Override("volunteer", off_id, on_id, *SWAPPED, Cause.SWAP, "Carla", "agreed", group)
    with database.transaction() as tx:
        carla = next(one for one in everybody(tx) if one.name == "Carla")
        overrides.decide(tx, overrides.consider(tx, GROUND, carla, [made]))


def to_look_at(database: Database, number: int) -> list[str]:
    with database.reading() as tx:
        version = store.version(tx, number)
        assert version is not None
        return [line for line in review(tx, GROUND, version).warnings if line.startswith("override")]


def gained_and_lost(database: Database, number: int) -> dict[str, tuple[int, int]]:
    with database.reading() as tx:
        version = store.version(tx, number)
        assert version is not None
        found = review(tx, GROUND, version).diffs
        names = {person.id: person.name for person in everybody(tx)}
    return {names[one.person_id]: (len(one.gained), len(one.lost)) for one in found}


@pytest.mark.usefixtures("swapped")
def test_a_version_that_gives_the_night_to_a_third_person_is_named_before_it_is_published(
    database: Database, ids: dict[str, str]
) -> None:
    assert to_look_at(database, 1) == []
    number = drafted(database, turns(ids, "Bruno"))
    (named,) = to_look_at(database, number)
    assert named.startswith("override 1 2026-11-24 20:00 - 2026-11-25 08:00 Dora stands in for Anna, who")
    assert named.endswith("Dora is on beside whoever is (hotline override call-off ends it)")
    published(database, turns(ids, "Bruno"))
    assert on_at(database, SWAPPED_NIGHT) == ["Bruno", "Dora"]


@pytest.mark.usefixtures("swapped")
def test_a_version_that_leaves_the_night_as_it_was_has_nothing_to_name(
    database: Database, ids: dict[str, str]
) -> None:
    number = drafted(database, turns(ids, "Anna", since=date(2026, 11, 2)))
    assert to_look_at(database, number) == []
    assert gained_and_lost(database, number) == {}


@pytest.mark.usefixtures("swapped")
def test_a_night_that_was_passed_on_twice_is_nobodys_fault(database: Database, ids: dict[str, str]) -> None:
    swap(database, ids["Dora"], ids["Bruno"])
    assert to_look_at(database, 1) == []
    assert on_at(database, SWAPPED_NIGHT) == ["Bruno"]


@pytest.mark.usefixtures("swapped")
def test_whoever_swapped_a_night_away_is_not_told_that_they_lose_it(
    database: Database, ids: dict[str, str], clock: ManualClock
) -> None:
    with database.transaction() as tx:
        news.told(tx, news.untold(tx), "text")
    done = published(database, turns(ids, "Bruno"))
    lost = {one.person_id: one.lost for one in done.diffs}
    # 56 evenings come; Tuesday's is Dora's, who keeps it, and the night that runs stays Anna's.
    assert len(lost[ids["Anna"]]) == 55
    assert not any(one.starts_at == SWAPPED[0] for one in lost[ids["Anna"]])
    assert ids["Dora"] not in lost
    with database.reading() as tx:
        assert {one.person_id for one in news.untold(tx)} == {ids["Anna"], ids["Bruno"]}
