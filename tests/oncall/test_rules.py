"""Is each rule of the rota broken exactly when it should be, and not a minute otherwise?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.contract_rules import DutyRules, shipped_rules
from hotline.oncall.proof.broken import Broken
from hotline.oncall.proof.duty import Work, WorkedPeriod
from hotline.oncall.proof.rules import NOT_PROVED, RULES, broken_rules
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.terms import Absence, AbsenceKind, Contract, Qualification, Terms

ROME = ZoneInfo("Europe/Rome")
TESTED = datetime(2026, 1, 1, tzinfo=UTC)
TRAINED = date(2040, 12, 31)
HOLIDAYS = frozenset({date(2026, 12, 8), date(2026, 12, 25)})


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def somebody(name: str, number: int, role: str) -> Person:
    return Person(name, name.title(), f"+393400000{number:03}", role, ("it",), last_resort=False)


ANNA, BRUNO = somebody("anna", 1, "volunteer"), somebody("bruno", 2, "volunteer")
LUCIA, MARTA = somebody("lucia", 3, "social_worker"), somebody("marta", 4, "social_worker")
PEOPLE = {one.id: one for one in (ANNA, BRUNO, LUCIA, MARTA)}
TERMS = {
    "anna": Terms("anna", Contract.VOLUNTEER, training_until=TRAINED, phone_verified_at=TESTED),
    "bruno": Terms("bruno", Contract.VOLUNTEER, training_until=TRAINED, phone_verified_at=TESTED),
    "lucia": Terms("lucia", Contract.MUNICIPAL, phone_verified_at=TESTED),
    "marta": Terms("marta", Contract.COOPERATIVE, phone_verified_at=TESTED),
}


def on(person: Person, starts: str, ends: str) -> Shift:
    return Shift(person.id, person.role, wall(starts), wall(ends))


def nights(person: Person, *evenings: str, starts: str = "20:00", ends: str = "08:00") -> list[Shift]:
    following = [(date.fromisoformat(one) + timedelta(days=1)).isoformat() for one in evenings]
    return [on(person, f"{a}T{starts}", f"{b}T{ends}") for a, b in zip(evenings, following, strict=True)]


def called_out(person: Person, starts: str, ends: str, heavy: bool = False) -> WorkedPeriod:
    return WorkedPeriod(person.id, wall(starts), wall(ends), heavy)


def worked(person: Person, starts: str, ends: str) -> WorkedPeriod:
    return WorkedPeriod(person.id, wall(starts), wall(ends), work=Work.ORDINARY)


def broken(
    rule: str,
    shifts: Sequence[Shift] = (),
    *periods: WorkedPeriod,
    terms: dict[str, Terms] | None = None,
    absences: Sequence[Absence] = (),
    first: str = "2026-11-30T00:00",
    last: str = "2026-12-31T00:00",
    rules: DutyRules | None = None,
) -> list[Broken]:
    found = broken_rules(
        *(shifts, PEOPLE, TERMS | (terms or {}), absences, ROME, HOLIDAYS),
        *(wall(first), wall(last), periods, rules),
    )
    return [one for one in found if one.rule == rule]


def told(found: Sequence[Broken]) -> list[str]:
    return [
        f"{one.level} {one.person_id or 'all'} {one.starts_at.astimezone(ROME):%d %H:%M}"
        f"-{one.ends_at.astimezone(ROME):%d %H:%M}: {one.text}"
        for one in found
    ]


def test_every_rule_of_the_list_is_proved_or_says_why_not() -> None:
    proved = {rule.name for rule in RULES} | {"R1", "R20"}
    assert proved | set(NOT_PROVED) == {f"R{number}" for number in range(1, 21)}


def test_r1_wants_a_social_worker_a_backup_and_a_volunteer_whom_the_social_worker_may_replace() -> None:
    day = ("2026-12-01T08:00", "2026-12-01T20:00")
    rota = [on(LUCIA, *day), on(MARTA, "2026-12-01T08:00", "2026-12-01T18:00")]
    assert told(broken("R1", rota, first=day[0], last=day[1])) == [
        "E all 01 18:00-01 20:00: nobody on shift backs up the social worker on call"
    ]
    assert told(broken("R1", [on(ANNA, *day)], first=day[0], last="2026-12-01T21:00")) == [
        "E all 01 08:00-01 21:00: nobody on shift backs up the social worker on call",
        "E all 01 08:00-01 21:00: no social worker on call",
        "E all 01 20:00-01 21:00: no volunteer, and nobody covers",
    ]


def test_r2_wants_eleven_hours_of_rest_in_one_piece_between_ordinary_hours() -> None:
    late_then_early = (
        worked(LUCIA, "2026-12-01T14:00", "2026-12-01T22:00"),
        worked(LUCIA, "2026-12-02T08:00", "2026-12-02T14:00"),
    )
    assert told(broken("R2", [], *late_then_early)) == [
        "E lucia 01 14:00-02 14:00: 10.0 hours of rest in one piece within 24, 11 are due"
    ]
    split_day = (
        worked(LUCIA, "2026-12-01T08:00", "2026-12-01T12:00"),
        worked(LUCIA, "2026-12-01T15:00", "2026-12-01T19:00"),
    )
    assert not broken("R2", [], *split_day)


def test_r2_lets_call_outs_split_the_rest_but_not_shorten_it() -> None:
    ordinary = worked(LUCIA, "2026-12-01T08:00", "2026-12-01T20:00")
    assert not broken("R2", [], ordinary, called_out(LUCIA, "2026-12-02T02:00", "2026-12-02T03:00"))
    assert told(broken("R2", [], ordinary, called_out(LUCIA, "2026-12-02T02:00", "2026-12-02T03:30"))) == [
        "E lucia 01 08:00-02 08:00: call-outs leave 10.5 hours of rest within 24, 11 are due"
    ]


def test_r3_asks_when_duty_begins_soon_after_a_call_out_in_the_night() -> None:
    out = called_out(LUCIA, "2026-12-02T03:00", "2026-12-02T04:00")
    assert told(broken("R3", [on(LUCIA, "2026-12-02T08:00", "2026-12-02T20:00")], out)) == [
        "W lucia 02 04:00-02 15:00: duty begins 4.0 hours after a call-out in the night, 11 are due"
    ]
    assert not broken("R3", [on(LUCIA, "2026-12-02T15:00", "2026-12-02T20:00")], out)
    by_day = called_out(LUCIA, "2026-12-02T10:00", "2026-12-02T11:00")
    assert not broken("R3", [on(LUCIA, "2026-12-02T15:00", "2026-12-02T20:00")], by_day)


def test_r4_wants_two_weekly_rests_in_fourteen_days() -> None:
    days = [f"2026-12-{day:02}" for day in range(1, 15)]
    every_day = [worked(LUCIA, f"{day}T09:00", f"{day}T15:00") for day in days]
    span = {"first": "2026-12-01T00:00", "last": "2026-12-15T00:00"}
    assert told(broken("R4", [], *every_day, **span)) == [
        "E lucia 01 00:00-15 00:00: 0 weekly rests of 24 + 11 hours within 14 days, 2 are due"
    ]
    two_sundays = [one for one, day in zip(every_day, days, strict=True) if day[-2:] not in ("06", "13")]
    assert not broken("R4", [], *two_sundays, **span)
    together = [one for one, day in zip(every_day, days, strict=True) if day[-2:] not in ("12", "13")]
    assert not broken("R4", [], *together, **span)
    # Two free days, 26 hours each: the daily eleven are not on top.
    long_days = [
        worked(LUCIA, f"{day}T00:00", f"{day}T22:00") for day in days if day[-2:] not in ("06", "13")
    ]
    assert [one.text[:14] for one in broken("R4", [], *long_days, **span)] == ["0 weekly rests"]


def test_r5_counts_call_outs_into_the_average_of_four_months() -> None:
    day, periods = date(2026, 8, 31), []
    while day <= date(2026, 12, 27):
        if day.weekday() < 6:
            periods.append(worked(LUCIA, f"{day}T08:00", f"{day}T16:00"))
        day += timedelta(days=1)
    span = {"first": "2026-12-21T00:00", "last": "2026-12-28T00:00"}
    assert not broken("R5", [], *periods, **span)
    over = broken("R5", [], *periods, called_out(LUCIA, "2026-12-27T02:00", "2026-12-27T05:00"), **span)
    assert told(over) == [
        "E lucia 31 01:00-28 00:00: 48.2 worked hours a week on average over 17 weeks, 48 at most"
    ]


def test_r6_warns_of_a_week_beyond_the_contract() -> None:
    week = [worked(LUCIA, f"2026-12-0{day}T08:00", f"2026-12-0{day}T16:00") for day in range(1, 6)]
    assert told(broken("R6", [], *week)) == [
        "W lucia 30 00:00-07 00:00: 40 planned hours in a week, 36 at most"
    ]
    assert not broken("R6", [], *week[:4])


def test_r7_counts_twelve_hours_of_the_wall_as_one_time_also_on_the_night_of_thirteen() -> None:
    six = nights(LUCIA, *(f"2026-10-{day}" for day in ("01", "05", "09", "13", "17", "24")))
    whole = {"first": "2026-10-01T00:00", "last": "2026-11-01T00:00"}
    assert not broken("R7", six, **whole)
    seventh = nights(LUCIA, "2026-10-29")
    assert told(broken("R7", [*six, *seventh], **whole)) == [
        "E lucia 29 20:00-30 08:00: on call 7 times in 2026-10, 6 at most"
    ]
    by_the_cooperative = [replace(one, person_id="marta") for one in [*six, *seventh]]
    assert [one.level for one in broken("R7", by_the_cooperative, **whole)] == ["W"]


def test_r7_shows_that_one_social_worker_cannot_hold_the_line_alone() -> None:
    always = [on(LUCIA, f"2026-12-{day:02}T00:00", f"2026-12-{day + 1:02}T00:00") for day in range(1, 31)]
    assert [one.text for one in broken("R7", always)] == ["on call 60 times in 2026-12, 6 at most"]


def test_r8_lets_on_call_time_be_split_into_four_hours_but_not_less() -> None:
    assert not broken("R8", [on(LUCIA, "2026-12-01T08:00", "2026-12-01T12:00")])
    assert told(broken("R8", [on(LUCIA, "2026-12-01T08:00", "2026-12-01T11:00")])) == [
        "E lucia 01 08:00-01 11:00: on call for 3 hours, 4 at least"
    ]
    touching = [
        on(LUCIA, "2026-12-01T08:00", "2026-12-01T11:00"),
        on(LUCIA, "2026-12-01T11:00", "2026-12-01T13:00"),
    ]
    assert not broken("R8", touching)
    assert not broken("R8", [on(LUCIA, "2026-11-29T08:00", "2026-11-29T11:00")]), "before what is proved"


def test_r9_a_holiday_on_call_earns_a_day_of_rest_from_midnight_on() -> None:
    eve = nights(LUCIA, "2026-12-24")
    assert told(broken("R9", eve)) == [
        "W lucia 25 00:00-25 08:00: on call on the holiday 2026-12-25, a day of rest is due"
    ]
    assert not broken("R9", nights(MARTA, "2026-12-24")), "the cooperatives' contract does not say so"


def test_r11_nobody_is_on_duty_while_away_to_the_minute() -> None:
    sick = Absence("anna", wall("2026-12-01T10:30"), wall("2026-12-03T00:00"), AbsenceKind.SICKNESS)
    assert told(broken("R11", [on(ANNA, "2026-12-01T08:00", "2026-12-01T12:00")], absences=[sick])) == [
        "E anna 01 10:30-01 12:00: on duty while away"
    ]
    assert not broken("R11", [on(BRUNO, "2026-12-01T08:00", "2026-12-01T12:00")], absences=[sick])


def test_r12_a_volunteer_listens_four_hours_by_day_and_eight_by_night_of_the_wall() -> None:
    autumn = {"first": "2026-10-01T00:00", "last": "2026-11-01T00:00"}
    nine_real_hours = on(ANNA, "2026-10-25T00:00", "2026-10-25T08:00")
    assert not broken("R12", [nine_real_hours], **autumn)
    assert told(broken("R12", [on(ANNA, "2026-10-20T08:00", "2026-10-20T13:00")], **autumn)) == [
        "W anna 20 08:00-20 13:00: 5 hours on a day shift, 4 at most"
    ]
    evening = on(ANNA, "2026-10-20T20:00", "2026-10-21T00:00")
    assert not broken("R12", [evening], **autumn)


def test_r12_three_days_and_one_night_a_month() -> None:
    days = [on(ANNA, f"2026-12-{day:02}T08:00", f"2026-12-{day:02}T12:00") for day in (1, 8, 15, 22)]
    two = nights(ANNA, "2026-12-10", "2026-12-20", starts="23:00", ends="06:00")
    assert told(broken("R12", [*days, *two])) == [
        "W anna 20 23:00-21 06:00: 2 night shifts in 2026-12, 1 at most",
        "W anna 22 08:00-22 12:00: 4 day shifts in 2026-12, 3 at most",
    ]


def test_r13_training_must_be_valid_on_the_day() -> None:
    until = {"anna": replace(TERMS["anna"], training_until=date(2026, 12, 10))}
    rota = [on(ANNA, f"2026-12-{day}T08:00", f"2026-12-{day}T12:00") for day in (10, 11)]
    assert told(broken("R13", rota, terms=until)) == [
        "E anna 11 08:00-11 12:00: the training was valid until 2026-12-10"
    ]
    never = {"anna": replace(TERMS["anna"], training_until=None)}
    assert [one.text for one in broken("R13", rota, terms=never)] == ["no training is recorded"]


def test_r14_nobody_is_volunteer_and_paid() -> None:
    as_other = replace(on(ANNA, "2026-12-01T08:00", "2026-12-01T12:00"), role="social_worker")
    assert told(broken("R14", [as_other])) == [
        "E anna 01 08:00-01 12:00: a volunteer on a social worker's shift"
    ]
    back = replace(on(MARTA, "2026-12-01T08:00", "2026-12-01T12:00"), role="volunteer")
    assert [one.text for one in broken("R14", [back])] == ["a volunteer's shift under a cooperative contract"]


def test_r15_somebody_new_is_not_alone_for_three_shifts_nor_at_night_for_a_month() -> None:
    new = {"anna": replace(TERMS["anna"], started_on=date(2026, 12, 1))}
    shifts = [on(ANNA, f"2026-12-0{day}T08:00", f"2026-12-0{day}T12:00") for day in (1, 2, 3, 4)]
    beside = [
        on(BRUNO, "2026-12-01T08:00", "2026-12-01T12:00"),
        on(BRUNO, "2026-12-02T09:00", "2026-12-02T12:00"),
    ]
    assert told(broken("R15", [*shifts, *beside], terms=new)) == [
        "W anna 02 08:00-02 09:00: shift 2 of somebody new, without another volunteer who is not new",
        "W anna 03 08:00-03 12:00: shift 3 of somebody new, without another volunteer who is not new",
    ]
    both = new | {"bruno": replace(TERMS["bruno"], started_on=date(2026, 12, 1))}
    assert len(broken("R15", [shifts[0], beside[0]], terms=both)) == 2, "two who are new are no pair"
    night = nights(ANNA, "2026-12-20", starts="23:00", ends="06:00")
    assert [one.text[:27] for one in broken("R15", [*shifts, *beside, *night], terms=new)][-1] == (
        "a night within the first mo"
    )


def test_r16_no_two_nights_running_for_a_volunteer_also_over_the_new_year() -> None:
    two = nights(ANNA, "2026-12-30", "2026-12-31", starts="00:30", ends="06:00")
    running = nights(ANNA, "2026-12-14", "2026-12-15", starts="23:00", ends="06:00")
    assert told(broken("R16", running)) == ["W anna 15 00:00-16 00:00: 2 nights running, 1 at most"]
    assert not broken("R16", nights(ANNA, "2026-12-14", "2026-12-16", starts="23:00", ends="06:00"))
    assert broken("R16", two, last="2027-01-02T00:00")
    evenings = nights(ANNA, "2026-12-14", "2026-12-15", ends="00:00")
    assert not broken("R16", evenings), "an evening until midnight is no night"


def test_r16_a_day_without_a_new_shift_after_a_heavy_call() -> None:
    heavy = called_out(ANNA, "2026-12-01T11:00", "2026-12-01T11:40", heavy=True)
    soon = on(ANNA, "2026-12-02T08:00", "2026-12-02T12:00")
    assert told(broken("R16", [soon], heavy)) == [
        "W anna 01 11:40-02 11:40: a shift begins 20.3 hours after a heavy call, 24 are due"
    ]
    assert not broken("R16", [soon], replace(heavy, heavy=False))
    assert not broken("R16", [on(ANNA, "2026-12-02T12:00", "2026-12-02T16:00")], heavy)


def test_r17_a_social_worker_holds_two_nights_running_and_seven_days() -> None:
    three = nights(LUCIA, "2026-12-01", "2026-12-02", "2026-12-03")
    assert told(broken("R17", three)) == ["W lucia 03 00:00-04 00:00: 3 nights running, 2 at most"]
    assert not broken("R17", three[:2])
    days = [on(LUCIA, f"2026-12-{day:02}T09:00", f"2026-12-{day:02}T17:00") for day in range(1, 9)]
    assert told(broken("R17", days)) == ["W lucia 08 00:00-09 00:00: on duty 8 days running, 7 at most"]
    assert not broken("R17", days[:7])


def test_r18_a_phone_that_never_answered_a_test_is_named_once() -> None:
    untested = {"anna": replace(TERMS["anna"], phone_verified_at=None)}
    rota = [on(ANNA, f"2026-12-{day}T08:00", f"2026-12-{day}T12:00") for day in (10, 20)]
    assert told(broken("R18", rota, terms=untested)) == [
        "E anna 10 08:00-20 12:00: no key was ever pressed on this phone in a test call"
    ]


def test_r20_somebody_on_duty_can_answer_a_woman_who_asks_for_one() -> None:
    woman = {"bruno": replace(TERMS["bruno"], qualifications=frozenset({Qualification.WOMAN}))}
    rota = [on(BRUNO, "2026-12-01T08:00", "2026-12-01T12:00")]
    assert told(broken("R20", rota, terms=woman, first="2026-12-01T08:00", last="2026-12-01T13:00")) == [
        "W all 01 12:00-01 13:00: nobody on duty has the qualification woman"
    ]


def test_a_profile_may_soften_a_rule_or_switch_it_off() -> None:
    shipped = shipped_rules()
    rota = [on(LUCIA, "2026-12-01T08:00", "2026-12-01T11:00")]
    for level, expected in (("W", ["W"]), ("off", [])):
        softer = replace(shipped.contracts["municipal"], levels={"R8": level})
        rules = replace(shipped, contracts={**shipped.contracts, "municipal": softer})
        assert [one.level for one in broken("R8", rota, rules=rules)] == expected


def test_where_every_hour_on_duty_is_work_the_rest_is_counted_from_the_shifts() -> None:
    shipped = shipped_rules()
    works = replace(
        shipped,
        contracts={**shipped.contracts, "municipal": replace(shipped.contracts["municipal"], duty="worked")},
    )
    rota = [*nights(LUCIA, "2026-12-01"), on(LUCIA, "2026-12-02T14:00", "2026-12-02T20:00")]
    assert not broken("R2", rota)
    assert [one.person_id for one in broken("R2", rota, rules=works)] == ["lucia"]
    assert not broken("R7", nights(LUCIA, *(f"2026-12-{day:02}" for day in range(1, 29, 3))), rules=works)


people = st.sampled_from([ANNA, BRUNO, LUCIA, MARTA])
hours = st.lists(st.tuples(people, st.integers(0, 500), st.integers(1, 30), st.booleans()), max_size=12)
days = st.dates(date(2026, 1, 1), date(2036, 1, 1))


@settings(max_examples=40, deadline=None)
@given(day=days, duties=hours, work=hours)
def test_whatever_the_rota_only_those_in_it_are_named_within_what_was_asked_in_any_order(
    day: date, duties: list[tuple[Person, int, int, bool]], work: list[tuple[Person, int, int, bool]]
) -> None:
    start = wall(f"{day}T00:00")

    def span(after: int, length: int) -> tuple[datetime, datetime]:
        return start + timedelta(hours=after), start + timedelta(hours=after + length)

    shifts = [Shift(one.id, one.role, *span(after, length)) for one, after, length, _ in duties]
    periods = [WorkedPeriod(one.id, *span(after, length), heavy) for one, after, length, heavy in work]
    last = start + timedelta(days=21)
    found = broken_rules(shifts, PEOPLE, TERMS, (), ROME, HOLIDAYS, start, last, periods)
    assert all(one.starts_at < one.ends_at and one.starts_at < last and start < one.ends_at for one in found)
    assert found == broken_rules(shifts[::-1], PEOPLE, TERMS, (), ROME, HOLIDAYS, start, last, periods[::-1])
    concerned = {one.id for one, *_ in [*duties, *work]}
    assert {one.person_id for one in found} - {None} <= concerned
