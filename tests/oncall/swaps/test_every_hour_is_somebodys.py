"""Whatever is offered, taken, left and traded, in any order: whose is every hour of every shift?"""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.errors import BadInput
from hotline.oncall.shifts import Shift
from hotline.oncall.store import on_duty, on_duty_between
from hotline.oncall.swaps import actions, store
from hotline.oncall.swaps.offer import State
from hotline.oncall.swaps.taking import TakeOutcome, Wanted
from hotline.people.person import Person
from hotline.people.store import everybody
from tests.oncall.swaps.offered import HOUR, NAMES, START, put_on, taken

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
