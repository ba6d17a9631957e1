"""Somebody will not come to two shifts that touch: is cover sought for both, ahead and as each begins?"""

import pytest

from hotline.database import Database
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import Hire
from tests.stories.presence.saturday import (
    Until,
    also,
    at,
    from_to,
    trained,
    volunteers_on,
    wants_calls,
)


@pytest.fixture
def dora(hire: Hire, database: Database) -> Phone:
    """A volunteer at home who may take a shift."""
    dora = hire("Dora", 5, "volunteer", shift=None)
    trained(database, dora)
    return dora


@pytest.fixture
def anna(hire: Hire, carla: Phone, database: Database) -> Phone:
    """A volunteer on from three to eight, and from eight to eleven."""
    anna = hire("Anna", 1, "volunteer", shift=from_to(15, 20))
    also(database, anna, from_to(20, 23))
    return anna


def cannot(anna: Phone, until: Until) -> None:
    """Let Anna be asked an hour ahead, and write that she cannot."""
    until(at(14))
    anna.reads("Turno dalle 15.00 alle 23.00")
    anna.texts("NON POSSO")


def asked(phone: Phone, hours: str) -> int:
    return sum(f"Cerchiamo chi copre sab 21/11 {hours}" in text for text in phone.texts_read())


def test_both_are_offered_and_the_answer_names_the_whole(
    anna: Phone, dora: Phone, until: Until, town: Town
) -> None:
    cannot(anna, until)
    assert anna.reads("Offerto") == (
        "Offerto: sab 21/11 15.00-23.00. Resta tuo finché nessuno lo prende. Per ritirarlo rispondi RITIRO."
    )
    town.passes(30)
    assert (asked(dora, "15.00-20.00"), asked(dora, "20.00-23.00")) == (1, 1)


def test_whoever_takes_both_has_both_and_nobody_is_sought_when_they_begin(
    anna: Phone, dora: Phone, until: Until, town: Town, database: Database
) -> None:
    cannot(anna, until)
    town.passes(30)
    for _ in range(2):
        dora.texts("PRENDO")
        town.passes(5)
    assert sum("assegnato a te" in text for text in dora.texts_read()) == 2
    for hour in (15, 20):
        until(at(hour, 6), 60)
        assert volunteers_on(database) == {"Dora"}
    assert not [text for text in anna.texts_read() if "non ti abbiamo sentito" in text]
    anna.never_rang()


def test_said_by_a_key_both_are_offered_too(
    anna: Phone, dora: Phone, until: Until, town: Town, database: Database
) -> None:
    wants_calls(database, anna)
    until(at(13, 59, second=50), 0)
    anna.answers(within=60)
    anna.hears("due se non puoi")
    anna.presses("2")
    anna.hears("cerchiamo chi lo prende")
    anna.hung_up(within=20)
    town.passes(30)
    assert (asked(dora, "15.00-20.00"), asked(dora, "20.00-23.00")) == (1, 1)


def test_where_nobody_takes_them_each_begins_by_seeking_cover_and_anna_is_not_asked_again(
    anna: Phone, carla: Phone, dora: Phone, until: Until, database: Database
) -> None:
    cannot(anna, until)
    for hour, hours in ((15, "15.00-20.00"), (19, "20.00-23.00"), (20, "20.00-23.00")):
        before = asked(dora, hours), len(carla.texts_read())
        until(at(hour))
        until(at(hour, 6), 60)
        sought = asked(dora, hours) > before[0] and len(carla.texts_read()) > before[1]
        assert sought == (hour != 19), hour
    assert not [
        text for text in anna.texts_read() if "20.00 alle 23.00" in text or "non ti abbiamo sentito" in text
    ]
    anna.never_rang()


def test_who_keeps_them_without_an_ok_is_expected_again(
    anna: Phone, dora: Phone, until: Until, town: Town
) -> None:
    cannot(anna, until)
    anna.texts("RITIRO")
    anna.reads("resta tuo")
    town.passes(30)
    asked_before = len(dora.texts_read())
    until(at(15))
    anna.reads("non ti abbiamo sentito")
    anna.texts("OK")
    anna.reads("Confermato")
    until(at(20, 6), 60)
    assert len(dora.texts_read()) == asked_before
    anna.never_rang()


def test_who_can_after_all_keeps_both(
    anna: Phone, dora: Phone, until: Until, town: Town, database: Database
) -> None:
    cannot(anna, until)
    anna.texts("RITIRO")
    assert anna.reads("Ritirato") == "Ritirato: il turno sab 21/11 15.00-23.00 resta tuo."
    anna.texts("OK")
    assert anna.reads("Confermato") == "Confermato: sab 21/11 15.00-20.00. Grazie."
    for hour in (15, 20):
        until(at(hour, 6), 60)
        assert volunteers_on(database) == {"Anna"}
    assert not [text for text in anna.texts_read() if "non ti abbiamo sentito" in text]
    anna.never_rang()
