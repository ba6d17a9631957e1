"""Is every gap found, to the second, also on the nights on which the clocks change?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.oncall.proof.coverage import NO_CATEGORY, Gap, Lacking, gaps
from hotline.oncall.shifts import Shift
from hotline.oncall.tiers import planned_for, ring_plan
from hotline.people.person import Person
from hotline.people.terms import Absence, AbsenceKind
from hotline.profile import SHIPPED, Profile, load_profile

ROME = ZoneInfo("Europe/Rome")
IGLESIAS = load_profile()
WITHOUT_KEY = replace(
    IGLESIAS, categories=tuple(replace(one, full_plan_key=False) for one in IGLESIAS.categories)
)
MINUTE = timedelta(minutes=1)


def somebody(name: str, number: int, role: str, last_resort: bool = False) -> Person:
    return Person(name.lower(), name, f"+393400000{number:03}", role, ("it",), last_resort)


ANNA = somebody("Anna", 1, "volunteer")
BRUNO = somebody("Bruno", 2, "volunteer")
LUCIA = somebody("Lucia", 3, "social_worker")
MARTA = somebody("Marta", 4, "social_worker")
CARLA = somebody("Carla", 5, "coordinator", last_resort=True)
TEAM = (ANNA, BRUNO, LUCIA, MARTA, CARLA)


def wall(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME, fold=fold).astimezone(UTC)


def on(person: Person, starts: str, ends: str) -> Shift:
    return Shift(person.id, person.role, wall(starts), wall(ends))


def found(shifts: Sequence[Shift], first: str, last: str, people: Sequence[Person] = TEAM) -> tuple[Gap, ...]:
    return gaps(IGLESIAS, shifts, people, wall(first), wall(last))


def told(found: Sequence[Gap]) -> list[str]:
    return [
        f"{one.starts_at.astimezone(ROME):%d %H:%M:%S}-{one.ends_at.astimezone(ROME):%d %H:%M:%S} {one.text}"
        for one in found
    ]


def of_r1(found: Sequence[Gap]) -> list[str]:
    return told([one for one in found if one.lack.lacking != Lacking.LEVELS])


def full(starts: str, ends: str) -> list[Shift]:
    return [on(person, starts, ends) for person in (ANNA, LUCIA, MARTA, CARLA)]


def test_a_full_rota_has_no_gap() -> None:
    weeks = [*full("2026-10-19T00:00", "2026-10-26T00:00"), *full("2026-10-26T00:00", "2026-11-02T00:00")]
    assert not found(weeks, "2026-10-19T00:00", "2026-11-02T00:00")


def test_an_hour_without_a_volunteer_is_an_explicit_gap_that_the_social_worker_covers() -> None:
    first, last = "2026-11-23T00:00", "2026-11-24T00:00"
    volunteers = [on(ANNA, first, "2026-11-23T10:00"), on(BRUNO, "2026-11-23T11:00", last)]
    gap = found([*volunteers, *full(first, last)[1:]], first, last)
    assert told(gap) == ["23 10:00:00-23 11:00:00 no volunteer, the social worker covers"]
    assert not gap[0].is_open


def test_a_night_without_volunteer_and_coordinator_leaves_one_level_to_every_category() -> None:
    first, last = "2026-11-23T20:00", "2026-11-24T08:00"
    rota = [on(LUCIA, first, last), on(MARTA, first, last)]
    gap = found(rota, first, last, [one for one in TEAM if one is not CARLA])
    assert {one.lack.category for one in gap if one.lack.lacking == Lacking.LEVELS} == {
        *("VIO", "MIN", "NAU", "ALL", "ORI", "PRO"),
        NO_CATEGORY,
    }
    empty = "one level only, volunteers and coordinators cannot be reached"
    assert f"23 20:00:00-24 08:00:00 no category chosen: {empty}" in told(gap)
    assert f"23 20:00:00-24 08:00:00 ALL: {empty}" in told(gap)
    assert all(one.is_open for one in gap if one.lack.lacking == Lacking.LEVELS)


def test_information_at_night_rings_volunteers_only_but_a_key_reaches_everybody() -> None:
    first, last = "2026-11-23T20:00", "2026-11-24T08:00"
    assert not found(full(first, last), first, last)
    gap = gaps(WITHOUT_KEY, full(first, last), TEAM, wall(first), wall(last))
    assert told(gap) == ["23 20:00:00-24 08:00:00 ORI: one level only, any second tier cannot be reached"]


@pytest.mark.parametrize(
    "unusable",
    [replace(LUCIA, active=False), replace(LUCIA, phone="+443400000003"), replace(LUCIA, phone="112")],
    ids=["left", "abroad", "emergency number"],
)
def test_somebody_without_a_usable_phone_does_not_count(unusable: Person) -> None:
    first, last = "2026-11-23T00:00", "2026-11-24T00:00"
    rota = [one for one in full(first, last) if one.person_id != "marta"]
    gap = found(rota, first, last, (ANNA, BRUNO, unusable, CARLA))
    assert of_r1(gap) == ["23 00:00:00-24 00:00:00 no social worker on call"]


def test_somebody_who_said_they_cannot_does_not_count() -> None:
    first, last = "2026-11-23T00:00", "2026-11-24T00:00"
    rota = [
        replace(one, withdrawn=one.person_id == "marta")
        for one in full(first, last)
        if one.role != "coordinator"
    ]
    assert of_r1(found(rota, first, last)) == [
        "23 00:00:00-24 00:00:00 nobody on shift backs up the social worker on call"
    ]


def test_whoever_is_away_fills_no_gap_though_the_rota_names_them() -> None:
    first, last = "2026-11-23T00:00", "2026-11-24T00:00"
    ill = Absence("anna", wall("2026-11-23T10:00"), wall("2026-11-23T11:00"), AbsenceKind.SICKNESS)
    gap = gaps(IGLESIAS, full(first, last), TEAM, wall(first), wall(last), absences=[ill])
    assert told(gap) == ["23 10:00:00-23 11:00:00 no volunteer, the social worker covers"]


def test_nobody_counts_on_a_last_resort_who_is_away() -> None:
    first, last = "2026-11-23T00:00", "2026-11-24T00:00"
    holiday = Absence(CARLA.id, wall("2026-11-23T10:00"), wall("2026-11-23T12:00"), AbsenceKind.LEAVE)
    alone = [on(ANNA, first, last)]
    gaps_then = gaps(IGLESIAS, alone, TEAM, wall(first), wall(last), absences=[holiday])
    levels = [one for one in gaps_then if one.lack.category == NO_CATEGORY]
    assert [(one.starts_at, one.ends_at) for one in levels] == [(holiday.starts_at, holiday.ends_at)]


def test_a_person_on_shift_in_two_roles_is_one_level() -> None:
    first, last = "2026-11-23T09:00", "2026-11-23T10:00"
    twice = [Shift("anna", role, wall(first), wall(last)) for role in ("volunteer", "social_worker")]
    gap = found(twice, first, last, (ANNA,))
    assert len([one for one in gap if one.lack.lacking == Lacking.LEVELS]) == 7


BY_HAND = [
    # "Start + 12 hours" leaves the last hour of the autumn night open; wall time leaves nothing.
    ("2026-10-24T20:00", "2026-10-25T07:00", 0, "2026-10-25T08:00", "25 07:00:00-25 08:00:00", 1.0),
    ("2026-10-24T20:00", "2026-10-25T08:00", 0, "2026-10-25T08:00", None, 0.0),
    ("2027-03-27T20:00", "2027-03-28T08:00", 0, "2027-03-28T08:00", None, 0.0),
    # 02:30 is shown twice on the autumn night: after the first, 5.5 + 1 hours are left until eight.
    ("2026-10-24T20:00", "2026-10-25T02:30", 0, "2026-10-25T08:00", "25 02:30:00-25 08:00:00", 6.5),
    ("2026-10-24T20:00", "2026-10-25T02:30", 1, "2026-10-25T08:00", "25 02:30:00-25 08:00:00", 5.5),
    # There is no 02:30 on the spring night: it is 03:30, and four and a half hours are left until eight.
    ("2027-03-27T20:00", "2027-03-28T02:30", 0, "2027-03-28T08:00", "28 03:30:00-28 08:00:00", 4.5),
    # Midnight belongs to the day that begins.
    ("2026-12-31T20:00", "2027-01-01T00:00", 0, "2027-01-01T00:00", None, 0.0),
    ("2026-12-31T20:00", "2026-12-31T23:59", 0, "2027-01-01T00:00", "31 23:59:00-01 00:00:00", 1 / 60),
]


@pytest.mark.parametrize(("starts", "ends", "fold", "until", "gap", "hours"), BY_HAND)
def test_nights_that_can_be_checked_by_hand(
    starts: str, ends: str, fold: int, until: str, gap: str | None, hours: float
) -> None:
    lucia = Shift("lucia", "social_worker", wall(starts), wall(ends, fold))
    others = [one for one in full(starts, until) if one.role in ("volunteer", "coordinator")]
    missing = [
        one for one in found([lucia, *others], starts, until) if one.lack.lacking == Lacking.SOCIAL_WORKER
    ]
    assert told(missing) == ([] if gap is None else [f"{gap} no social worker on call"])
    lasted = sum(((one.ends_at - one.starts_at).total_seconds() for one in missing), 0.0)
    assert lasted == pytest.approx(hours * 3600)


TEN_YEARS = st.dates(date(2026, 1, 1), date(2036, 1, 1))
around_a_change = st.sampled_from(
    [
        wall(f"{year}-{day}T02:00")
        for year, day in [(2026, "10-25"), (2027, "03-28"), (2030, "10-27"), (2035, "03-25")]
    ]
).flatmap(lambda change: st.integers(-250, 20).map(lambda minutes: change + minutes * MINUTE))
usual = st.tuples(TEN_YEARS, st.sampled_from(["00:00", "02:00", "08:00", "20:00", "22:15"])).map(
    lambda picked: wall(f"{picked[0]}T{picked[1]}")
)
moments = (
    usual.flatmap(lambda at: st.integers(-200, 20).map(lambda minutes: at + minutes * MINUTE))
    | around_a_change
)
duties = st.lists(
    st.tuples(st.sampled_from(TEAM), st.integers(-300, 300), st.integers(1, 400), st.booleans()), max_size=9
)

PROFILES = [
    IGLESIAS,
    load_profile(SHIPPED / "valdombra"),
    # Nights that begin or end within the hour that the clocks skip or repeat.
    *(
        WITHOUT_KEY.with_night(night)
        for night in ("20:00-08:00", "22:15-02:30", "02:30-06:00", "03:00-02:00")
    ),
]


@settings(max_examples=60, deadline=None)
@given(
    first=moments,
    minutes=st.integers(1, 300),
    duties=duties,
    staffed=st.booleans(),
    profile=st.sampled_from(PROFILES),
)
def test_the_sweep_tells_what_every_single_minute_tells(
    first: datetime,
    minutes: int,
    duties: list[tuple[Person, int, int, bool]],
    staffed: bool,
    profile: Profile,
) -> None:
    rota = [
        Shift(one.id, one.role, first + after * MINUTE, first + (after + length) * MINUTE, withdrawn)
        for one, after, length, withdrawn in duties
    ]
    if staffed:
        rota += [Shift(one.id, one.role, first, first + minutes * MINUTE) for one in TEAM]
    agree_minute_by_minute(profile, rota, first, minutes)


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28"])
@pytest.mark.parametrize("profile", PROFILES[2:], ids=lambda profile: str(profile.night.ends))
def test_the_sweep_agrees_with_every_minute_of_a_night_whose_clocks_change(
    day: str, profile: Profile
) -> None:
    starts, ends = wall(f"{day}T00:00"), wall(f"{day}T08:00")
    agree_minute_by_minute(profile, [Shift(one.id, one.role, starts, ends) for one in TEAM], starts, 300)


def agree_minute_by_minute(profile: Profile, rota: list[Shift], first: datetime, minutes: int) -> None:
    swept = gaps(profile, rota, TEAM, first, first + minutes * MINUTE)
    for one, following in pairwise(swept):
        assert not (one.lack == following.lack and one.ends_at == following.starts_at)
    for minute in range(minutes):
        at = first + minute * MINUTE
        told_at = {
            one.lack.category for one in swept if one.lack.category and one.starts_at <= at < one.ends_at
        }
        on_duty = [one for one in rota if one.starts_at <= at < one.ends_at and not one.withdrawn]
        expected = set()
        for category in (None, *profile.categories):
            code = None if category is None or category.full_plan_key else category.code
            tiers = ring_plan(profile, TEAM, planned_for(on_duty), code, at).tiers
            if sum(bool(tier.people) for tier in tiers) < 2:
                expected.add(NO_CATEGORY if category is None else category.code)
        assert told_at == expected, at
