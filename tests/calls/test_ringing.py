"""Whose phone rings now for a waiting call, and when is it looked at again?"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.call import Leg, LegResult, LegState
from hotline.calls.ringing import Rings, whom_to_ring
from hotline.oncall.tiers import RingPlan, TierPlan
from hotline.people.person import Person

BEGAN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ROLES = {"anna": "volunteer", "bruno": "volunteer", "lucia": "social_worker", "carla": "coordinator"}
ANNA, BRUNO, LUCIA, CARLA = (
    Person(name, name, f"+39340{place:07}", role, ("it",), last_resort=False)
    for place, (name, role) in enumerate(ROLES.items(), start=1)
)
PLAN = RingPlan(
    BEGAN,
    None,
    (
        TierPlan("volunteer", 0, (ANNA, BRUNO)),
        TierPlan("social_worker", 25, (LUCIA,)),
        TierPlan("coordinator", 60, (CARLA,)),
    ),
    (),
)
ALONE = RingPlan(BEGAN, None, (TierPlan("volunteer", 0, (ANNA,)),), ())


def at(seconds: float) -> datetime:
    """Return a moment so long after the ringing began."""
    return BEGAN + timedelta(seconds=seconds)


def leg(name: str, began: float, result: LegResult | None = None, open_still: bool = False) -> Leg:
    """Make a ring of somebody's phone, by default one that is over."""
    return Leg(
        id=f"{name}-{began}",
        call_id="call",
        person_id=name,
        role=ROLES[name],
        sid=None,
        state=LegState.RINGING if open_still else LegState.ENDED,
        node="",
        turn=0,
        result=result,
        created_at=at(began),
        ended_at=None if open_still else at(began + 30),
    )


def ringing(name: str, began: float = 0) -> Leg:
    """Make a phone that rings now."""
    return leg(name, began, open_still=True)


def names(rings: Rings) -> list[str]:
    """Return who is rung now, in order."""
    return [ring.person.id for ring in rings.now]


def test_the_first_tier_rings_at_once_and_the_next_look_is_when_the_second_joins() -> None:
    rings = whom_to_ring(PLAN, (), BEGAN, BEGAN)
    assert names(rings) == ["anna", "bruno"]
    assert rings.look_at == at(25)
    assert not rings.everybody_tried


def test_escalation_adds_and_disturbs_no_ringing_phone() -> None:
    rings = whom_to_ring(PLAN, (ringing("anna"), ringing("bruno")), BEGAN, at(25))
    assert names(rings) == ["lucia"]
    assert rings.look_at == at(60)


@pytest.mark.parametrize("seconds", [0, 5, 24.9])
def test_before_its_delay_a_tier_does_not_ring_while_an_earlier_phone_does(seconds: float) -> None:
    assert names(whom_to_ring(PLAN, (ringing("anna"), ringing("bruno")), BEGAN, at(seconds))) == []


def test_a_tier_joins_early_when_no_earlier_phone_is_alive() -> None:
    legs = (leg("anna", 0, LegResult.NO_ANSWER), leg("bruno", 0, LegResult.FAILED))
    assert names(whom_to_ring(PLAN, legs, BEGAN, at(8))) == ["lucia"]


def test_whoever_passed_on_counts_as_alive_no_more_though_they_may_think_again() -> None:
    passed = leg("anna", 0, LegResult.DECLINED, open_still=True)
    legs = (passed, leg("bruno", 0, LegResult.NO_ANSWER))
    assert names(whom_to_ring(PLAN, legs, BEGAN, at(8))) == ["lucia"]


def test_one_living_phone_of_a_tier_is_enough_to_wait() -> None:
    legs = (leg("anna", 0, LegResult.DECLINED), ringing("bruno"))
    assert names(whom_to_ring(PLAN, legs, BEGAN, at(8))) == []


@pytest.mark.parametrize(
    ("result", "seconds"),
    [(LegResult.NO_ANSWER, 60), (LegResult.NO_KEY, 60), (LegResult.BUSY, 15), (LegResult.DECLINED, 90)],
)
def test_everybody_is_rung_again_after_a_time_that_depends_on_why_it_failed(
    result: LegResult, seconds: float
) -> None:
    legs = (leg("anna", 0, result),)
    assert names(whom_to_ring(ALONE, legs, BEGAN, at(seconds - 1))) == []
    assert whom_to_ring(ALONE, legs, BEGAN, at(seconds - 1)).look_at == at(seconds)
    assert names(whom_to_ring(ALONE, legs, BEGAN, at(seconds))) == ["anna"]


def test_a_second_ring_within_three_minutes_whatever_happened() -> None:
    for result in LegResult:
        assert names(whom_to_ring(ALONE, (leg("anna", 0, result),), BEGAN, at(179))) == ["anna"]


def test_busy_people_are_asked_again_soon_and_block_nobody() -> None:
    rings = whom_to_ring(PLAN, (), BEGAN, BEGAN, busy=frozenset({"anna", "bruno"}))
    assert names(rings) == ["lucia"], "nobody of the first tier can be rung, so the next one joins"
    assert rings.look_at <= at(5)
    assert not rings.all_busy


def test_when_all_are_busy_the_caller_can_be_told() -> None:
    rings = whom_to_ring(PLAN, (), BEGAN, BEGAN, busy=frozenset(ROLES))
    assert rings.all_busy
    assert names(rings) == []


def test_everybody_was_tried_when_each_phone_has_rung_and_none_rings() -> None:
    legs = tuple(leg(name, 0, LegResult.NO_ANSWER) for name in ROLES)
    assert whom_to_ring(PLAN, legs, BEGAN, at(40)).everybody_tried
    assert not whom_to_ring(PLAN, legs[:-1], BEGAN, at(40)).everybody_tried


def test_an_empty_plan_rings_nobody_and_looks_again() -> None:
    rings = whom_to_ring(RingPlan(BEGAN, None, (), ()), (), BEGAN, BEGAN)
    assert names(rings) == []
    assert BEGAN < rings.look_at <= at(5)


@given(
    seconds=st.floats(0, 600),
    past=st.dictionaries(
        st.sampled_from(sorted(ROLES)),
        st.tuples(st.floats(0, 600), st.sampled_from([*LegResult, None])),
    ),
    busy=st.frozensets(st.sampled_from(sorted(ROLES))),
)
def test_no_ringing_phone_is_rung_twice_no_busy_one_at_all_and_a_next_look_is_never_far(
    seconds: float, past: Mapping[str, tuple[float, LegResult | None]], busy: frozenset[str]
) -> None:
    legs = tuple(
        leg(name, min(began, seconds), result, open_still=result is None)
        for name, (began, result) in past.items()
    )
    rings = whom_to_ring(PLAN, legs, BEGAN, at(seconds), busy)
    rung = names(rings)
    assert len(rung) == len(set(rung))
    assert not {one.person_id for one in legs if one.is_open} & set(rung)
    assert not busy & set(rung)
    assert rings.look_at <= at(seconds) + timedelta(seconds=90)
