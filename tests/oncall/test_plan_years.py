"""Whatever the people, bands, absences, wishes: no plan breaks an error, each open place is explained."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.oncall.plan.cp_sat import is_installed
from hotline.oncall.plan.explain import open_slots
from hotline.oncall.plan.greedy import greedy
from hotline.oncall.plan.least_recent import least_recent
from hotline.oncall.plan.mend import mended
from hotline.oncall.plan.needs import needs
from hotline.oncall.plan.problem import Plan, Problem, shifts_of, span_of
from hotline.oncall.proof.broken import Level
from hotline.oncall.proof.rules import broken_rules
from hotline.oncall.proof.spans import Span
from hotline.oncall.rota.bands import Band
from hotline.oncall.shifts import Shift
from hotline.people.terms import Absence, AbsenceKind, Contract, Wish, Wishes
from tests.conftest import skip_or_fail
from tests.oncall.test_plan import changed, problem, solved, team

FIRST = st.dates(date(2026, 1, 1), date(2036, 1, 1)) | st.sampled_from(
    [date(2026, 10, 23), date(2027, 3, 26)]
)
"""Any day of ten years, and the week-ends on which the clocks change."""

TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
NAMES = ("anna", "bruno", "dora", "elio")
ON_CALL = ("lucia", "marta")


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    first = draw(FIRST)
    people = [*team(*NAMES[: draw(st.integers(1, 4))]), *team(*ON_CALL, role="social_worker")]
    bands = [
        Band(f"b{number}", role, draw(DAYS), draw(TIMES), draw(TIMES), draw(st.integers(1, 2)))
        for number, role in enumerate(("volunteer", "volunteer", "social_worker"))
    ]
    midnight = datetime.combine(first, time(), UTC)
    who, hours = st.sampled_from([one.id for one in people]), st.integers(-24, 6 * 24)
    absences = [
        Absence(draw(who), begins, begins + timedelta(hours=draw(st.integers(1, 72))), AbsenceKind.LEAVE)
        for begins in (midnight + timedelta(hours=draw(hours)) for _ in range(draw(st.integers(0, 3))))
    ]
    kept = [
        Shift(draw(who), "volunteer", begins, begins + timedelta(hours=draw(st.integers(1, 12))))
        for begins in (midnight + timedelta(hours=draw(hours)) for _ in range(draw(st.integers(0, 3))))
    ]
    wishes = [
        Wish(draw(who), draw(DAYS), draw(TIMES), draw(TIMES), draw(st.sampled_from(Wishes)))
        for _ in range(draw(st.integers(0, 3)))
    ]
    asked = problem(
        people,
        *bands,
        first=first,
        last=first + timedelta(days=5),
        kept=kept,
        absences=absences,
        wishes=wishes,
        single=draw(st.sampled_from([frozenset(), frozenset({"social_worker"})])),
    )
    for person in people:
        contract = draw(st.sampled_from(Contract))
        trained = first + timedelta(days=draw(st.sampled_from([2, 900])))
        asked = changed(asked, person.id, contract=contract, training_until=trained)
    return asked


def broken_by(asked: Problem, plan: Plan) -> set[tuple[str | None, str, Span]]:
    found = broken_rules(
        (*asked.kept, *shifts_of(plan)),
        asked.people,
        asked.terms,
        asked.absences,
        asked.calendar.zone,
        asked.calendar.holidays,
        asked.span.starts_at,
        asked.span.ends_at,
    )
    return {
        (one.person_id, one.text, Span(one.starts_at, one.ends_at))
        for one in found
        if one.level == Level.ERROR and one.person_id
    }


def hold(asked: Problem, plan: Plan) -> None:
    """Check everything that must be true of a plan that is proposed."""
    assert broken_by(asked, plan) <= broken_by(asked, {})
    for slot, people in plan.items():
        assert len(people) == len(set(people)) <= slot.headcount
        assert {asked.people[one].role for one in people} <= {slot.role}
        assert not any(asked.wished.is_impossible(one, span_of(slot)) for one in people)
    mine = sorted(shifts_of(plan), key=lambda one: (one.person_id, one.starts_at))
    for one in mine:
        away = [absence for absence in asked.absences if absence.person_id == one.person_id]
        assert not any(
            absence.starts_at < one.ends_at and one.starts_at < absence.ends_at for absence in away
        )
        others = [kept for kept in asked.kept if kept.person_id == one.person_id]
        assert not any(kept.starts_at < one.ends_at and one.starts_at < kept.ends_at for kept in others)
    for one, following in pairwise(mine):
        assert one.person_id != following.person_id or one.ends_at <= following.starts_at
    for role in asked.single:
        of_role = sorted((one.starts_at, one.ends_at) for one in mine if one.role == role)
        assert all(one[1] <= following[0] for one, following in pairwise(of_role))
    open_places = {one.slot: one.missing for one in open_slots(asked, plan)}
    assert open_places == {
        slot: slot.headcount - len(plan[slot]) for slot in asked.slots if len(plan[slot]) < slot.headcount
    }
    for one in open_slots(asked, plan):
        assert sum(one.reasons.values()) == len(asked.of_role(one.slot.role))
        assert "free" not in one.reasons
    wanted = Counter(slot.role for slot, missing in open_places.items() for _ in range(missing))
    assert {one.role: one.open_places for one in needs(asked, plan) if one.open_places} == wanted


@settings(max_examples=40)
@given(problems())
def test_the_greedy_way_and_mended_turns_break_no_error(asked: Problem) -> None:
    hold(asked, greedy(asked))
    hold(asked, mended(asked, least_recent(asked)))


@settings(max_examples=12)
@given(problems())
def test_the_solver_breaks_no_error_and_fills_no_less(asked: Problem) -> None:
    if not is_installed():
        skip_or_fail("OR-Tools is not installed (the extra plan)", "REQUIRE_ORTOOLS")
    found, by_hand = solved(asked), greedy(asked)
    hold(asked, found)
    assert sum(map(len, found.values())) >= sum(map(len, by_hand.values()))
