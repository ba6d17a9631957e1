"""Are hours counted once, as what they are, also where night, holiday, month and clocks change?"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.ambito import NightHours
from hotline.contract_rules import Weights, shipped_rules
from hotline.errors import BadInput
from hotline.oncall.cover import Withdrawal
from hotline.oncall.festive import festive_days
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.proof.fairness import share_lines, shares
from hotline.oncall.proof.hours import Calendar, HourKind, days_span
from hotline.oncall.proof.pay import Month, as_csv, pay_lines, read_month
from hotline.oncall.proof.served import served
from hotline.oncall.proof.spans import Span, hours_of
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.terms import Contract, Terms

ROME = ZoneInfo("Europe/Rome")
HOLIDAYS = frozenset(festive_days((), date(2026, 1, 1), date(2036, 12, 31), "IT"))
CALENDAR = Calendar(ROME, HOLIDAYS, NightHours.parse("20:00-08:00"))
CONTRACTS = shipped_rules().contracts
WEIGHTS = Weights(night_extra_percent=50, holiday_extra_percent=100, heavy_call_hours=4)
ANNA = Person("anna", "Anna", "+393400000001", "volunteer", ("it",), last_resort=False)
LUCIA = Person("lucia", "Lucia", "+393400000003", "social_worker", ("it",), last_resort=False)
ZOE = Person("zoe", "Zoe", "+393400000004", "social_worker", ("it",), last_resort=False)
PEOPLE = (LUCIA, ZOE, ANNA)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def span(starts: str, ends: str) -> Span:
    return Span(wall(starts), wall(ends))


def kinds(starts: str, ends: str) -> dict[str, float]:
    return {kind.value: many for kind, many in CALENDAR.hours_by_kind([span(starts, ends)]).items() if many}


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        # A Thursday night, twelve hours.
        ("2026-11-19T20:00", "2026-11-20T08:00", {"night": 12}),
        # Saturday 18:00 to Sunday 10:00: Sunday begins at midnight.
        (
            "2026-11-21T18:00",
            "2026-11-22T10:00",
            {"weekday": 2, "night": 4, "holiday_night": 8, "holiday": 2},
        ),
        # The autumn night, a Saturday to a Sunday: Sunday's part is nine hours long, thirteen in all.
        ("2026-10-24T20:00", "2026-10-25T08:00", {"night": 4, "holiday_night": 9}),
        # The spring night, to Palm Sunday: seven hours, eleven in all.
        ("2027-03-27T20:00", "2027-03-28T08:00", {"night": 4, "holiday_night": 7}),
        # New Year's Eve is an ordinary evening until midnight.
        (
            "2026-12-31T18:00",
            "2027-01-01T09:00",
            {"weekday": 2, "night": 4, "holiday_night": 8, "holiday": 1},
        ),
        # Christmas eve to Santo Stefano, Thursday to Saturday.
        ("2026-12-24T20:00", "2026-12-26T08:00", {"night": 4, "holiday_night": 20, "holiday": 12}),
    ],
)
def test_hours_that_can_be_counted_by_hand(starts: str, ends: str, expected: dict[str, float]) -> None:
    assert kinds(starts, ends) == expected


moments = st.integers(0, 3650 * 24 * 60).map(
    lambda minute: wall("2026-01-01T00:00") + timedelta(minutes=minute)
)


@settings(max_examples=60, deadline=None)
@given(first=moments, minutes=st.integers(1, 4000))
def test_every_minute_of_ten_years_is_of_exactly_one_kind(first: datetime, minutes: int) -> None:
    whole = Span(first, first + timedelta(minutes=minutes))
    pieces = list(CALENDAR.kinds(whole))
    assert [one.starts_at for one, _ in pieces] == [whole.starts_at, *(one.ends_at for one, _ in pieces[:-1])]
    assert pieces[-1][0].ends_at == whole.ends_at
    for piece, kind in pieces:
        middle = (piece.starts_at + piece.length / 2).astimezone(ROME)
        festive = middle.weekday() == 6 or middle.date() in HOLIDAYS
        night = middle.hour >= 20 or middle.hour < 8
        assert (
            kind
            == {
                (False, False): HourKind.WEEKDAY,
                (False, True): HourKind.NIGHT,
                (True, False): HourKind.HOLIDAY,
                (True, True): HourKind.HOLIDAY_NIGHT,
            }[festive, night]
        )


def test_shares_are_told_in_the_order_of_the_alphabet_with_what_nights_and_heavy_calls_weigh() -> None:
    on = {
        ("zoe", "social_worker"): (span("2026-11-16T08:00", "2026-11-16T20:00"),),
        ("lucia", "social_worker"): (span("2026-11-19T20:00", "2026-11-20T08:00"),),
    }
    heavy = WorkedPeriod("zoe", wall("2026-11-16T09:00"), wall("2026-11-16T10:00"), heavy=True)
    assert share_lines(shares(PEOPLE, on, [heavy], CALENDAR, WEIGHTS)) == [
        "name   role             hours    night  holiday  heavy  weighted",
        "Anna   volunteer          0.0      0.0      0.0      0       0.0",
        "Lucia  social_worker     12.0     12.0      0.0      0      18.0",
        "Zoe    social_worker     12.0      0.0      0.0      1      16.0",
    ]


def test_the_night_of_a_holiday_weighs_as_a_night_and_as_a_holiday() -> None:
    on = {("anna", "volunteer"): (span("2026-12-25T00:00", "2026-12-25T10:00"),)}
    assert shares((ANNA,), on, (), CALENDAR, WEIGHTS)[0].weighted == 8 * 2.5 + 2 * 2


def test_whoever_could_not_served_until_they_said_so_and_again_from_when_they_could() -> None:
    day = span("2026-11-16T00:00", "2026-11-17T00:00")
    shift = Shift("lucia", "social_worker", wall("2026-11-16T08:00"), wall("2026-11-16T20:00"))

    def said(back: str | None) -> Withdrawal:
        return Withdrawal(
            *(
                "w",
                "lucia",
                "social_worker",
                shift.starts_at,
                wall("2026-11-16T14:00"),
                shift.ends_at,
                "phone",
            ),
            last_one=False,
            back_at=None if back is None else wall(back),
        )

    for back, hours in ((None, 6), ("2026-11-16T16:00", 10)):
        assert hours_of(served([shift], [said(back)], day)["lucia", "social_worker"]) == hours


def pay(month: str, contract: Contract, duty: list[Span], *outs: Span) -> list[str]:
    first, last = read_month(month)
    window = days_span(first, last, ROME)
    shifts = [Shift("lucia", "social_worker", one.starts_at, one.ends_at) for one in duty]
    worked = [WorkedPeriod("lucia", one.starts_at, one.ends_at) for one in outs]
    record = Month(CALENDAR, window, served(shifts, (), window), worked)
    terms = {"lucia": Terms("lucia", contract)}
    return as_csv(pay_lines(record, PEOPLE, terms, CONTRACTS), CALENDAR).splitlines()


def test_the_pay_record_counts_each_hour_of_the_month_once_and_names_the_call_outs() -> None:
    lines = pay(
        "2026-11",
        Contract.MUNICIPAL,
        [span("2026-10-31T20:00", "2026-11-01T08:00"), span("2026-11-19T20:00", "2026-11-20T08:00")],
        span("2026-11-20T03:00", "2026-11-20T03:45"),
        span("2026-11-20T11:00", "2026-11-20T12:00"),
    )
    assert lines == [
        "person,contract,what,starts_at,ends_at,amount,unit",
        "Lucia,municipal,on_call_weekday,,,0.00,h",
        "Lucia,municipal,on_call_night,,,12.00,h",
        "Lucia,municipal,on_call_holiday,,,0.00,h",
        "Lucia,municipal,on_call_holiday_night,,,8.00,h",
        "Lucia,municipal,call_out,2026-11-20T03:00:00+01:00,2026-11-20T03:45:00+01:00,0.75,h",
        "Lucia,municipal,call_out,2026-11-20T11:00:00+01:00,2026-11-20T12:00:00+01:00,1.00,h",
        "Lucia,municipal,rest_due_hours,,,0.75,h",
        "Lucia,municipal,rest_due_days,,,1,days",
    ]


def test_a_month_with_the_autumn_night_has_an_hour_more_and_volunteers_are_not_paid() -> None:
    lines = pay("2026-10", Contract.COOPERATIVE, [span("2026-10-24T20:00", "2026-10-25T08:00")])
    amounts = {line.split(",")[2]: line.split(",")[5] for line in lines[1:]}
    assert (amounts["on_call_night"], amounts["on_call_holiday_night"]) == ("4.00", "9.00")
    assert amounts["rest_due_days"] == "0", "the cooperatives' contract does not say so"
    assert pay("2026-10", Contract.VOLUNTEER, [span("2026-10-24T20:00", "2026-10-25T08:00")]) == lines[:1]


@pytest.mark.parametrize("text", ["2026", "2026-13", "11-2026", "november"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="write it as 2026-11"):
        read_month(text)
