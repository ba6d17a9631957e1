"""How long does planning a month for sixty people take, and how good is each plan?"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench.aims import NOISE, Finding
from bench.tables import table
from hotline.clock import stopwatch
from hotline.contract_rules import shipped_rules
from hotline.oncall.festive import festive_days
from hotline.oncall.plan.problem import Problem
from hotline.oncall.plan.proposal import Planner, Proposal, compared, propose
from hotline.oncall.plan.wished import Wished
from hotline.oncall.proof.broken import Level
from hotline.oncall.proof.hours import Calendar
from hotline.oncall.rota.bands import Band, moment_of, slots
from hotline.people.person import Person
from hotline.people.terms import Absence, AbsenceKind, Contract, Qualification, Terms, Wish, Wishes
from hotline.profile import load_profile

PLAN_S = {Planner.CP_SAT: 30.0, Planner.GREEDY: 5.0}
"""Aims, in seconds."""

SECONDS = 20.0
FIRST, LAST = date(2027, 1, 1), date(2027, 1, 31)
ROME = ZoneInfo("Europe/Rome")
CAST = {"volunteer": 46, "social_worker": 10, "coordinator": 4}
_DAYS = frozenset(range(7))
_CONTRACTS = {"volunteer": Contract.VOLUNTEER, "social_worker": Contract.MUNICIPAL}


def plan_figures() -> Sequence[Proposal]:
    """Have every planner that is here plan the month once."""
    problem = month()
    return compared(problem, propose(problem, Planner.GREEDY, SECONDS, stopwatch), SECONDS, stopwatch)


def plan_findings(found: Iterable[Proposal]) -> list[Finding]:
    """Return the seconds of each planner beside its aim."""
    return [
        Finding(f"planning 31 days, 60 people, {one.planner}, s", one.seconds, PLAN_S[one.planner], NOISE)
        for one in found
        if one.planner in PLAN_S
    ]


def plan_table(found: Iterable[Proposal]) -> str:
    """Show what each planner made of the month; plain turns are left as they are."""
    head = ["planner", "places filled", "E broken", "W broken", "spread of weighted hours", "seconds"]
    return table([head, *([*_row(one), f"{one.seconds:.1f}"] for one in found)])


def _row(one: Proposal) -> list[str]:
    spread = ", ".join(f"{role} {hours:.0f}" for role, hours in one.spread.items())
    warnings = sum(broken.level == Level.WARNING for broken in one.broken)
    errors = len(one.of_people(Level.ERROR))
    return [one.planner.value, f"{one.filled} of {one.problem.places}", str(errors), str(warnings), spread]


def month() -> Problem:
    """Return January for sixty people: four-hour bands and a night of eight, two volunteers in each."""
    bands = [_band(f"v{hour}", "volunteer", hour, 4, 2) for hour in (8, 12, 16, 20)]
    bands.append(_band("notte", "volunteer", 0, 8, 2))
    bands += [_band(f"{role}{hour}", role, hour, 12, 1) for role in list(CAST)[1:] for hour in (8, 20)]
    people = {one.id: one for one in _people()}
    holidays = frozenset(festive_days((), FIRST, LAST, "IT"))
    profile = load_profile(None)
    return Problem(
        first=FIRST,
        last=LAST,
        slots=tuple(slots(bands, FIRST, LAST, ROME, holidays)),
        people=people,
        terms={one.id: _terms(number, one) for number, one in enumerate(people.values())},
        absences=tuple(_absences(list(people))),
        wished=Wished(tuple(_wishes(list(people))), ROME),
        kept=(),
        worked=(),
        calendar=Calendar(ROME, holidays, profile.night),
        rules=shipped_rules(),
        single=frozenset({"social_worker", "coordinator"}),
    )


def _band(name: str, role: str, hour: int, hours: int, headcount: int) -> Band:
    return Band(name, role, _DAYS, time(hour), time((hour + hours) % 24), headcount)


def _people() -> list[Person]:
    roles = [role for role, many in CAST.items() for _ in range(many)]
    return [
        Person(f"p{n:02}", f"Person {n:02}", f"+39340000{n:04}", role, ("it",), last_resort=False)
        for n, role in enumerate(roles)
    ]


def _terms(number: int, person: Person) -> Terms:
    return Terms(
        person.id,
        _CONTRACTS.get(person.role, Contract.COOPERATIVE),
        frozenset({Qualification.WOMAN}) if number % 2 else frozenset(),
        training_until=LAST + timedelta(days=90) if number % 9 else FIRST + timedelta(days=14),
        started_on=FIRST - timedelta(days=10) if number % 11 == 3 else None,
        phone_verified_at=datetime(2026, 12, 1, tzinfo=UTC),
    )


def _absences(people: list[str]) -> list[Absence]:
    """Let every fifth be away for a week, one week after the other."""
    found = []
    for number, person_id in enumerate(people[::5]):
        begins = FIRST + timedelta(days=number * 5 % 25)
        away = [moment_of(day, time(), ROME) for day in (begins, begins + timedelta(days=7))]
        found.append(Absence(person_id, *away, AbsenceKind.LEAVE))
    return found


def _wishes(people: list[str]) -> list[Wish]:
    mornings = [Wish(one, frozenset(range(5)), time(8), time(14), Wishes.IMPOSSIBLE) for one in people[::3]]
    nights = [Wish(one, frozenset({4, 5}), time(0), time(8), Wishes.PREFERRED) for one in people[1::4]]
    return [*mornings, *nights]
