"""Somebody calls while our whole site is away, and reaches nobody: do we hear of it once it is back?"""

from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.tables import calls
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.followups import store
from hotline.followups.tables import follow_ups
from hotline.simulator.phones import Phone, Town, asleep
from tests.stories.records import last_call
from tests.stories.test_alarms import MailServer, mail
from tests.stories.test_site_down import folder, static_host, write

__all__ = ["folder", "mail", "static_host"]

pytestmark = pytest.mark.usefixtures("static_host")


@pytest.fixture
def settings(mail: MailServer) -> dict[str, object]:
    return {"alarm_email": "alarms@example.org", "smtp_url": mail.url}


@pytest.fixture(autouse=True)
def anna_sleeps(rig: Rig, database: Database, folder: Path, anna: Phone) -> None:
    """The documents name Anna alone, who does not wake."""
    write(rig, database, folder)
    anna.is_now(asleep)


def known(database: Database) -> list[tuple[str | None, bool]]:
    """Return of each call how it ended, and whether anything is owed."""
    with database.reading() as tx:
        owed = {row.call_id for row in tx.execute(select(follow_ups.c.call_id))}
        found = tx.execute(select(calls).order_by(calls.c.came_in_at))
        return [(row.outcome, row.id in owed) for row in found]


def hangs_up_in_the_greeting(caller: Phone, town: Town) -> None:
    caller.dials()
    town.passes(4)
    caller.hangs_up()
    town.passes(30)


def calls_the_documents(caller: Phone, town: Town, seconds: float) -> None:
    caller.dials()
    town.passes(seconds)
    caller.hangs_up()


def test_who_reached_nobody_while_the_site_was_away_is_owed_a_follow_up_once_it_is_back(
    rig: Rig, database: Database, caller: Phone, anna: Phone, town: Town, mail: MailServer
) -> None:
    hangs_up_in_the_greeting(caller, town)
    rig.switch_off()
    calls_the_documents(caller, town, 60)
    assert anna.times_rung() == 2
    town.passes(3600)
    assert known(database) == [("abandoned", False)]
    rig.switch_on()
    town.passes(180)
    assert known(database) == [("abandoned", False), ("abandoned", True)]
    record = last_call(database)
    assert record.events[-2:] == ["rang_elsewhere", "follow_up"]
    assert record.call.ended_at is not None
    assert (record.call.ended_at - record.call.came_in_at).total_seconds() == 60
    assert record.call.caller == caller.number, "whoever takes it can call back"
    with database.reading() as tx:
        owed = store.of_call(tx, record.call.id)
    assert owed is not None
    assert owed.created_at == record.call.ended_at, "an alarm names the hour at which they left"
    assert mail.about("a caller was served without us") == 1


def test_who_left_during_the_first_words_of_the_documents_is_known_and_owed_nothing(
    rig: Rig, database: Database, caller: Phone, anna: Phone, town: Town
) -> None:
    hangs_up_in_the_greeting(caller, town)
    rig.switch_off()
    calls_the_documents(caller, town, 6)
    assert anna.times_rung() == 0
    rig.switch_on()
    town.passes(180)
    assert known(database) == [("abandoned", False), ("abandoned", False)]


def test_who_was_greeted_by_us_and_then_rung_for_by_the_documents_is_owed_a_follow_up(
    rig: Rig, database: Database, caller: Phone, anna: Phone, town: Town
) -> None:
    caller.dials()
    town.passes(4)
    rig.switch_off()
    town.passes(60)
    assert anna.times_rung() >= 1
    caller.hangs_up()
    town.passes(600)
    rig.switch_on()
    town.passes(180)
    assert known(database) == [("abandoned", True)]


def test_who_rang_off_in_our_greeting_before_the_site_went_away_is_owed_nothing(
    rig: Rig, database: Database, caller: Phone, town: Town
) -> None:
    caller.dials()
    town.passes(4)
    rig.switch_off()
    caller.hangs_up()
    town.passes(600)
    rig.switch_on()
    town.passes(180)
    assert known(database) == [("abandoned", False)]


def test_calls_from_before_the_service_was_ours_are_not_brought_in(
    rig: Rig, database: Database, caller: Phone, town: Town
) -> None:
    rig.switch_off()
    calls_the_documents(caller, town, 60)
    town.passes(600)
    rig.switch_on()
    town.passes(180)
    assert known(database) == []
    hangs_up_in_the_greeting(caller, town)
    town.passes(600)
    assert known(database) == [("abandoned", False)]


def test_each_is_brought_in_once_though_the_service_starts_again_and_again(
    rig: Rig, database: Database, caller: Phone, town: Town
) -> None:
    hangs_up_in_the_greeting(caller, town)
    for _ in range(2):
        rig.switch_off()
        calls_the_documents(caller, town, 60)
        for _ in range(2):
            rig.switch_on()
            town.passes(180)
    assert known(database) == [("abandoned", False), ("abandoned", True), ("abandoned", True)]
