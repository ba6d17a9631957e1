"""Who says "I can't, now", who is asked, who has the shift then, and who rings meanwhile?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hotline.calls.standby import AHEAD
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.oncall import store
from hotline.oncall.actions import cannot_now, duty_status, import_shifts, plan_with_reasons, take_cover
from hotline.oncall.cover import CannotNow, CannotOutcome, Cover, CoverOutcome, who_answers
from hotline.oncall.duty_report import duty_report
from hotline.oncall.withdrawals import store as withdrawals
from hotline.people.actions import import_people
from hotline.people.person import Person
from hotline.people.store import everybody
from hotline.profile import load_profile

IGLESIAS = load_profile()
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
END = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
PEOPLE = """name,phone,role,languages,last_resort
Anna,+39 340 0000001,volunteer,it,
Bruno,+39 340 0000002,volunteer,it,
Dora,+39 340 0000005,volunteer,it,
Elio,+39 340 0000006,volunteer,it,
Lucia,+39 340 0000003,social_worker,it,
Maria,+39 340 0000007,social_worker,it,
Carla,+39 340 0000004,coordinator,it,yes
Sara,+39 340 0000008,coordinator,it,yes
"""
Say = Callable[[str], CannotNow]
Take = Callable[[str], Cover]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def rota(database: Database) -> Database:
    """Anna, Bruno, Lucia and Carla are on duty until eight; Dora, Elio, Maria and Sara are at home."""
    shifts = ["phone,role,starts_at,ends_at"]
    for number, role in ((1, "volunteer"), (2, "volunteer"), (3, "social_worker"), (4, "coordinator")):
        start = (NOW - timedelta(hours=6)).isoformat()
        shifts.append(f"+39 340 000000{number},{role},{start},{END.isoformat()}")
    shifts.append("+39 340 0000001,volunteer,2026-11-27T19:00+00:00,2026-11-27T23:00+00:00")
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        import_shifts(tx, "\n".join(shifts) + "\n")
    return database


def somebody(database: Database, name: str) -> Person:
    with database.reading() as tx:
        return next(person for person in everybody(tx) if person.name == name)


@pytest.fixture
def cannot(rota: Database) -> Say:
    def said(name: str) -> CannotNow:
        with rota.transaction() as tx:
            return cannot_now(tx, somebody(rota, name), "phone")

    return said


@pytest.fixture
def takes(rota: Database) -> Take:
    def taken(name: str) -> Cover:
        with rota.transaction() as tx:
            return take_cover(tx, somebody(rota, name))

    return taken


def rung(database: Database, category: str | None = None) -> list[tuple[int, list[str]]]:
    with database.reading() as tx:
        plan = plan_with_reasons(tx, IGLESIAS, category, tx.now)
    return [
        (tier.after_seconds, [person.name for person in tier.people]) for tier in plan.tiers if tier.people
    ]


def why_not(database: Database, name: str) -> str:
    with database.reading() as tx:
        plan = plan_with_reasons(tx, IGLESIAS, None, tx.now)
    return next(one.reason for one in plan.left_out if one.person.name == name)


def names(people: tuple[Person, ...]) -> list[str]:
    return [person.name for person in people]


def test_who_cannot_rings_no_more_and_the_others_do(rota: Database, cannot: Say) -> None:
    said = cannot("Anna")
    assert said.outcome == CannotOutcome.RECORDED
    assert not said.last_one
    assert rung(rota) == [(0, ["Bruno"]), (25, ["Lucia"]), (60, ["Carla"])]
    assert why_not(rota, "Anna") == "said that they cannot, until the end of the shift"


def test_it_is_written_down_who_when_and_for_which_shift(rota: Database, cannot: Say) -> None:
    cannot("Anna")
    with rota.reading() as tx:
        (kept,) = withdrawals.in_force(tx)
    assert (kept.person_id, kept.role) == (somebody(rota, "Anna").id, "volunteer")
    assert (kept.starts_at, kept.said_at, kept.until) == (NOW - timedelta(hours=6), NOW, END)
    assert kept.said_by == "phone"


def test_those_off_shift_of_the_same_role_are_asked_and_the_right_people_told(cannot: Say) -> None:
    said = cannot("Anna")
    assert names(said.ask) == ["Dora", "Elio"]
    assert names(said.tell) == ["Lucia", "Carla"]
    of_social_workers = cannot("Lucia")
    assert names(of_social_workers.ask) == ["Maria"]
    assert names(of_social_workers.tell) == ["Carla"]


def test_said_twice_it_is_one_and_nobody_is_asked_again(cannot: Say) -> None:
    cannot("Anna")
    again = cannot("Anna")
    assert (again.outcome, again.ask, again.tell) == (CannotOutcome.ALREADY, (), ())


def test_off_duty_there_is_nothing_to_take_back(cannot: Say) -> None:
    assert cannot("Dora").outcome == CannotOutcome.OFF_DUTY


def test_the_last_volunteer_stays_as_the_last_choice(rota: Database, cannot: Say) -> None:
    assert not cannot("Anna").last_one
    assert cannot("Bruno").last_one
    assert rung(rota) == [(25, ["Lucia"]), (60, ["Carla"]), (60, ["Anna", "Bruno"])]


def test_the_only_social_worker_is_never_left_out(rota: Database, cannot: Say) -> None:
    assert cannot("Lucia").last_one
    assert rung(rota) == [(0, ["Anna", "Bruno"]), (60, ["Carla"]), (60, ["Lucia"])]
    assert rung(rota, "PRO")[-1][1] == ["Lucia"]


def test_a_coordinator_who_cannot_leaves_it_to_the_others_of_last_resort(rota: Database, cannot: Say) -> None:
    said = cannot("Carla")
    assert not said.last_one
    assert names(said.tell) == ["Lucia", "Sara"]
    assert rung(rota)[-1] == (60, ["Sara"])


def test_a_number_that_cannot_be_rung_is_no_colleague(rota: Database, cannot: Say) -> None:
    with rota.transaction() as tx:
        import_people(tx, "name,phone,role,languages\nFranz,+49 1512 0000001,volunteer,it\n")
        shift = f"+49 1512 0000001,volunteer,{NOW.isoformat()},{END.isoformat()}"
        import_shifts(tx, f"phone,role,starts_at,ends_at\n{shift}\n")
    cannot("Bruno")
    assert cannot("Anna").last_one


def test_the_first_who_takes_it_has_the_rest_of_the_shift(rota: Database, cannot: Say, takes: Take) -> None:
    cannot("Anna")
    first, second = takes("Dora"), takes("Elio")
    assert (first.outcome, second.outcome) == (CoverOutcome.YOURS, CoverOutcome.TAKEN)
    assert first.shift is not None
    assert (first.shift.starts_at, first.shift.ends_at) == (NOW, END)
    assert first.freed == somebody(rota, "Anna")
    assert rung(rota)[0] == (0, ["Bruno", "Dora"])


def test_the_taker_is_on_duty_for_everybody_who_asks(
    rota: Database, cannot: Say, takes: Take, clock: ManualClock
) -> None:
    cannot("Anna")
    takes("Dora")
    with rota.reading() as tx:
        answering = who_answers(store.on_duty(tx, tx.now))
        report = duty_report(IGLESIAS, everybody(tx), answering, tx.now)
        ahead = who_answers(store.on_duty_between(tx, tx.now, tx.now + AHEAD))
    assert report.names["volunteer"] == ("Bruno", "Dora")
    assert somebody(rota, "Dora").id in {shift.person_id for shift in ahead}
    clock.set(END)
    assert rung(rota) == [(70, ["Carla", "Sara"])]


def test_whoever_covers_may_find_that_they_cannot_either(rota: Database, cannot: Say, takes: Take) -> None:
    cannot("Anna")
    takes("Dora")
    said = cannot("Dora")
    assert names(said.ask) == ["Elio"]
    assert takes("Elio").outcome == CoverOutcome.YOURS
    assert rung(rota)[0] == (0, ["Bruno", "Elio"])


def test_who_takes_back_their_own_word_is_rung_again(rota: Database, cannot: Say, takes: Take) -> None:
    cannot("Anna")
    assert takes("Anna").outcome == CoverOutcome.BACK
    assert rung(rota)[0] == (0, ["Anna", "Bruno"])
    assert takes("Dora").outcome == CoverOutcome.NOTHING
    assert cannot("Anna").outcome == CannotOutcome.RECORDED


def test_another_role_and_whoever_is_on_duty_anyway_take_nothing(
    rota: Database, cannot: Say, takes: Take
) -> None:
    cannot("Anna")
    assert takes("Maria").outcome == CoverOutcome.NOTHING
    assert takes("Bruno").outcome == CoverOutcome.ON_DUTY
    assert takes("Dora").outcome == CoverOutcome.YOURS


def test_it_ends_with_the_shift(rota: Database, cannot: Say, takes: Take, clock: ManualClock) -> None:
    cannot("Anna")
    clock.set(END)
    assert takes("Dora").outcome == CoverOutcome.NOTHING
    clock.set(datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    assert rung(rota)[0] == (0, ["Anna"])


def test_importing_the_same_file_again_changes_nothing(rota: Database, cannot: Say) -> None:
    cannot("Anna")
    start = (NOW - timedelta(hours=6)).isoformat()
    with rota.transaction() as tx:
        result = import_shifts(
            tx, f"phone,role,starts_at,ends_at\n+39 340 0000001,volunteer,{start},{END.isoformat()}\n"
        )
    assert (result.added, result.unchanged) == (0, 1)


def test_am_i_on_until_when_and_who_is_with_me(rota: Database, cannot: Say) -> None:
    with rota.reading() as tx:
        status = duty_status(tx, somebody(rota, "Anna").id, tx.now)
    assert status.until == END
    assert [(one.name, one.role) for one in status.colleagues] == [
        ("Bruno", "volunteer"),
        ("Lucia", "social_worker"),
        ("Carla", "coordinator"),
    ]
    assert [shift.starts_at for shift in status.next_shifts] == [datetime(2026, 11, 27, 19, 0, tzinfo=UTC)]
    cannot("Bruno")
    with rota.reading() as tx:
        assert "Bruno" not in [
            one.name for one in duty_status(tx, somebody(rota, "Anna").id, tx.now).colleagues
        ]
        assert duty_status(tx, somebody(rota, "Bruno").id, tx.now).withdrawn
        assert duty_status(tx, somebody(rota, "Dora").id, tx.now).until is None


def test_two_who_take_it_at_the_same_moment_are_never_both_told_yes(rota: Database, cannot: Say) -> None:
    said = cannot("Anna").withdrawal
    assert said is not None
    with rota.transaction() as tx:
        assert withdrawals.take(tx, said.id, somebody(rota, "Dora").id)
    with rota.transaction() as tx:
        # As the second would, who had read it while it was still open.
        assert not withdrawals.take(tx, said.id, somebody(rota, "Elio").id)
