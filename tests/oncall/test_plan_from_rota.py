"""From the rota in the database to who rings: the way a live call and the command line ask."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.database import Database
from hotline.oncall.actions import import_shifts, plan_call, plan_with_reasons
from hotline.oncall.duty_report import duty_report
from hotline.oncall.store import on_duty
from hotline.people.actions import import_people
from hotline.people.store import everybody
from hotline.profile import load_profile

CHANGE_OF_SHIFT = datetime(2026, 11, 22, 8, 0, tzinfo=ZoneInfo("Europe/Rome"))
IGLESIAS = load_profile()
PEOPLE = """name,phone,role,languages
Anna,3400000001,volunteer,it
Bruno,3400000002,volunteer,it
Lucia,3400000003,social_worker,it
Carla,3400000004,coordinator,it
"""
SHIFTS = """phone,role,starts_at,ends_at
3400000001,volunteer,2026-11-21T20:00+01:00,2026-11-22T08:00+01:00
3400000002,volunteer,2026-11-22T08:00+01:00,2026-11-22T20:00+01:00
3400000003,social_worker,2026-11-21T20:00+01:00,2026-11-23T08:00+01:00
"""


@pytest.fixture
def rota(database: Database) -> Database:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        import_shifts(tx, SHIFTS)
    return database


def test_a_call_that_began_before_the_change_of_shift_rings_both_shifts(rota: Database) -> None:
    with rota.reading() as tx:
        before = plan_call(tx, IGLESIAS, None, CHANGE_OF_SHIFT - timedelta(minutes=1))
        assert [person.name for person in before.people] == ["Anna", "Lucia", "Carla"]
        frozen = [(person.id, tier.role) for tier in before.tiers for person in tier.people]
        after = plan_call(tx, IGLESIAS, None, CHANGE_OF_SHIFT + timedelta(minutes=1), frozen=frozen)
        assert [person.name for person in after.people] == ["Anna", "Bruno", "Lucia", "Carla"]
        later = plan_call(tx, IGLESIAS, None, CHANGE_OF_SHIFT + timedelta(minutes=11), frozen=frozen)
        assert [person.name for person in later.people] == ["Bruno", "Lucia", "Carla"]
        assert ("Anna", "shift ended more than 10 minutes ago, and others are left") in [
            (one.person.name, one.reason) for one in later.left_out
        ]


def test_the_command_line_hears_a_reason_for_everybody_a_live_call_does_not_even_read(rota: Database) -> None:
    with rota.reading() as tx:
        asked = plan_with_reasons(tx, IGLESIAS, None, CHANGE_OF_SHIFT)
        live = plan_call(tx, IGLESIAS, None, CHANGE_OF_SHIFT)
    assert asked.tiers == live.tiers
    assert [(one.person.name, one.reason) for one in asked.left_out] == [("Anna", "not on shift now")]
    assert live.left_out == ()


def test_who_is_on_duty_is_reported_by_role_also_where_there_is_nobody(rota: Database) -> None:
    with rota.reading() as tx:
        report = duty_report(IGLESIAS, everybody(tx), on_duty(tx, CHANGE_OF_SHIFT), CHANGE_OF_SHIFT)
    assert report.as_json() == {
        "at": "2026-11-22T08:00:00+01:00",
        "night": False,
        "volunteer": [{"name": "Bruno"}],
        "social_worker": [{"name": "Lucia"}],
        "coordinator": [],
    }
    assert report.lines() == [
        "On duty at 2026-11-22 08:00 CET (day):",
        "  volunteers: Bruno",
        "  social workers: Lucia",
        "  coordinators: nobody",
    ]
