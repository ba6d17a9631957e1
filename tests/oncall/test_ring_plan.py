"""Who rings: the tiers of the category at that moment, in order, and the reason for everybody left out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.oncall.duty_report import ring_plan_as_json, ring_plan_lines
from hotline.oncall.shifts import Shift
from hotline.oncall.tiers import Circumstances, Planned, RingPlan, planned_for, ring_plan
from hotline.people.person import Person
from hotline.profile import SHIPPED, load_profile

ROME = ZoneInfo("Europe/Rome")
BY_NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=ROME)
BY_DAY = datetime(2026, 11, 23, 11, 0, tzinfo=ROME)
IGLESIAS = load_profile()
CATEGORIES = [None, "VIO", "MIN", "NAU", "ALL", "ORI", "PRO"]


def somebody(name: str, number: int, role: str, *languages: str, last_resort: bool = False) -> Person:
    return Person(name.lower(), name, f"+39340{number:07}", role, languages or ("it",), last_resort)


ANNA = somebody("Anna", 1, "volunteer", "it", "en")
BRUNO = somebody("Bruno", 2, "volunteer")
LUCIA = somebody("Lucia", 3, "social_worker", "it", "fr")
CARLA = somebody("Carla", 4, "coordinator", last_resort=True)
DARIO = somebody("Dario", 5, "coordinator", last_resort=True)
EVERYBODY = (ANNA, BRUNO, LUCIA, CARLA, DARIO)
ON_SHIFT = tuple(Planned(person.id, person.role) for person in (ANNA, BRUNO, LUCIA, CARLA))


def plan(
    category: str | None = None,
    at: datetime = BY_NIGHT,
    planned: tuple[Planned, ...] = ON_SHIFT,
    people: tuple[Person, ...] = EVERYBODY,
    circumstances: Circumstances | None = None,
) -> RingPlan:
    return ring_plan(IGLESIAS, people, planned, category, at, circumstances)


def rung(plan: RingPlan) -> list[tuple[int, str, list[str]]]:
    return [(tier.after_seconds, tier.role, [person.name for person in tier.people]) for tier in plan.tiers]


def reasons(plan: RingPlan) -> dict[str, str]:
    return {one.person.name: one.reason for one in plan.left_out}


def on_shift(*people: Person) -> tuple[Planned, ...]:
    return tuple(Planned(person.id, person.role) for person in people)


def test_at_night_volunteers_then_the_social_worker_then_the_coordinator_join() -> None:
    assert rung(plan()) == [
        (0, "volunteer", ["Anna", "Bruno"]),
        (25, "social_worker", ["Lucia"]),
        (60, "coordinator", ["Carla"]),
    ]
    assert reasons(plan()) == {"Dario": "last resort only, and a coordinator is on shift"}


def test_by_day_the_social_worker_joins_later() -> None:
    assert [after for after, _, _ in rung(plan(at=BY_DAY))] == [0, 40, 70]


def test_at_night_violence_rings_the_social_worker_first_and_the_volunteers_with_her() -> None:
    assert rung(plan("VIO")) == [
        (0, "social_worker", ["Lucia"]),
        (0, "volunteer", ["Anna", "Bruno"]),
        (60, "coordinator", ["Carla"]),
    ]


def test_information_at_night_wakes_volunteers_only_and_says_why_not_the_others() -> None:
    night = plan("ORI")
    assert rung(night) == [(0, "volunteer", ["Anna", "Bruno"])]
    assert reasons(night) == {
        "Lucia": "this category rings no social workers at night",
        "Carla": "this category rings no coordinators at night",
        "Dario": "this category rings no coordinators at night",
    }
    assert len(rung(plan("ORI", at=BY_DAY))) == 3


def test_without_a_coordinator_on_shift_the_last_resort_rings() -> None:
    elena = somebody("Elena", 6, "volunteer", last_resort=True)
    fabio = somebody("Fabio", 7, "coordinator")
    nobody_on = plan(planned=on_shift(ANNA, LUCIA), people=(*EVERYBODY, elena, fabio))
    assert rung(nobody_on)[2] == (60, "coordinator", ["Carla", "Dario", "Elena"])
    assert reasons(nobody_on) == {"Bruno": "not on shift now", "Fabio": "not on shift now"}


def test_a_coordinator_who_is_the_caller_does_not_keep_the_last_resort_from_ringing() -> None:
    calling = plan(circumstances=Circumstances(caller_number=CARLA.phone))
    assert rung(calling)[2] == (60, "coordinator", ["Dario"])
    assert reasons(calling) == {"Carla": "the caller's own number"}


def test_nobody_is_in_two_tiers_at_once() -> None:
    anna = replace(ANNA, last_resort=True)
    once = plan(planned=(*on_shift(anna), Planned("anna", "coordinator")), people=(anna, CARLA))
    assert rung(once) == [(0, "volunteer", ["Anna"]), (25, "social_worker", []), (60, "coordinator", [])]
    assert reasons(once)["Anna"] == "already in an earlier tier (volunteers)"


def test_who_speaks_the_callers_language_is_rung_first_and_then_who_was_rung_least_recently() -> None:
    hour = timedelta(hours=1)
    last_rung = {"anna": BY_NIGHT - hour, "bruno": BY_NIGHT - 2 * hour}
    english = plan(circumstances=Circumstances(language="en", last_rung=last_rung))
    assert rung(english)[0] == (0, "volunteer", ["Anna", "Bruno"])
    italian = plan(circumstances=Circumstances(language="it", last_rung=last_rung))
    assert rung(italian)[0] == (0, "volunteer", ["Bruno", "Anna"])
    never_rung = plan(circumstances=Circumstances(last_rung={"anna": BY_NIGHT - hour}))
    assert rung(never_rung)[0] == (0, "volunteer", ["Bruno", "Anna"])


@pytest.mark.parametrize(
    ("person", "circumstances", "reason"),
    [
        (replace(ANNA, active=False), Circumstances(), "no longer active"),
        (ANNA, Circumstances(caller_number=ANNA.phone), "the caller's own number"),
        (ANNA, Circumstances(own_numbers={ANNA.phone}), "a number of this line itself"),
        (replace(ANNA, phone="+40721000001"), Circumstances(), "number not in the allowed countries"),
        (replace(ANNA, phone="+39112"), Circumstances(), "number not in the allowed countries"),
        (ANNA, Circumstances(busy={"anna"}), "in another call"),
    ],
)
def test_somebody_on_shift_who_must_not_ring_is_left_out_with_the_reason(
    person: Person, circumstances: Circumstances, reason: str
) -> None:
    others = plan(people=(person, BRUNO, LUCIA, CARLA), circumstances=circumstances)
    assert rung(others)[0] == (0, "volunteer", ["Bruno"])
    assert reasons(others) == {"Anna": reason}


def test_a_volunteer_planned_before_the_change_of_shift_still_rings_for_ten_minutes() -> None:
    for minutes, still_rung in ((0, True), (10, True), (11, False)):
        ended_at = BY_NIGHT - timedelta(minutes=minutes)
        late = plan(planned=(*on_shift(BRUNO), Planned("anna", "volunteer", False, ended_at)))
        assert ("Anna" in [person.name for person in late.people]) == still_rung
    assert reasons(late)["Anna"] == "shift ended more than 10 minutes ago, and others are left"


def test_who_went_off_duty_long_ago_rings_if_nobody_else_is_left() -> None:
    long_ago = BY_NIGHT - timedelta(hours=1)
    alone = plan(planned=(Planned("anna", "volunteer", False, long_ago),), people=(ANNA, BRUNO))
    assert rung(alone)[0] == (0, "volunteer", ["Anna"])
    assert reasons(alone) == {"Bruno": "not on shift now"}


def test_a_running_call_forgets_nobody_and_adds_who_is_on_duty_now() -> None:
    ended_at = BY_NIGHT - timedelta(minutes=2)
    now = [Shift("bruno", "volunteer", ended_at, ended_at + timedelta(hours=4))]
    frozen = [("anna", "volunteer"), ("bruno", "volunteer"), ("dario", "coordinator")]
    planned = planned_for(now, frozen, {("anna", "volunteer"): ended_at})
    assert [(one.person_id, one.on_shift, one.shift_ended_at) for one in planned] == [
        ("bruno", True, None),
        ("anna", False, ended_at),
        ("dario", False, None),
    ]
    merged = plan(planned=planned)
    assert rung(merged)[0] == (0, "volunteer", ["Anna", "Bruno"])
    assert rung(merged)[2] == (60, "coordinator", ["Carla", "Dario"])


def test_an_empty_rota_still_has_its_tiers_and_names_everybody_left_out() -> None:
    empty = plan(planned=(), people=(ANNA, LUCIA))
    assert rung(empty) == [(0, "volunteer", []), (25, "social_worker", []), (60, "coordinator", [])]
    assert set(reasons(empty).values()) == {"not on shift now"}


def test_another_ambito_rings_by_its_own_tiers() -> None:
    valdombra = load_profile(SHIPPED / "valdombra")
    fear_at_home = ring_plan(valdombra, EVERYBODY, ON_SHIFT, "FAM", BY_NIGHT)
    assert rung(fear_at_home) == [
        (0, "social_worker", ["Lucia"]),
        (0, "volunteer", ["Anna", "Bruno"]),
        (45, "coordinator", ["Carla"]),
    ]


@given(
    category=st.sampled_from(CATEGORIES),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    planned=st.lists(
        st.builds(
            Planned,
            st.sampled_from([person.id for person in EVERYBODY]),
            st.sampled_from(["volunteer", "social_worker", "coordinator"]),
        ),
        max_size=6,
    ),
    busy=st.sets(st.sampled_from([person.id for person in EVERYBODY])),
    language=st.sampled_from([None, "it", "en", "fr", "ro", "ar"]),
)
def test_everybody_either_rings_once_or_is_left_out_with_a_reason(
    category: str | None, at: datetime, planned: list[Planned], busy: set[str], language: str | None
) -> None:
    found = plan(category, at, tuple(planned), circumstances=Circumstances(language=language, busy=busy))
    ids = [person.id for person in found.people]
    assert len(ids) == len(set(ids))
    assert not busy & set(ids)
    assert {one.person.id for one in found.left_out} | set(ids) == {person.id for person in EVERYBODY}
    assert all(one.reason for one in found.left_out)
    delays = [tier.after_seconds for tier in found.tiers]
    assert delays == sorted(delays)


def test_the_plan_is_printed_for_people_and_for_scripts() -> None:
    printed = ring_plan_as_json(plan("ORI"), ROME)
    assert printed == {
        "at": "2026-11-22T03:00:00+01:00",
        "category": "ORI",
        "tiers": [{"role": "volunteer", "after_seconds": 0, "people": [{"name": "Anna"}, {"name": "Bruno"}]}],
        "left_out": [
            {"name": "Carla", "reason": "this category rings no coordinators at night"},
            {"name": "Dario", "reason": "this category rings no coordinators at night"},
            {"name": "Lucia", "reason": "this category rings no social workers at night"},
        ],
    }
    assert ring_plan_lines(plan(planned=on_shift(ANNA), people=(ANNA, BRUNO)), ROME) == [
        "Ring plan at 2026-11-22 03:00 CET, no category:",
        "    0 s  volunteers: Anna",
        "   25 s  social workers: nobody",
        "   60 s  coordinators: nobody",
        "Left out:",
        "  Bruno: not on shift now",
    ]
