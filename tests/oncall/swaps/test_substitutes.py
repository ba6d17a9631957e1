"""Who is asked first to take a shift, and who not at all?"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from hotline.oncall.overrides.verdict import Surroundings
from hotline.oncall.proof.spans import Span
from hotline.oncall.shifts import Shift
from hotline.oncall.swaps.substitutes import substitutes, wished
from hotline.people.person import Person
from hotline.people.terms import Absence, AbsenceKind, Contract, Qualification, Terms, Wish, Wishes
from tests.oncall.swaps.offered import HOUR, IGLESIAS, ROME, START, wall

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
