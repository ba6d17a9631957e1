"""Does a plan fill what can be filled, break no error, share the load, and say why a place stays open?"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.clock import stopwatch
from hotline.contract_rules import DutyRules, shipped_rules
from hotline.errors import BadInput
from hotline.oncall.festive import festive_days
from hotline.oncall.plan.assigned import with_plan
from hotline.oncall.plan.board import Board
from hotline.oncall.plan.cp_sat import cp_sat, is_installed
from hotline.oncall.plan.explain import open_slots
from hotline.oncall.plan.greedy import greedy
from hotline.oncall.plan.least_recent import least_recent
from hotline.oncall.plan.mend import mended
from hotline.oncall.plan.needs import needs
from hotline.oncall.plan.problem import Plan, Problem
from hotline.oncall.plan.proposal import Planner, Proposal, compared, propose
from hotline.oncall.plan.wished import Wished
from hotline.oncall.proof.broken import Level
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.proof.hours import Calendar
from hotline.oncall.rota.bands import Band, OnHolidays, slots
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rotations import Every, Rotation
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.terms import Absence, AbsenceKind, Contract, Qualification, Terms, Wish, Wishes
from tests.conftest import skip_or_fail

ROME = ZoneInfo("Europe/Rome")
MONDAY, SUNDAY = date(2027, 4, 5), date(2027, 4, 11)
EVERY_DAY = frozenset(range(7))
EVENING = Band("sera", "volunteer", EVERY_DAY, time(18), time(22))
NIGHT = Band("notte", "volunteer", EVERY_DAY, time(22), time(6))
ON_CALL = Band("reperibilità", "social_worker", EVERY_DAY, time(20), time(8))
TESTED = datetime(2027, 1, 1, tzinfo=UTC)
Planned = Callable[[Problem], Plan]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def team(*names: str, role: str = "volunteer") -> list[Person]:
    numbers = {name: number for number, name in enumerate(sorted(names), 1)}
    place = {"volunteer": 1, "social_worker": 2, "coordinator": 3}[role]
    return [
        Person(name, name.title(), f"+3934{place}0000{numbers[name]:03}", role, ("it",), last_resort=False)
        for name in names
    ]


def terms_of(person: Person, contract: Contract) -> Terms:
    return Terms(person.id, contract, training_until=date(2030, 12, 31), phone_verified_at=TESTED)


def problem(
    people: Sequence[Person],
    *bands: Band,
    first: date = MONDAY,
    last: date = SUNDAY,
    contract: Contract | None = None,
    kept: Sequence[Shift] = (),
    absences: Sequence[Absence] = (),
    wishes: Sequence[Wish] = (),
    worked: Sequence[WorkedPeriod] = (),
    single: frozenset[str] = frozenset(),
    rules: DutyRules | None = None,
) -> Problem:
    holidays = frozenset(festive_days((), first, last, "IT"))
    usual = {"volunteer": Contract.VOLUNTEER}
    return Problem(
        first=first,
        last=last,
        slots=tuple(slots(bands, first, last, ROME, holidays)),
        people={one.id: one for one in people},
        terms={
            one.id: terms_of(one, contract or usual.get(one.role, Contract.COOPERATIVE)) for one in people
        },
        absences=tuple(absences),
        wished=Wished(tuple(wishes), ROME),
        kept=tuple(kept),
        worked=tuple(worked),
        calendar=Calendar(ROME, holidays),
        rules=rules or shipped_rules(),
        single=single,
    )


def changed(asked: Problem, person_id: str, **terms: object) -> Problem:
    return replace(asked, terms={**asked.terms, person_id: replace(asked.terms[person_id], **terms)})  # type: ignore[arg-type]


def solved(asked: Problem) -> Plan:
    if not is_installed():
        skip_or_fail("OR-Tools is not installed (the extra plan)", "REQUIRE_ORTOOLS")
    return mended(asked, cp_sat(asked, greedy(asked), seconds=2))


both = pytest.mark.parametrize("plan", [greedy, solved])


def on(plan: Plan) -> list[str]:
    """Return who is on, slot by slot in the order of time: `-` for nobody."""
    ordered = sorted(plan, key=lambda slot: (slot.starts_at, slot.band))
    return ["+".join(sorted(plan[slot])) or "-" for slot in ordered]


def errors(asked: Problem, plan: Plan) -> list[str]:
    return [one.text for one in Proposal(asked, Planner.GREEDY, plan, 0.0).of_people(Level.ERROR)]


def warnings(asked: Problem, plan: Plan) -> list[str]:
    broken = Proposal(asked, Planner.GREEDY, plan, 0.0).broken
    return sorted(one.rule for one in broken if one.level == Level.WARNING and one.rule != "R20")


@both
def test_three_share_a_week_of_evenings(plan: Planned) -> None:
    asked = problem(team("anna", "bruno", "dora"), EVENING)
    found = plan(asked)
    assert sorted(on(found).count(name) for name in ("anna", "bruno", "dora")) == [2, 2, 3]
    assert warnings(asked, found) == []
    assert open_slots(asked, found) == ()
    # Sunday weighs double: whoever has it has one evening beside it, the others have two or three.
    assert sorted(Board.of(asked, found).load(name) for name in ("anna", "bruno", "dora")) == [8, 12, 12]


@both
def test_who_is_away_or_cannot_is_not_on_and_who_prefers_is(plan: Planned) -> None:
    away = Absence("anna", wall("2027-04-05T00:00"), wall("2027-04-08T00:00"), AbsenceKind.LEAVE)
    asked = problem(
        team("anna", "bruno", "dora"),
        EVENING,
        absences=[away],
        wishes=[
            Wish("bruno", frozenset({0, 1}), time(17), time(20), Wishes.IMPOSSIBLE),
            Wish("bruno", frozenset({3}), time(17), time(23), Wishes.PREFERRED),
        ],
    )
    found = on(plan(asked))
    assert found[:2] == ["dora", "dora"]
    assert found[2] != "anna"
    assert found[3] == "bruno"
    assert "-" not in found


def test_an_open_place_counts_everybody_once_with_the_reason() -> None:
    names = ("anna", "bruno", "dora", "elio", "fede", "gaia", "ivo")
    asked = problem(
        team(*names),
        EVENING,
        last=MONDAY,
        absences=[Absence("anna", wall("2027-04-05T20:00"), wall("2027-04-06T00:00"), AbsenceKind.SICKNESS)],
        wishes=[Wish("bruno", frozenset({0}), time(21), time(23), Wishes.IMPOSSIBLE)],
        kept=[Shift("dora", "volunteer", wall("2027-04-05T21:00"), wall("2027-04-05T23:00"))],
    )
    asked = changed(asked, "elio", training_until=date(2027, 4, 4))
    asked = changed(asked, "fede", phone_verified_at=None)
    asked = changed(asked, "gaia", contract=Contract.MUNICIPAL)
    abroad = replace(asked.people["ivo"], phone="+447700900000")
    asked = replace(asked, people={**asked.people, "ivo": abroad})
    (lacking,) = open_slots(asked, greedy(asked))
    assert lacking.reasons == {
        "away": 1,
        "impossible time": 1,
        "on already": 1,
        "training not valid": 1,
        "phone never tested": 1,
        "other contract": 1,
        "no usable phone": 1,
    }
    assert lacking.text.startswith("2027-04-05 sera: 1 of 1 volunteer missing: 1 ")


@both
def test_a_rule_that_a_profile_turns_off_is_in_nobodys_way(plan: Planned) -> None:
    rules = shipped_rules()
    volunteer = replace(rules.contracts["volunteer"], levels={"R18": "off"})
    lenient = replace(rules, contracts={**rules.contracts, "volunteer": volunteer})
    untested = changed(problem(team("anna"), EVENING, last=MONDAY), "anna", phone_verified_at=None)
    assert on(plan(untested)) == ["-"]
    assert on(plan(replace(untested, rules=lenient))) == ["anna"]


@both
def test_nobody_is_on_twice_and_a_tier_of_one_has_one(plan: Planned) -> None:
    long_evening = Band("lunga", "social_worker", EVERY_DAY, time(17), time(23))
    short = Band("corta", "social_worker", EVERY_DAY, time(18), time(22))
    two = team("lucia", "marta", role="social_worker")
    assert on(plan(problem(two[:1], long_evening, short, last=MONDAY))) in (["lucia", "-"], ["-", "lucia"])
    assert sorted(on(plan(problem(two, long_evening, short, last=MONDAY)))) == ["lucia", "marta"]
    single = problem(two, long_evening, short, last=MONDAY, single=frozenset({"social_worker"}))
    found = plan(single)
    assert sorted(on(found)) in (["-", "lucia"], ["-", "marta"])
    assert [one.reasons for one in open_slots(single, found)] == [{"a tier of one, taken": 2}]


@both
def test_a_night_before_the_plan_counts_for_two_nights_running(plan: Planned) -> None:
    kept = Shift("anna", "volunteer", wall("2027-04-04T22:00"), wall("2027-04-05T06:00"))
    asked = problem(team("anna", "bruno"), NIGHT, last=MONDAY, kept=[kept])
    assert on(plan(asked)) == ["bruno"]


@both
def test_where_being_on_duty_is_work_eleven_hours_of_rest_lie_between(plan: Planned) -> None:
    rules = shipped_rules()
    worked = replace(rules.contracts["municipal"], duty="worked")
    three = [
        Band(f"turno {hour}", "social_worker", EVERY_DAY, time(hour), time((hour + 8) % 24))
        for hour in (0, 8, 16)
    ]
    asked = problem(
        team("lucia", "marta", role="social_worker"),
        *three,
        contract=Contract.MUNICIPAL,
        rules=replace(rules, contracts={**rules.contracts, "municipal": worked}),
    )
    found = plan(asked)
    assert errors(asked, found) == []
    assert on(found).count("-") > 0
    assert {why for one in open_slots(asked, found) for why in one.reasons} <= {
        "on already",
        "would break R2",
        "would break R4",
    }
    # Plain turns know no rest.
    assert any("hours of rest" in text for text in errors(asked, least_recent(asked)))


@both
def test_somebody_new_is_beside_somebody_who_is_not(plan: Planned) -> None:
    two = replace(EVENING, headcount=2)
    asked = problem(team("anna", "bruno", "dora", "elio"), two, last=MONDAY + timedelta(days=1))
    for name in ("anna", "bruno"):
        asked = changed(asked, name, started_on=date(2027, 4, 1))
    found = plan(asked)
    assert warnings(asked, found) == []
    assert "anna+bruno" not in on(found)


@both
def test_a_woman_is_on_duty_whenever_one_can_be(plan: Planned) -> None:
    asked = problem(team("anna", "bruno", "dora", "elio"), EVENING, last=MONDAY + timedelta(days=1))
    for name in ("bruno", "elio"):
        asked = changed(asked, name, qualifications=frozenset({Qualification.WOMAN}))
    assert sorted(on(plan(asked))) == ["bruno", "elio"]


@both
def test_what_somebody_carries_from_before_is_counted(plan: Planned) -> None:
    carried = [
        Shift("anna", "volunteer", wall(f"2027-03-{day}T18:00"), wall(f"2027-03-{day}T22:00"))
        for day in (16, 18, 20)
    ]
    asked = problem(team("anna", "bruno"), EVENING, last=date(2027, 4, 7), kept=carried)
    assert on(plan(asked)) == ["bruno", "bruno", "bruno"]
    # A heavy call weighs too; who has answered it is not the first in the order of names alone.
    for tired, rested in (("anna", "bruno"), ("bruno", "anna")):
        heavy = WorkedPeriod(tired, wall("2027-03-20T19:00"), wall("2027-03-20T20:00"), heavy=True)
        asked = problem(team("anna", "bruno"), EVENING, last=MONDAY, worked=[heavy])
        assert on(plan(asked)) == [rested]


def standby(contract: Contract, *names: str) -> Problem:
    """Return April 2027 for the social workers: 30 nights, and 8 days of week-ends, of twelve hours each."""
    weekend = Band("fine settimana", "social_worker", frozenset({5, 6}), time(8), time(20))
    holiday = Band("festivo", "social_worker", EVERY_DAY, time(8), time(20), on_holidays=OnHolidays.ONLY)
    asked = problem(
        team(*names, role="social_worker"),
        ON_CALL,
        replace(weekend, on_holidays=OnHolidays.NEVER),
        holiday,
        first=date(2027, 4, 1),
        last=date(2027, 4, 30),
        contract=contract,
        single=frozenset({"social_worker"}),
    )
    # Easter is in March, Liberation Day is a Sunday: no other day.
    assert asked.places == 38
    return asked


@both
def test_a_single_municipal_social_worker_fills_six_and_six_more_are_needed(plan: Planned) -> None:
    asked = standby(Contract.MUNICIPAL, "lucia")
    found = plan(asked)
    assert on(found).count("lucia") == 6
    assert errors(asked, found) == []
    assert {tuple(one.reasons.items()) for one in open_slots(asked, found)} == {(("would break R7", 1),)}
    (need,) = needs(asked, found)
    assert (need.here, need.open_places, need.more_to_fill, need.enough, need.more) == (1, 32, 6, 7, 6)
    assert need.text == (
        "social_worker: 1 here, 32 places open: 6 more would fill them; 7 in all keep the limits of a month"
    )


def test_where_six_times_a_month_is_a_warning_the_only_one_has_all_and_seven_are_asked_for() -> None:
    asked = standby(Contract.COOPERATIVE, "lucia")
    found = greedy(asked)
    assert on(found).count("lucia") == 38
    (need,) = needs(asked, found)
    assert (need.open_places, need.more_to_fill, need.enough, need.more) == (0, 0, 7, 6)


@both
def test_seven_social_workers_keep_the_limit_of_six(plan: Planned) -> None:
    asked = standby(Contract.MUNICIPAL, "ada", "bea", "cleo", "dina", "eva", "fosca", "gina")
    found = plan(asked)
    assert on(found).count("-") == 0
    assert errors(asked, found) == []


def test_single_cover_by_volunteers_asks_for_forty_of_them() -> None:
    by_day = [
        Band(f"v{hour}", "volunteer", EVERY_DAY, time(hour), time((hour + 4) % 24))
        for hour in (8, 12, 16, 20)
    ]
    by_night = Band("notte", "volunteer", EVERY_DAY, time(0), time(8))
    asked = problem([], *by_day, by_night, first=date(2027, 4, 1), last=date(2027, 4, 30))
    (need,) = needs(asked, greedy(asked))
    # 120 shifts by day at three each are 40; 30 nights at one each are 30.
    assert (need.here, need.open_places, need.enough) == (0, 150, 40)
    assert open_slots(asked, {})[0].text.endswith("nobody has this role")


def test_plain_turns_are_compared_as_they_are_and_mended_when_proposed() -> None:
    asked = changed(problem(team("anna", "bruno"), EVENING), "anna", training_until=date(2027, 4, 6))
    plain = least_recent(asked)
    assert on(plain) == ["anna", "bruno", "anna", "bruno", "anna", "bruno", "anna"]
    assert errors(asked, plain) == ["the training was valid until 2027-04-06"]
    proposed = propose(asked, Planner.LEAST_RECENT, 1, stopwatch)
    assert on(proposed.plan) == ["anna", "bruno", "bruno", "bruno", "bruno", "bruno", "bruno"]
    assert proposed.of_people(Level.ERROR) == ()
    *_, row = compared(asked, propose(asked, Planner.GREEDY, 1, stopwatch), 1, stopwatch)
    assert (row.planner, row.filled, len(row.of_people(Level.ERROR))) == (Planner.LEAST_RECENT, 7, 1)


def test_an_open_slot_stays_open_in_the_rota_although_it_has_turns() -> None:
    asked = problem(team("anna", "bruno"), EVENING, last=MONDAY)
    turns = Rotation("sera", ("bruno",), Every.SHIFT, MONDAY)
    rota = Rota(ROME, MONDAY, (EVENING,), (turns,))
    days = MONDAY, MONDAY + timedelta(days=1)
    assert [one.people for one in rota.filled(*days)] == [("bruno",), ("bruno",)]
    (slot,) = asked.slots
    assert [one.people for one in with_plan(rota, asked, {slot: ()}).filled(*days)] == [(), ("bruno",)]
    again = with_plan(with_plan(rota, asked, {slot: ("anna",)}), asked, {slot: ("bruno",)})
    assert [one.people for one in again.assignments] == [("bruno",)]


def test_the_same_problem_gives_the_same_plan_and_the_solver_is_never_worse() -> None:
    asked = problem(team(*"abcdefgh"), replace(EVENING, headcount=2), NIGHT, last=date(2027, 4, 25))
    first, again = solved(asked), solved(asked)
    assert first == again
    by_hand = greedy(asked)
    plans = [Proposal(asked, Planner.CP_SAT, one, 0.0) for one in (first, by_hand)]
    assert plans[0].filled >= plans[1].filled
    assert plans[0].spread["volunteer"] <= plans[1].spread["volunteer"]


def test_without_the_solver_the_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ortools", "ortools.sat.python"):
        monkeypatch.setitem(sys.modules, name, None)
    assert not is_installed()
    asked = problem(team("anna"), EVENING)
    with pytest.raises(BadInput, match=r"pip install 'hotline\[plan\]', or use --solver greedy"):
        cp_sat(asked, {}, 1)
    others = compared(asked, propose(asked, Planner.GREEDY, 1, stopwatch), 1, stopwatch)
    assert [one.planner for one in others] == [Planner.GREEDY, Planner.LEAST_RECENT]
