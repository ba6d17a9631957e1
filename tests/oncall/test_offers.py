"""Shifts that are offered, taken, left and traded: who has which second of which shift, whatever happens?"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.audit.tables import changes
from hotline.calls.cover.offer_times import forget_who_was_asked
from hotline.clock import ManualClock
from hotline.contract_rules import shipped_rules
from hotline.database import Database
from hotline.errors import BadInput, TooLate
from hotline.oncall.actions import import_shifts
from hotline.oncall.news import store as news
from hotline.oncall.overrides.verdict import Surroundings
from hotline.oncall.proof.spans import Span
from hotline.oncall.rota.ground import Ground
from hotline.oncall.shifts import Shift
from hotline.oncall.store import on_duty, on_duty_between
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.offer import NEXT, Event, Offer, State
from hotline.oncall.swaps.pace import Step, after_waking_hours, is_quiet, steps
from hotline.oncall.swaps.substitutes import substitutes, wished
from hotline.oncall.swaps.tables import offer_asks
from hotline.oncall.swaps.taking import TakeOutcome, Wanted
from hotline.people.actions import import_people
from hotline.people.person import Person
from hotline.people.store import everybody
from hotline.people.terms import Absence, AbsenceKind, Contract, Qualification, Terms, Wish, Wishes
from hotline.profile import load_profile

ROME = ZoneInfo("Europe/Rome")
IGLESIAS = load_profile()
_SHIPPED = shipped_rules()
_OFF = {f"R{number}": "off" for number in range(2, 21)}
FREE = replace(
    IGLESIAS,
    rules=replace(
        _SHIPPED,
        contracts={name: replace(one, levels=_OFF) for name, one in _SHIPPED.contracts.items()},
    ),
)
"""Iglesias without the rules of single people: what is left is what cannot be."""

GROUND = Ground(FREE)
HOUR = timedelta(hours=1)
NAMES = ("Anna", "Bruno", "Dora", "Elio", "Fabio")
PEOPLE = "name,phone,role,languages\n" + "".join(
    f"{name},+39 340 000000{number},volunteer,it\n" for number, name in enumerate(NAMES, 1)
)
START = datetime(2026, 3, 1, 19, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def volunteers(database: Database) -> dict[str, Person]:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        return {person.name: person for person in everybody(tx)}


def put_on(database: Database, *shifts: Shift) -> None:
    with database.transaction() as tx:
        phones = {person.id: person.phone for person in everybody(tx)}
        rows = [
            f"{phones[one.person_id]},{one.role},{one.starts_at.isoformat()},{one.ends_at.isoformat()}"
            for one in shifts
        ]
        import_shifts(tx, "\n".join(["phone,role,starts_at,ends_at", *rows, ""]))


def offered(database: Database, wanted: Wanted) -> int:
    with database.transaction() as tx:
        offering = actions.offer(tx, wanted)
    assert offering.offer is not None
    return offering.offer.number


def taken(database: Database, number: int, person: Person, ground: Ground = GROUND) -> TakeOutcome:
    with database.transaction() as tx:
        return actions.take(tx, ground, number, person).outcome


# The life of an offer


def test_nothing_ends_twice_and_only_what_was_taken_is_open_again() -> None:
    assert {state for state, _ in NEXT} == {State.OPEN, State.TAKEN, State.DECIDED}
    assert [pair for pair, after in NEXT.items() if after == State.OPEN] == [
        (State.TAKEN, Event.UNTAKE),
        (State.DECIDED, Event.UNTAKE),
    ]
    assert {event for _, event in NEXT} == set(Event)


def test_a_shift_offered_twice_is_one_offer_and_every_change_is_written_down(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, "an exam"))
    with database.transaction() as tx:
        again = actions.offer(tx, Wanted(night, anna.id, "an exam"))
    assert again.known
    assert again.offer is not None
    assert again.offer.number == number
    assert taken(database, number, anna) == TakeOutcome.OWN
    assert taken(database, number, bruno) == TakeOutcome.YOURS
    assert taken(database, number, bruno) == TakeOutcome.ALREADY
    with database.transaction() as tx:
        assert actions.untake(tx, bruno) is not None
        assert actions.untake(tx, bruno) is None
        offer = store.by_number(tx, number)
        assert offer is not None
        assert actions.withdraw(tx, offer, anna.id, "found somebody else")
        assert not actions.withdraw(tx, offer, anna.id, "found somebody else")
        noted = [
            (row.who, row.before, row.after.partition(":")[0], row.why)
            for row in tx.execute(changes.select().order_by(changes.c.at, changes.c.id))
            if row.what == f"offer {number}"
        ]
    assert noted == [
        (anna.id, None, "offered", "an exam"),
        (bruno.id, "open", f"taken by {bruno.id}", None),
        (bruno.id, f"taken by {bruno.id}", "open again", None),
        (anna.id, "open", "withdraw", "found somebody else"),
    ]


def test_whoever_gave_a_taken_shift_on_cannot_leave_it_and_nobody_is_on_twice(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno, dora = (volunteers[name] for name in ("Anna", "Bruno", "Dora"))
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    taken(database, offered(database, Wanted(night, anna.id, "")), bruno)
    his = replace(night, person_id=bruno.id)
    assert taken(database, offered(database, Wanted(his, bruno.id, "")), dora) == TakeOutcome.YOURS
    with database.transaction() as tx:
        assert actions.untake(tx, bruno) is None
        assert [one.person_id for one in on_duty(tx, night.starts_at)] == [dora.id]
        assert actions.untake(tx, dora) is not None
        assert [one.person_id for one in on_duty(tx, night.starts_at)] == [bruno.id]


def test_an_offer_whose_shift_somebody_else_has_meanwhile_gives_nothing(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno, dora = (volunteers[name] for name in ("Anna", "Bruno", "Dora"))
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    other = Wanted(night, anna.id, "", asked_id=dora.id)
    number = offered(database, other)
    assert taken(database, number, bruno) == TakeOutcome.NOTHING, "somebody else was asked"
    with database.transaction() as tx:
        changes_of_hands = Offer("volunteer", anna.id, night.starts_at, night.ends_at, "", "", tx.now)
        wanted = changes_of_hands.taken_as(bruno.id, "carla", "asked by phone", "group", tx.now)
        _, around = actions.overrides.look_at(tx, GROUND, wanted)
        actions.overrides.put(tx, around, wanted)
    assert taken(database, number, dora) == TakeOutcome.GONE
    with database.reading() as tx:
        assert [one.person_id for one in on_duty(tx, night.starts_at)] == [bruno.id]


def test_only_a_coordinator_decides_and_only_for_a_reason(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, ""))
    with database.transaction() as tx:
        import_people(tx, "name,phone,role,languages\nCarla,+39 340 0000009,coordinator,it\n")
    with database.reading() as tx:
        carla = next(person for person in everybody(tx) if person.name == "Carla")
    for by, reason, wrong in ((bruno, "I want it", "only a coordinator"), (carla, " ", "say why")):
        with pytest.raises(BadInput, match=wrong), database.transaction() as tx:
            actions.consider(tx, GROUND, number, bruno, by, reason)
    given = number, bruno, carla, "nobody else"
    with database.transaction() as tx:
        considered = actions.consider(tx, Ground(IGLESIAS), *given)
        offer = actions.decide(tx, considered, *given)
    assert (offer.state, offer.taken_by) == (State.DECIDED, bruno.id)
    assert any("no training is recorded" in line for line in considered.lines)
    with database.reading() as tx:
        assert news.untold(tx) == (), "whoever decides about an offer has it told as an offer"
    with pytest.raises(TooLate, match="not open"), database.transaction() as tx:
        actions.decide(tx, considered, *given)
    with pytest.raises(TooLate, match="not open"), database.reading() as tx:
        actions.consider(tx, GROUND, *given)


def test_without_training_or_a_tested_phone_a_take_is_refused_and_nothing_changes(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, ""))
    with database.transaction() as tx:
        taking = actions.take(tx, Ground(IGLESIAS), number, bruno)
    assert (taking.outcome, taking.why) == (TakeOutcome.REFUSED, "training")
    assert any("no training is recorded" in line for line in taking.lines)
    with database.reading() as tx:
        assert [one.person_id for one in on_duty(tx, night.starts_at)] == [anna.id]
        offer = store.by_number(tx, number)
    assert offer is not None
    assert offer.state == State.OPEN


def test_who_was_asked_is_forgotten_once_the_shift_is_long_over(
    database: Database, volunteers: dict[str, Person], clock: ManualClock
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, ""))
    with database.transaction() as tx:
        store.ask(tx, number, [bruno.id])
        store.asked(tx, number, bruno.id)
        assert store.asked_for(tx, bruno.id) == store.by_number(tx, number)
    for after, left in ((89, 1), (92, 0)):
        clock.set(START + timedelta(days=after))
        forget_who_was_asked(database)
        with database.reading() as tx:
            assert len(tx.execute(offer_asks.select()).all()) == left


def test_whoever_said_no_is_not_asked_again_and_the_others_keep_their_place(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno, dora, elio = (volunteers[name] for name in ("Anna", "Bruno", "Dora", "Elio"))
    night = Shift(anna.id, "volunteer", START + 24 * HOUR, START + 32 * HOUR)
    put_on(database, night)
    number = offered(database, Wanted(night, anna.id, ""))
    with database.transaction() as tx:
        store.ask(tx, number, [dora.id, bruno.id])
        assert store.to_ask(tx, number) == (dora.id, bruno.id)
        store.asked(tx, number, dora.id)
        store.declined(tx, number, bruno.id)
        assert store.to_ask(tx, number) == ()
        store.ask(tx, number, [elio.id, dora.id])
        assert store.to_ask(tx, number) == (dora.id, elio.id)


# At once


def test_of_many_who_take_it_at_the_same_moment_one_has_it(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, *others = (volunteers[name] for name in NAMES)
    for round_number in range(20):
        starts_at = START + timedelta(days=1 + round_number)
        night = Shift(anna.id, "volunteer", starts_at, starts_at + 8 * HOUR)
        put_on(database, night)
        number = offered(database, Wanted(night, anna.id, ""))
        ready = threading.Barrier(len(others))

        def takes(person: Person, number: int = number, ready: threading.Barrier = ready) -> TakeOutcome:
            ready.wait(5)
            return taken(database, number, person)

        with ThreadPoolExecutor(len(others)) as pool:
            outcomes = list(pool.map(takes, others))
        assert sorted(outcomes) == [TakeOutcome.TAKEN] * 3 + [TakeOutcome.YOURS]
        winner = others[outcomes.index(TakeOutcome.YOURS)]
        with database.reading() as tx:
            assert [one.person_id for one in on_duty(tx, starts_at)] == [winner.id]


def test_a_take_and_a_withdrawal_at_the_same_moment_leave_the_shift_with_one_of_them(
    database: Database, volunteers: dict[str, Person]
) -> None:
    anna, bruno = volunteers["Anna"], volunteers["Bruno"]
    for round_number in range(8):
        starts_at = START + timedelta(days=1 + round_number)
        night = Shift(anna.id, "volunteer", starts_at, starts_at + 8 * HOUR)
        put_on(database, night)
        number = offered(database, Wanted(night, anna.id, ""))
        ready = threading.Barrier(2)

        def takes(number: int = number, ready: threading.Barrier = ready) -> bool:
            ready.wait(5)
            return taken(database, number, bruno) == TakeOutcome.YOURS

        def withdraws(number: int = number, ready: threading.Barrier = ready) -> bool:
            ready.wait(5)
            with database.transaction() as tx:
                offer = store.by_number(tx, number)
                return offer is not None and actions.withdraw(tx, offer, anna.id, "")

        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(takes), pool.submit(withdraws)]
            took, withdrew = (one.result() for one in both)
        assert took != withdrew
        with database.reading() as tx:
            (on,) = on_duty(tx, starts_at)
        assert on.person_id == (bruno.id if took else anna.id)


# Whatever is offered, taken, left, withdrawn and traded, in any order, at any time

SEATS = ((24, 0), (24, 1), (48, 2), (72, 3))
"""Four shifts of eight hours: after so many hours, whose; two at once, and Fabio has none."""

EPOCHS = count()
what = st.sampled_from(["offer", "trade", "take", "untake", "withdraw"])
moves = st.lists(st.tuples(what, st.integers(0, 4), st.integers(0, 9), st.integers(0, 9)), max_size=14)


Hours = dict[tuple[int, datetime], int]
"""Who has which hour of which shift."""

Took = tuple[int, Hours, Hours]
"""Who took it, and the hours that changed hands: before and after."""


class Told:
    """The model: who has which hour of which shift, and what is open; it knows nothing of overrides."""

    def __init__(self, base: datetime, people: list[Person]) -> None:
        self.people = people
        self.hours = {
            (seat, base + (after + hour) * HOUR): owner
            for seat, (after, owner) in enumerate(SEATS)
            for hour in range(8)
        }
        self.open: dict[int, tuple[int, int, int | None, int | None]] = {}

    def spans(self, person: int) -> list[tuple[int, datetime, datetime]]:
        """Return the whole shifts that somebody has alone: seat, begin, end."""
        found = []
        for seat in range(len(SEATS)):
            hours = sorted(at for (which, at), who in self.hours.items() if which == seat and who == person)
            if len(hours) == 8:
                found.append((seat, hours[0], hours[-1] + HOUR))
        return found

    def rest(self, seat: int, now: datetime) -> list[tuple[int, datetime]]:
        """Return what is left of a shift."""
        return [key for key in self.hours if key[0] == seat and key[1] >= now]

    def can_take(self, number: int, taker: int, now: datetime) -> bool:
        """Tell whether taking it is possible: still theirs, and the taker free then."""
        owner, seat, asked, back = self.open[number]
        given, wanted = self.rest(seat, now), self.rest(back, now) if back is not None else []
        if not given or owner == taker or (asked is not None and asked != taker):
            return False
        if any(self.hours[key] != owner for key in given) or any(self.hours[key] != taker for key in wanted):
            return False
        if back is not None and not wanted:
            return False
        return not self._busy(taker, given, wanted) and not self._busy(owner, wanted, given)

    def _busy(self, person: int, gets: list[tuple[int, datetime]], gives: list[tuple[int, datetime]]) -> bool:
        times = {at for _, at in gets}
        return any(who == person and key[1] in times and key not in gives for key, who in self.hours.items())

    def still(self, hours: Hours) -> bool:
        """Tell whether these hours are still of whoever they say."""
        return all(self.hours[key] == who for key, who in hours.items())

    def take(self, number: int, taker: int, now: datetime) -> None:
        """Let the hours change hands."""
        owner, seat, _, back = self.open.pop(number)
        given, wanted = self.rest(seat, now), self.rest(back, now) if back is not None else []
        self.hours |= dict.fromkeys(given, taker) | dict.fromkeys(wanted, owner)


@pytest.mark.usefixtures("volunteers")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps_taken=moves)
def test_every_hour_of_every_shift_is_somebodys_as_the_model_says(
    steps_taken: list[tuple[str, int, int, int]], database: Database, clock: ManualClock
) -> None:
    base = START + timedelta(days=120 * next(EPOCHS))
    clock.set(base)
    with database.reading() as tx:
        people = [person for person in everybody(tx) if person.name in NAMES]
    told = Told(base, people)
    put_on(
        database,
        *(
            Shift(people[owner].id, "volunteer", base + after * HOUR, base + (after + 8) * HOUR)
            for after, owner in SEATS
        ),
    )
    took: dict[int, Took] = {}
    for kind, who, which, waits in steps_taken:
        clock.set(clock.now() + waits * HOUR)
        _play(database, told, took, kind, who, which, clock.now())
        _agree(database, told, base)


def _play(
    database: Database,
    told: Told,
    took: dict[int, Took],
    kind: str,
    who: int,
    which: int,
    now: datetime,
) -> None:
    person, numbers = told.people[who], sorted(told.open)
    if kind in ("offer", "trade"):
        _offer(database, told, kind, who, which, now)
    elif kind == "take" and numbers:
        number = numbers[which % len(numbers)]
        can = told.can_take(number, who, now)
        assert (taken(database, number, person) == TakeOutcome.YOURS) == can
        if can:
            before = dict(told.hours)
            told.take(number, who, now)
            changed = {key: owner for key, owner in before.items() if told.hours[key] != owner}
            took[number] = (who, changed, {key: told.hours[key] for key in changed})
        else:
            with database.reading() as tx:
                offer = store.by_number(tx, number)
            if offer is not None and offer.state != State.OPEN:
                told.open.pop(number)
    elif kind == "withdraw" and numbers:
        number = numbers[which % len(numbers)]
        with database.transaction() as tx:
            offer = store.by_number(tx, number)
            assert offer is not None
            assert actions.withdraw(tx, offer, person.id, "")
        told.open.pop(number)
    elif kind == "untake":
        with database.transaction() as tx:
            left = actions.untake(tx, person)
        if left is None:
            assert not any(
                taker == who and min(at for _, at in before) > now and told.still(after)
                for taker, before, after in took.values()
            )
            return
        taker, before, _ = took.pop(left.number)
        assert taker == who
        assert min(at for _, at in before) > now, "what has begun is not left"
        told.hours |= before


def _offer(database: Database, told: Told, kind: str, who: int, which: int, now: datetime) -> None:
    mine = [one for one in told.spans(who) if one[2] > now]
    if not mine:
        return
    seat, begins, ends = mine[which % len(mine)]
    asked = back = None
    shift = Shift(told.people[who].id, "volunteer", begins, ends)
    wanted = Wanted(shift, told.people[who].id, "")
    if kind == "trade":
        asked = (who + 1 + which % 4) % 5
        theirs = [one for one in told.spans(asked) if one[2] > now]
        if not theirs:
            return
        back, back_from, back_to = theirs[0]
        returned = Shift(told.people[asked].id, "volunteer", back_from, back_to)
        wanted = replace(wanted, asked_id=told.people[asked].id, in_return=returned)
        if back_from < ends and begins < back_to:
            with pytest.raises(BadInput, match="same time"), database.transaction() as tx:
                actions.offer(tx, wanted)
            return
    with database.transaction() as tx:
        offering = actions.offer(tx, wanted)
    if not offering.known and offering.offer is not None:
        told.open[offering.offer.number] = (who, seat, asked, back)


def _agree(database: Database, told: Told, base: datetime) -> None:
    """Hold the database against the model, hour by hour; each seat is held by exactly one person."""
    number_of = {person.id: number for number, person in enumerate(told.people)}
    with database.reading() as tx:
        found = on_duty_between(tx, base, base + 100 * HOUR)
        middle = on_duty(tx, base + 28 * HOUR)
    for at in sorted({at for _, at in told.hours}):
        expected = sorted(who for (_, when), who in told.hours.items() if when == at)
        on = sorted(number_of[one.person_id] for one in found if one.starts_at <= at < one.ends_at)
        assert on == expected
    assert sorted(number_of[one.person_id] for one in middle) == sorted(
        who for (_, when), who in told.hours.items() if when == base + 28 * HOUR
    )


# When people are asked again, and the coordinators told


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def an_offer(opened: str, starts: str, hours: int = 8) -> Offer:
    begins = wall(starts)
    return Offer("volunteer", "anna", begins, begins + hours * HOUR, "anna", "", wall(opened))


@pytest.mark.parametrize(
    ("opened", "starts", "expected"),
    [
        (
            "2026-11-22 10:00",
            "2026-11-27 20:00",
            (
                "22 10:00 ask, 22 16:00 ask, 23 10:00 tell, 26 20:00 ask, 26 20:00 tell, 27 16:00 tell, "
                "27 20:00 lapse"
            ),
        ),
        (
            "2026-11-22 10:00",
            "2026-11-22 22:00",
            "22 10:00 ask, 22 10:00 tell, 22 16:00 ask, 22 18:00 tell, 22 22:00 lapse",
        ),
        ("2026-11-22 21:00", "2026-11-22 22:00", "22 21:00 ask, 22 21:00 tell, 22 22:00 lapse"),
        # In the middle of the shift: it may be taken until its end.
        ("2026-11-22 23:00", "2026-11-22 22:00", "22 23:00 ask, 22 23:00 tell, 23 06:00 lapse"),
        # The night of the autumn: half past nine and eight o'clock are what the wall shows.
        (
            "2026-10-24 20:30",
            "2026-10-31 20:00",
            (
                "24 20:30 ask, 25 13:00 ask, 25 19:30 tell, 30 20:00 ask, 30 20:00 tell, 31 16:00 tell, "
                "31 20:00 lapse"
            ),
        ),
    ],
)
def test_the_steps_of_an_offer_that_nobody_takes(opened: str, starts: str, expected: str) -> None:
    found = steps(an_offer(opened, starts), ROME)
    assert ", ".join(f"{one.at.astimezone(ROME):%d %H:%M} {one.step}" for one in found) == expected
    assert len({(one.slot, one.step) for one in found}) == len(found)
    assert found[-1].step == Step.LAPSE


@pytest.mark.parametrize(
    ("at", "starts", "quiet"),
    [
        ("2026-11-22 21:29", "2026-11-27 20:00", False),
        ("2026-11-22 21:30", "2026-11-27 20:00", True),
        ("2026-11-23 07:59", "2026-11-27 20:00", True),
        ("2026-11-23 08:00", "2026-11-27 20:00", False),
        ("2026-11-22 23:00", "2026-11-23 11:59", False),
        ("2026-11-22 23:00", "2026-11-23 12:00", True),
        ("2026-11-23 03:00", "2026-11-23 08:00", False),
        ("2026-10-25 02:30", "2026-10-25 11:00", False),
    ],
)
def test_at_night_only_what_begins_before_the_next_noon_wakes_anybody(
    at: str, starts: str, quiet: bool
) -> None:
    assert is_quiet(wall(at), wall(starts), ROME) is quiet


@given(
    day=st.dates(date(2026, 1, 1), date(2036, 1, 1)),
    at=st.times(),
    hours=st.integers(1, 40),
)
def test_waking_hours_end_by_day_and_are_never_fewer_than_asked_for(day: date, at: time, hours: int) -> None:
    moment = datetime.combine(day, at, ROME).astimezone(UTC)
    after = after_waking_hours(moment, hours * HOUR, ROME).astimezone(UTC)
    assert after - moment >= hours * HOUR - HOUR  # an hour that the autumn gives back is slept through
    assert time(8) <= after.astimezone(ROME).time() <= time(21, 30)


# Who is asked first

DAY = datetime(2026, 11, 23, 18, tzinfo=UTC)
EVENING = Shift("anna", "volunteer", DAY, DAY + 4 * HOUR)


def somebody(person_id: str, *, languages: tuple[str, ...] = ("it",), role: str = "volunteer") -> Person:
    number = 10 + sum(map(ord, person_id)) % 80
    return Person(person_id, person_id.title(), f"+3934000000{number}", role, languages, last_resort=False)


Around = Callable[..., Surroundings]


@pytest.fixture
def around() -> Around:
    def built(*people: Person, shifts: tuple[Shift, ...] = (), **more: object) -> Surroundings:
        terms = {
            one.id: Terms(
                one.id,
                Contract.VOLUNTEER,
                frozenset({Qualification.WOMAN}) if one.id == "anna" else frozenset(),
                training_until=date(2030, 1, 1),
                phone_verified_at=START,
            )
            for one in people
        }
        known = {"terms": terms, "absences": (), "holidays": frozenset(), **more}
        return Surroundings(IGLESIAS, (EVENING, *shifts), {one.id: one for one in people}, **known)  # type: ignore[arg-type]  # any field

    return built


def order(surroundings: Surroundings, *wishes: Wish) -> Iterator[str]:
    return (one.person.id for one in substitutes(surroundings, EVENING, wishes, DAY - 24 * HOUR))


def test_the_best_is_like_whoever_offers_it_then_rested_then_least_loaded(around: Around) -> None:
    anna = somebody("anna", languages=("it", "fr"))
    people = [somebody(name) for name in ("bruno", "elio", "fabio", "gaia")]
    french = somebody("zoe", languages=("it", "fr"))
    week = timedelta(days=7)
    shifts = (
        Shift("bruno", "volunteer", DAY + 12 * HOUR, DAY + 16 * HOUR),  # eight hours later: tired
        Shift("elio", "volunteer", DAY - week, DAY - week + 4 * HOUR),
        Shift("gaia", "volunteer", DAY + week, DAY + week + 2 * HOUR),
        Shift("zoe", "volunteer", DAY - 2 * week, DAY - 2 * week + 9 * HOUR),
    )
    surroundings = around(anna, *people, french, shifts=shifts)
    assert list(order(surroundings)) == ["zoe", "fabio", "gaia", "elio", "bruno"]
    (zoe, *_) = substitutes(surroundings, EVENING, (), DAY - 24 * HOUR)
    assert zoe.lacks == ("woman",)
    assert zoe.rest_hours == pytest.approx((2 * week - 9 * HOUR) / HOUR)


def test_nobody_is_asked_who_cannot_have_it(around: Around) -> None:
    anna, bruno = somebody("anna"), somebody("bruno")
    gone = replace(somebody("elio"), active=False)
    abroad = replace(somebody("fabio"), phone="+4915120000001")
    social_worker = somebody("lucia", role="social_worker")
    busy, away, unwilling = somebody("dora"), somebody("sara"), somebody("gaia")
    surroundings = around(
        *(anna, bruno, gone, abroad, social_worker, busy, away, unwilling),
        shifts=(Shift("dora", "volunteer", DAY + 3 * HOUR, DAY + 6 * HOUR),),
        absences=(Absence("sara", DAY - HOUR, DAY + HOUR, AbsenceKind.LEAVE),),
    )
    mondays = Wish("gaia", frozenset({0}), time(20), time(6), Wishes.IMPOSSIBLE)
    bruno_likes = Wish("bruno", frozenset({0}), time(20), time(6), Wishes.PREFERRED)
    assert list(order(surroundings, mondays, bruno_likes)) == ["bruno"]
    assert list(order(surroundings, replace(mondays, days=frozenset({1})))) == ["bruno", "gaia"]


def test_whose_rules_it_breaks_comes_last_with_the_rule(around: Around) -> None:
    anna, bruno, elio = (somebody(name) for name in ("anna", "bruno", "elio"))
    surroundings = around(anna, bruno, elio)
    expired = replace(surroundings.terms["bruno"], training_until=date(2026, 11, 22))
    surroundings = replace(surroundings, terms={**surroundings.terms, "bruno": expired})
    found = substitutes(surroundings, EVENING, (), DAY - 24 * HOUR)
    assert [one.person.id for one in found] == ["elio", "bruno"]
    assert [one.rule for one in found[1].broken] == ["R13"]


def test_a_wish_of_the_wall_holds_over_the_night_on_which_the_clocks_change() -> None:
    nights = Wish("gaia", frozenset({5}), time(22), time(6), Wishes.IMPOSSIBLE)
    near = Span(wall("2026-10-25 05:30"), wall("2026-10-25 09:00"))
    (found,) = (span for span in wished(nights, near, ROME) if span.within(near))
    assert (found.starts_at.astimezone(UTC), found.ends_at.astimezone(UTC)) == (
        wall("2026-10-24 22:00"),
        wall("2026-10-25 06:00"),
    )
    assert found.ends_at.astimezone(UTC) - found.starts_at.astimezone(UTC) == 9 * HOUR
