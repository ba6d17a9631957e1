"""Whose phone rings for a call, in which order, at which second, and whose does not?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hotline.simulator.phones import Phone, Town, asleep, busy, declines, off, voicemail
from tests.conftest import NIGHT_IN_NOVEMBER
from tests.stories.conftest import ROME, Hire
from tests.stories.listening import all_rings, first_rings
from tests.stories.records import Record

MONDAY_MORNING = datetime(2026, 11, 23, 11, 0, tzinfo=ROME)
Written = Callable[[], Record]
DIAL_SECONDS = 1.0
"""From our request until the phone is heard ringing."""

NIGHT_PLANS = {
    "": [("Anna", 0), ("Bruno", 1), ("Lucia", 25), ("Carla", 60)],
    "1": [("Lucia", 0), ("Anna", 1), ("Bruno", 2), ("Carla", 60)],
    "2": [("Lucia", 0), ("Anna", 1), ("Bruno", 2), ("Carla", 60)],
    "3": [("Anna", 0), ("Bruno", 1), ("Lucia", 25), ("Carla", 60)],
    "4": [("Anna", 0), ("Bruno", 1), ("Lucia", 25), ("Carla", 60)],
    "5": [("Anna", 0), ("Bruno", 1)],
    "7": [("Lucia", 0), ("Anna", 25), ("Bruno", 26), ("Carla", 60)],
    "0": [("Anna", 0), ("Bruno", 1), ("Lucia", 25), ("Carla", 60)],
}
DAY_PLANS = {
    key: [("Anna", 0), ("Bruno", 1), ("Lucia", 40), ("Carla", 70)]
    for key in ("", "1", "2", "3", "4", "5", "0")
} | {"7": [("Lucia", 0), ("Anna", 40), ("Bruno", 41), ("Carla", 70)]}
PLANS = [
    pytest.param(moment, key, plan, id=f"{band}-{key or 'silence'}")
    for band, moment, plans in (("night", NIGHT_IN_NOVEMBER, NIGHT_PLANS), ("day", MONDAY_MORNING, DAY_PLANS))
    for key, plan in plans.items()
]
one_long_ring = pytest.mark.parametrize("settings", [{"ring_seconds": 120}])


@one_long_ring
@pytest.mark.parametrize(("starts_at", "key", "plan"), PLANS)
def test_every_category_rings_its_people_at_their_second(
    caller: Phone,
    town: Town,
    anna: Phone,
    bruno: Phone,
    lucia: Phone,
    carla: Phone,
    key: str,
    plan: list[tuple[str, float]],
) -> None:
    caller.dials()
    if key:
        town.passes(2)
        caller.presses(key)
        began = town.exchange.now()
    else:
        began = anna.rings() - timedelta(seconds=DIAL_SECONDS)
    town.passes(100)
    rings = first_rings(town, began)
    assert list(rings) == [name for name, _ in plan]
    for name, second in plan:
        assert second + DIAL_SECONDS <= rings[name] <= second + DIAL_SECONDS + 2


def test_a_tier_joins_sooner_when_no_phone_is_alive(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, carla: Phone
) -> None:
    anna.is_now(off)
    bruno.is_now(busy)
    caller.dials()
    caller.presses("4")
    began = town.exchange.now()
    lucia.rings(within=6)
    lucia.declines()
    carla.rings(within=3)
    assert first_rings(town, began)["Carla"] < 10


def test_the_earlier_phones_keep_ringing_when_a_tier_joins_and_may_still_win(
    caller: Phone, town: Town, anna: Phone, lucia: Phone
) -> None:
    caller.dials()
    caller.presses("3")
    lucia.rings(within=28)
    assert anna.is_ringing()
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    lucia.stops_ringing()


def test_a_voicemail_box_wins_nothing(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone
) -> None:
    anna.is_now(voicemail(after=5))
    caller.dials()
    caller.presses("3")
    town.passes(20)
    caller.talks_with_nobody()
    lucia.rings(within=20)
    lucia.answers()
    lucia.presses("1")
    caller.talks_with(lucia)


@pytest.mark.parametrize("key", ["", "1", "3", "5", "7"])
def test_an_empty_tier_is_skipped_at_once(caller: Phone, town: Town, carla: Phone, key: str) -> None:
    caller.dials()
    if key:
        caller.presses(key)
    carla.rings(within=20)
    assert (town.exchange.now() - caller.handset.utterances[0].started_at).total_seconds() <= 18


def test_without_volunteers_the_social_worker_rings_at_once(caller: Phone, town: Town, lucia: Phone) -> None:
    caller.dials()
    caller.presses("4")
    lucia.rings(within=2)
    lucia.answers()
    lucia.presses("1")
    caller.talks_with(lucia)


def test_information_at_night_without_volunteers_still_reaches_somebody(
    caller: Phone, town: Town, lucia: Phone, carla: Phone
) -> None:
    caller.dials()
    caller.presses("5")
    lucia.rings(within=3)
    lucia.answers()
    lucia.hears("Informazioni")
    lucia.presses("1")
    caller.talks_with(lucia)


def test_information_at_night_whose_volunteers_have_their_phones_off_keeps_trying_them(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone, written: Written
) -> None:
    anna.is_now(off)
    caller.dials()
    caller.presses("5")
    town.passes(150)
    lucia.never_rang()
    assert written().rung.count("Anna") >= 2


def test_with_nobody_on_duty_the_last_resort_rings(caller: Phone, town: Town, hire: Hire) -> None:
    hire("Lucia", 3, "social_worker", shift=None)
    ezio = hire("Ezio", 5, "volunteer", shift=None, last_resort="yes")
    caller.dials()
    ezio.rings(within=20)
    town["Lucia"].never_rang()


def test_a_coordinator_on_shift_spares_those_of_last_resort(
    caller: Phone, town: Town, hire: Hire, anna: Phone, carla: Phone
) -> None:
    dario = hire("Dario", 6, "coordinator")
    caller.dials()
    town.passes(180)
    assert dario.times_rung() >= 2
    carla.never_rang()


def test_nobody_rings_in_two_tiers(caller: Phone, town: Town, hire: Hire, written: Written) -> None:
    anna = hire("Anna", 1, "volunteer", last_resort="yes")
    hire("Dario", 6, "coordinator", shift=None, last_resort="yes")
    caller.dials()
    anna.declines(within=40)
    town.passes(70)
    record = written()
    roles = {(attempt.name, attempt.role) for attempt in record.attempts}
    assert roles == {("Anna", "volunteer"), ("Dario", "coordinator")}


def test_one_call_a_second_leaves_and_the_order_is_the_priority(
    caller: Phone, town: Town, hire: Hire, lucia: Phone
) -> None:
    for number in range(10, 16):
        hire(f"V{number}", number, "volunteer")
    caller.dials()
    caller.presses("1")
    began = town.exchange.now()
    town.passes(12)
    rings = first_rings(town, began)
    assert list(rings) == ["Lucia", "V10", "V11", "V12", "V13", "V14", "V15"]
    assert list(rings.values()) == [pytest.approx(second) for second in range(1, 8)]


def test_who_speaks_the_language_rings_first(caller: Phone, town: Town, hire: Hire, anna: Phone) -> None:
    hire("Lucia", 3, "social_worker", "it")
    hire("Marie", 7, "social_worker", "it;fr")
    caller.dials()
    caller.presses("9")
    town.passes(3)
    caller.presses("2")
    town.passes(40)
    rings = first_rings(town, caller.handset.utterances[0].started_at)
    assert list(rings) == ["Anna", "Marie", "Lucia"]
    assert rings["Lucia"] - rings["Marie"] == pytest.approx(1)


def test_who_was_rung_longest_ago_rings_first(
    caller: Phone, town: Town, anna: Phone, bruno: Phone, hire: Hire
) -> None:
    caller.dials()
    caller.presses("3")
    anna.rings(within=2)
    caller.hangs_up()
    town.everybody_hung_up()
    assert anna.times_rung() == 1
    town.passes(600)
    ada = hire("Zoe", 8, "volunteer")
    began = town.exchange.now()
    caller.dials()
    caller.presses("3")
    town.passes(10)
    order = list(first_rings(town, began))
    assert order[0] == "Zoe"
    assert ada.times_rung() == 1


def test_the_callers_own_phone_is_never_rung_for_their_own_call(
    town: Town, anna: Phone, bruno: Phone, lucia: Phone, written: Written
) -> None:
    anna.dials()
    anna.presses("3")
    town.passes(180)
    anna.never_rang()
    assert "Anna" not in written().rung
    assert bruno.times_rung() >= 2
    bruno.answers(within=60)
    bruno.presses("1")
    anna.talks_with(bruno)


def test_a_volunteer_alone_on_duty_who_calls_reaches_the_next_tier(
    town: Town, anna: Phone, lucia: Phone
) -> None:
    anna.dials()
    anna.presses("5")
    lucia.answers(within=5)
    lucia.presses("1")
    anna.talks_with(lucia)


def test_a_number_abroad_is_never_rung(
    caller: Phone, town: Town, hire: Hire, anna: Phone, written: Written
) -> None:
    pierre = hire("Pierre", "+33600000001", "volunteer", "fr")
    caller.dials()
    town.passes(180)
    pierre.never_rang()
    assert set(written().rung) == {"Anna"}


@pytest.mark.parametrize("settings", [{"allowed_countries": "IT,FR"}])
def test_a_number_abroad_rings_where_that_country_is_allowed(
    caller: Phone, town: Town, hire: Hire, anna: Phone
) -> None:
    pierre = hire("Pierre", "+33600000001", "volunteer", "fr")
    caller.dials()
    pierre.rings(within=20)


def test_who_comes_on_duty_during_the_call_is_rung_as_well(
    caller: Phone, town: Town, hire: Hire, anna: Phone, starts_at: datetime
) -> None:
    change = starts_at + timedelta(seconds=50)
    dora = hire("Dora", 9, "volunteer", shift=(change, change + timedelta(hours=4)))
    caller.dials()
    caller.presses("4")
    town.passes(49)
    dora.never_rang()
    dora.rings(within=20)


def test_the_one_on_duty_at_the_tiers_start_rings_not_the_one_at_the_calls(
    caller: Phone, town: Town, hire: Hire, anna: Phone, starts_at: datetime
) -> None:
    change = starts_at + timedelta(seconds=15)
    hire("Lucia", 3, "social_worker", shift=(starts_at - timedelta(hours=7), change))
    sara = hire("Sara", 10, "social_worker", shift=(change, starts_at + timedelta(hours=7)))
    caller.dials()
    caller.presses("4")
    sara.rings(within=30)


def test_a_volunteer_whose_shift_ends_during_the_call_keeps_ringing_and_may_win(
    caller: Phone, town: Town, hire: Hire, starts_at: datetime
) -> None:
    anna = hire(
        "Anna", 1, "volunteer", shift=(starts_at - timedelta(hours=7), starts_at + timedelta(seconds=10))
    )
    caller.dials()
    caller.presses("4")
    town.passes(20)
    assert anna.is_ringing()
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)


def test_ten_minutes_after_the_shift_only_those_now_on_duty_are_rung_again(
    caller: Phone, town: Town, hire: Hire, starts_at: datetime
) -> None:
    change = starts_at + timedelta(seconds=20)
    anna = hire("Anna", 1, "volunteer", shift=(starts_at - timedelta(hours=7), change))
    dora = hire("Dora", 9, "volunteer", shift=(change, change + timedelta(hours=4)))
    caller.dials()
    caller.presses("4")
    town.passes(620)
    rung_before, dora_before = anna.times_rung(), dora.times_rung()
    assert rung_before >= 5
    town.passes(300)
    assert anna.times_rung() <= rung_before + 1
    assert dora.times_rung() >= dora_before + 3


def test_when_nobody_follows_the_last_shift_its_people_are_still_rung(
    caller: Phone, town: Town, hire: Hire, starts_at: datetime
) -> None:
    anna = hire(
        "Anna", 1, "volunteer", shift=(starts_at - timedelta(hours=7), starts_at + timedelta(seconds=20))
    )
    caller.dials()
    caller.presses("4")
    town.passes(700)
    before = anna.times_rung()
    town.passes(300)
    assert anna.times_rung() >= before + 3


def test_a_call_that_begins_after_the_shift_does_not_ring_its_people(
    caller: Phone, town: Town, hire: Hire, carla: Phone, starts_at: datetime
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=(starts_at - timedelta(hours=7), starts_at))
    caller.dials()
    caller.presses("4")
    carla.rings(within=3)
    anna.never_rang()


THREE_IN_AUTUMN = datetime(2026, 10, 25, 3, 0, tzinfo=ROME)
THREE_IN_SPRING = datetime(2026, 3, 29, 3, 0, tzinfo=ROME)


@pytest.mark.parametrize(
    ("three", "starts_at"),
    [(three, three.astimezone(UTC) - timedelta(minutes=2)) for three in (THREE_IN_AUTUMN, THREE_IN_SPRING)],
    ids=["two o'clock comes twice", "two o'clock is missing"],
)
def test_on_the_night_the_clocks_change_a_shift_ends_when_the_wall_clock_says_so(
    caller: Phone, town: Town, hire: Hire, three: datetime
) -> None:
    anna = hire("Anna", 1, "volunteer", shift=(three.replace(hour=0), three))
    bruno = hire("Bruno", 2, "volunteer", shift=(three, three.replace(hour=8)))
    town.passes(60)
    caller.dials()
    caller.presses("4")
    anna.rings(within=2)
    caller.hangs_up()
    town.everybody_hung_up()
    bruno.never_rang()
    town.passes(60)
    caller.dials()
    caller.presses("4")
    bruno.rings(within=2)
    assert anna.times_rung() == 1


@pytest.mark.parametrize("starts_at", [datetime(2026, 10, 25, 7, 59, 0, tzinfo=ROME)])
def test_a_tier_that_starts_after_eight_in_the_morning_follows_the_day(
    caller: Phone, town: Town, hire: Hire, lucia: Phone, anna: Phone
) -> None:
    caller.dials()
    town.passes(62)
    caller.presses("1")
    town.passes(3)
    assert lucia.times_rung() >= 1


def test_a_busy_phone_is_asked_again_soon(caller: Phone, town: Town, anna: Phone, lucia: Phone) -> None:
    anna.is_now(busy)
    caller.dials()
    caller.presses("4")
    town.passes(5)
    anna.is_now(asleep)
    anna.rings(within=25)


def test_who_declines_is_asked_again_within_three_minutes(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    anna.is_now(declines())
    caller.dials()
    caller.presses("4")
    began = town.exchange.now()
    town.passes(180)
    assert 2 <= len(all_rings(anna, began)) <= 4


def test_a_freed_responder_gets_the_most_urgent_waiting_call_first(
    caller: Phone, town: Town, anna: Phone
) -> None:
    first = town.phone("Serafina", "+393400000090")
    urgent = town.phone("Urgent", "+393400000091")
    caller.dials()
    caller.presses("4")
    anna.answers(within=3)
    anna.presses("1")
    caller.talks_with(anna)
    first.dials()
    first.presses("4")
    town.passes(10)
    urgent.dials()
    urgent.presses("1")
    town.passes(10)
    assert anna.times_rung() == 1
    caller.hangs_up()
    anna.hung_up()
    anna.rings(within=15)
    anna.answers()
    anna.hears("Violenza")
    anna.presses("1")
    urgent.talks_with(anna)
    urgent.hangs_up()
    anna.hears("Due serve subito l'assistente sociale")
    anna.hung_up(within=20)
    anna.answers(within=15)
    anna.hears("Letto, pasto")
    anna.presses("1")
    first.talks_with(anna)


def test_the_oldest_of_equal_calls_comes_first(caller: Phone, town: Town, anna: Phone) -> None:
    older, newer = town.phone("Older", "+393400000090"), town.phone("Newer", "+393400000091")
    caller.dials()
    caller.presses("4")
    anna.answers(within=3)
    anna.presses("1")
    caller.talks_with(anna)
    older.dials()
    older.presses("3")
    town.passes(7)
    newer.dials()
    newer.presses("4")
    town.passes(20)
    caller.hangs_up()
    anna.hung_up()
    anna.answers(within=15)
    anna.presses("1")
    older.talks_with(anna)
    newer.talks_with_nobody()


def test_when_all_are_talking_the_caller_is_told_so(caller: Phone, town: Town, anna: Phone) -> None:
    other = town.phone("Other", "+393400000090")
    other.dials()
    other.presses("4")
    anna.answers(within=3)
    anna.presses("1")
    other.talks_with(anna)
    caller.dials()
    caller.hears("Le persone di turno parlano con altri", within=60)
    town.passes(120)
    assert anna.times_rung() == 1


def test_two_callers_at_once_each_reach_a_person(
    caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    other = town.phone("Other", "+393400000090")
    caller.dials()
    caller.presses("3")
    other.dials()
    other.presses("4")
    anna.answers(within=5)
    anna.presses("1")
    caller.talks_with(anna)
    bruno.answers(within=40)
    bruno.presses("1")
    other.talks_with(bruno)
