"""Which of the rules R1 to R20 does a rota break, whose, from when to when? Pure.

Each rule is a small function elsewhere; here is the list of them, with how bad it is to break one.
`contracts.toml` holds the limits and may change a level; a rule without a check says why it has none.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.contract_rules import DutyRules, shipped_rules
from hotline.oncall.proof import rest_rules, standby_rules, volunteer_rules
from hotline.oncall.proof.broken import Broken, Level
from hotline.oncall.proof.duty import Duty, Finding, WorkedPeriod
from hotline.oncall.proof.hours import Calendar
from hotline.oncall.proof.spans import Span
from hotline.oncall.proof.together_rules import Together, capable, somebody_there
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.terms import Absence, Contract, Terms, contract_of_role

ERROR, WARNING = Level.ERROR, Level.WARNING
_OFF = "off"


@dataclass(frozen=True)
class Rule:
    """One rule for one person: its number, how bad it is to break it, and for whom it is this number."""

    name: str
    level: Level
    check: Callable[[Duty], Iterator[Finding]]
    only: Collection[Contract] = frozenset(Contract)


_PAID = frozenset({Contract.COOPERATIVE, Contract.MUNICIPAL})
_UNPAID = frozenset({Contract.VOLUNTEER})

RULES: tuple[Rule, ...] = (
    Rule("R2", ERROR, rest_rules.daily_rest),
    Rule("R3", WARNING, rest_rules.rest_after_night_call_out),
    Rule("R4", ERROR, rest_rules.weekly_rest),
    Rule("R5", ERROR, rest_rules.average_week),
    Rule("R6", WARNING, rest_rules.ordinary_week),
    Rule("R7", ERROR, standby_rules.times_a_month),
    Rule("R8", ERROR, standby_rules.least_stretch),
    Rule("R9", WARNING, standby_rules.rest_day_due),
    Rule("R11", ERROR, standby_rules.away),
    Rule("R12", WARNING, volunteer_rules.shift_length),
    Rule("R12", WARNING, volunteer_rules.shifts_a_month),
    Rule("R13", ERROR, volunteer_rules.training),
    Rule("R14", ERROR, standby_rules.volunteer_or_paid),
    Rule("R15", WARNING, volunteer_rules.paired),
    Rule("R16", WARNING, standby_rules.nights_running, _UNPAID),
    Rule("R16", WARNING, standby_rules.cool_off),
    Rule("R17", WARNING, standby_rules.nights_running, _PAID),
    Rule("R17", WARNING, standby_rules.days_running),
    Rule("R18", ERROR, standby_rules.phone_tested),
)

NOT_PROVED: Mapping[str, str] = {
    "R10": "where somebody stays while on call is not stored: nobody can say if they come in 30 minutes",
    "R13": "insurance, register and age are not stored; only the training is proved",
    "R18": "that both accept a swap, and who follows a no-show, is decided where it happens, not in a rota",
    "R19": "shifts are made from the wall; an hour lost by an import is a gap of the proof of coverage",
}
"""What cannot be said from a rota, and why."""


def broken_rules(
    shifts: Sequence[Shift],
    people: Mapping[str, Person],
    terms: Mapping[str, Terms],
    absences: Sequence[Absence],
    zone: ZoneInfo,
    holidays: Collection[date],
    first: datetime,
    last: datetime,
    worked: Sequence[WorkedPeriod] = (),
    rules: DutyRules | None = None,
    countries: Collection[str] = ("IT",),
) -> tuple[Broken, ...]:
    """Return every rule broken between two moments, earliest first.

    Give also the shifts and the work of the months before: averages and turns reach back. Shifts that
    somebody said they cannot keep count as kept for the rules of one person, and as missing for R1 and R20.
    """
    if last <= first:
        return ()
    known = rules or shipped_rules()
    proved, calendar = Span(first.astimezone(UTC), last.astimezone(UTC)), Calendar(zone, holidays)
    found: list[Broken] = []
    for duty in _duties(shifts, people, terms, absences, worked, calendar, proved, known):
        found += broken_by_one(duty)
    together = Together(tuple(shifts), people, terms, calendar, proved, known.whole, countries)
    for name, level, check in (("R1", ERROR, somebody_there), ("R20", WARNING, capable)):
        found += _as_broken(name, level_of(name, level, known.whole.levels), None, check(together), proved)
    return tuple(
        sorted(found, key=lambda one: (one.starts_at, one.ends_at, int(one.rule[1:]), one.person_id or ""))
    )


def terms_or_usual(person: Person, terms: Mapping[str, Terms]) -> Terms:
    """Return somebody's terms; of whom nothing is known, those of their role."""
    return terms.get(person.id) or Terms(person.id, contract_of_role(person.role))


def _duties(
    shifts: Sequence[Shift],
    people: Mapping[str, Person],
    terms: Mapping[str, Terms],
    absences: Sequence[Absence],
    worked: Sequence[WorkedPeriod],
    calendar: Calendar,
    proved: Span,
    rules: DutyRules,
) -> Iterator[Duty]:
    new = frozenset(new_people(people, terms, calendar.local_day(proved.starts_at), rules))
    for person_id in sorted({one.person_id for one in shifts} | {one.person_id for one in worked}):
        if (person := people.get(person_id)) is None:
            continue  # nobody: that refuses a publication, and no rule of one person can be asked
        theirs = terms_or_usual(person, terms)
        yield Duty(
            person=person,
            terms=theirs,
            limits=rules.contracts[theirs.contract],
            shifts=tuple(
                sorted((one for one in shifts if one.person_id == person_id), key=lambda one: one.starts_at)
            ),
            worked=tuple(one for one in worked if one.person_id == person_id),
            absences=tuple(one for one in absences if one.person_id == person_id),
            all_shifts=shifts,
            new_people=new,
            calendar=calendar,
            proved=proved,
        )


def new_people(
    people: Mapping[str, Person], terms: Mapping[str, Terms], today: date, rules: DutyRules
) -> Iterator[str]:
    """Yield who began so lately, on a local day, that they should not be on duty alone."""
    for person in people.values():
        theirs = terms_or_usual(person, terms)
        days = timedelta(days=rules.contracts[theirs.contract].paired_night_days)
        if theirs.started_on and days and theirs.started_on + days > today:
            yield person.id


def broken_by_one(duty: Duty, levels: Collection[Level] = tuple(Level)) -> Iterator[Broken]:
    """Yield what one person's time breaks, of the levels asked for; a rule of all together is not asked."""
    for rule in RULES:
        level = level_of(rule.name, rule.level, duty.limits.levels)
        if level in levels and duty.terms.contract in rule.only:
            yield from _as_broken(rule.name, level, duty.person.id, rule.check(duty), duty.proved)


def _as_broken(
    name: str, level: Level | None, person_id: str | None, findings: Iterable[Finding], proved: Span
) -> Iterator[Broken]:
    if level is None:
        return
    for span, text in findings:
        if span.within(proved) is not None:
            yield Broken(name, level, person_id, span.starts_at, span.ends_at, text)


def level_of(name: str, usual: Level, changed: Mapping[str, str]) -> Level | None:
    """Return how bad it is to break a rule under some limits, None where it is off."""
    level = changed.get(name, usual.value)
    return None if level == _OFF else Level(level)
