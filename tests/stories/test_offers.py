"""Somebody offers a shift: who is asked, who has it then, and who reads what?"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.oncall import store as oncall
from hotline.oncall.swaps.tables import offers
from hotline.people import store as people
from hotline.people.serving import store as serving
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME, Hire
from tests.stories.test_texts import SMS_NUMBER

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=ROME)
TONIGHT = (MORNING.replace(hour=22), MORNING.replace(day=24, hour=6))
ON_FRIDAY = (MORNING.replace(day=27, hour=20), MORNING.replace(day=28, hour=0))
Ready = Callable[..., Phone]


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": SMS_NUMBER}


@pytest.fixture
def starts_at() -> datetime:
    return MORNING


@pytest.fixture
def ready(hire: Hire, database: Database) -> Ready:
    """Take somebody into the rota who may serve: trained, with a phone that was tested."""

    def hired(
        name: str, number: int, shift: tuple[datetime, datetime] | None = None, languages: str = "it"
    ) -> Phone:
        phone = hire(name, number, "volunteer", languages, shift=shift)
        with database.transaction() as tx:
            person = people.person_by_phone(tx, phone.number)
            assert person is not None
            terms = serving.terms_of(tx, [person])[person.id]
            until = MORNING.date() + timedelta(days=365)
            serving.keep_terms(tx, [replace(terms, training_until=until, phone_verified_at=tx.now)])
        return phone

    return hired


@pytest.fixture
def anna(ready: Ready) -> Phone:
    """A volunteer who has the night."""
    return ready("Anna", 1, TONIGHT)


@pytest.fixture
def bruno(ready: Ready) -> Phone:
    return ready("Bruno", 2)


@pytest.fixture
def dora(ready: Ready) -> Phone:
    return ready("Dora", 5)


@pytest.fixture
def elio(ready: Ready) -> Phone:
    return ready("Elio", 6)


def states(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.execute(select(offers.c.state).order_by(offers.c.number)).scalars())


def on_at(database: Database, moment: datetime) -> list[str]:
    """Name the volunteers on duty at a moment."""
    with database.reading() as tx:
        ids = {one.person_id for one in oncall.on_duty(tx, moment) if one.role == "volunteer"}
        return [person.name.split()[0] for person in people.people_by_ids(tx, ids)]


def test_three_are_asked_two_answer_in_the_same_second_and_one_has_it(
    anna: Phone, bruno: Phone, dora: Phone, elio: Phone, lucia: Phone, carla: Phone, database: Database
) -> None:
    anna.texts("OFFRO")
    assert anna.reads("Offerto") == (
        "Offerto: lun 23/11 22.00-6.00. Resta tuo finché nessuno lo prende. Per ritirarlo rispondi RITIRO."
    )
    for asked in (bruno, dora, elio):
        assert asked.reads("Cerchiamo") == (
            "Cerchiamo chi copre lun 23/11 22.00-6.00. Rispondi PRENDO. Il primo che risponde ha il turno."
        )
    assert on_at(database, TONIGHT[0]) == ["Anna"]
    dora.texts("lo prendo io!")
    elio.texts("PRENDO")
    assert dora.reads("assegnato") == ("Turno lun 23/11 22.00-6.00 assegnato a te. Se hai sbagliato: LASCIO.")
    assert elio.reads("Già") == "Già coperto, grazie lo stesso."
    assert (
        anna.reads("collega")
        == "Il turno che hai offerto, lun 23/11 22.00-6.00, ora è di un collega. Grazie."
    )
    assert on_at(database, TONIGHT[0]) == on_at(database, TONIGHT[1] - timedelta(seconds=1)) == ["Dora"]
    bruno.never_rang()
