"""A program of the coordinator, or of a volunteer, changes the rota: what do the phones of the others do?"""

from collections.abc import Callable

import httpx
import pytest
from starlette.testclient import TestClient

from hotline.api.tokens.actions import make_token
from hotline.api.tokens.token import Role
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.people.store import person_by_phone
from hotline.simulator.phones import Phone, Town
from tests.stories.offers.offered import MORNING, TONIGHT, on_at

Program = Callable[..., httpx.Response]


@pytest.fixture
def program(rig: Rig, database: Database) -> Callable[[Phone, Role], Program]:
    """Give somebody a program with a token of a role: `carlas("POST", "/offers", person=…)`."""

    def of(phone: Phone, role: Role) -> Program:
        with database.transaction() as tx:
            _, secret = make_token(tx, phone.number, role, "the story")
        client = TestClient(rig.service.app)

        def ask(method: str, path: str, **body: object) -> httpx.Response:
            header = {"Authorization": f"Bearer {secret}"}
            return client.request(method, f"/api/v1{path}", headers=header, json=body or None)

        return ask

    return of


def id_of(database: Database, phone: Phone) -> str:
    with database.reading() as tx:
        person = person_by_phone(tx, phone.number)
        assert person is not None
        return person.id


def test_a_shift_offered_by_a_program_is_asked_for_by_text_and_taken_by_another_program(
    anna: Phone,
    bruno: Phone,
    dora: Phone,
    lucia: Phone,
    carla: Phone,
    program: Callable[[Phone, Role], Program],
    database: Database,
) -> None:
    carlas, brunos = program(carla, Role.COORDINATOR), program(bruno, Role.SELF)
    made = carlas("POST", "/offers", person=id_of(database, anna), reason="an exam")
    assert made.status_code == 201
    for asked in (bruno, dora):
        asked.reads("Cerchiamo chi copre lun 23/11 22.00-6.00", within=90)
    found = brunos("GET", "/me/offers").json()
    assert [one["number"] for one in found["asked"]] == [made.json()["number"]]
    assert "Anna" not in str(found)
    assert brunos("POST", f"/me/offers/{found['asked'][0]['number']}/take").json()["state"] == "taken"
    assert on_at(database, TONIGHT[0]) == ["Bruno"]
    assert "22.00-6.00" in bruno.reads("assegnato a te", within=90)
    anna.reads("lun 23/11 22.00-6.00", within=90)
    dora.texts("PRENDO")
    dora.reads("già")
    assert brunos("GET", "/me/offers").json() == {"mine": [], "asked": []}
    assert carlas("POST", f"/offers/{made.json()['number']}/withdraw", reason="late").status_code == 409
    bruno.texts("LASCIO")
    bruno.reads("non è più tuo")
    assert brunos("GET", "/me/offers").json()["asked"] == [], "who left it is not asked again"


def test_the_next_caller_reaches_whom_a_program_put_on_just_now(
    caller: Phone,
    bruno: Phone,
    lucia: Phone,
    carla: Phone,
    program: Callable[[Phone, Role], Program],
    database: Database,
    town: Town,
) -> None:
    carlas, brunos = program(carla, Role.COORDINATOR), program(bruno, Role.SELF)
    until = MORNING.replace(hour=20).isoformat()
    assert carlas("POST", "/overrides", on=id_of(database, bruno), to=until, reason="fair").status_code == 201
    bruno.reads("1 nuovo", within=90)
    caller.dials()
    bruno.answers(within=20)
    bruno.presses("1")
    caller.talks_with(bruno, within=20)
    caller.hangs_up()
    bruno.hangs_up()
    town.passes(5)
    (ring,) = brunos("GET", "/me/rings").json()["rings"]
    assert (ring["role"], ring["result"]) == ("volunteer", "accepted")
