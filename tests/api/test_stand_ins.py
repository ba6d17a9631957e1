"""May a program put somebody on instead of somebody else, offer shifts, and see who is there?"""

from collections.abc import Callable
from typing import Any

import pytest

from hotline.api.tokens.token import Role
from hotline.audit.store import newest_changes
from hotline.database import Database
from hotline.oncall.overrides.verdict import verdict
from hotline.people.actions import import_people
from hotline.people.store import everybody
from tests.api.conftest import Api
from tests.api.test_answers import answer, hotline
from tests.oncall.overrides.stand_ins import written_meanwhile
from tests.operations.test_commands import run

__all__ = ["hotline", "run"]

ANNAS_NEXT = "2026-11-23T20:00:00+01:00"
BRUNOS_NEXT = "2026-11-22T20:00:00+01:00"
PERIOD = {"params": {"from": "2026-11-22T03:00:00+01:00", "to": "2026-12-22T03:00:00+01:00"}}


def post(api: Api, path: str, status: int, role: Role = Role.COORDINATOR, **body: object) -> dict[str, Any]:
    found = api.ask(path, role, "POST", json=body)
    assert found.status_code == status, found.text
    told: dict[str, Any] = found.json()
    return told


def volunteers(api: Api, at: str) -> list[str]:
    found = answer(api, "/duty", params={"at": at})
    assert isinstance(found, dict)
    return [one["name"] for one in found["volunteer"]]


@pytest.fixture
def dora(api: Api, database: Database) -> str:
    """Another volunteer, without training; her id."""
    with database.transaction() as tx:
        import_people(tx, "name,phone,role,languages\nDora,3400000005,volunteer,it\n")
        return next(person.id for person in everybody(tx) if person.name == "Dora")


def test_the_api_and_the_terminal_say_the_same_of_who_stands_in(
    api: Api, hotline: Callable[..., object]
) -> None:
    post(api, "/overrides", 201, off=api.ids["Anna"], on=api.ids["Bruno"], reason="fever")
    post(api, "/offers", 201, person=api.ids["Anna"], reason="an exam")
    overrides = hotline("override", "list")
    assert answer(api, "/overrides", **PERIOD) == {"overrides": overrides}
    assert answer(api, "/offers") == answer(api, "/offers?all=true") == {"offers": hotline("offers", "list")}
    presence = hotline("presence", "--at", BRUNOS_NEXT)
    assert answer(api, "/presence", params={"at": BRUNOS_NEXT}) == {"presence": presence}
    assert overrides
    assert presence


def test_somebody_stands_in_from_now_until_the_shift_ends_and_it_is_called_off(
    api: Api, database: Database
) -> None:
    made = post(api, "/overrides", 201, off=api.ids["Anna"], on=api.ids["Bruno"], reason="fever")
    assert {key: made[key] for key in ("number", "off", "on", "from", "to", "cause", "by", "reason")} == {
        "number": 1,
        "off": "Anna",
        "on": "Bruno",
        "from": "2026-11-22T03:00+01:00",
        "to": "2026-11-22T08:00+01:00",
        "cause": "replace",
        "by": "Carla",
        "reason": "fever",
    }
    assert made["broken"]
    assert volunteers(api, "2026-11-22T07:59:59+01:00") == ["Bruno"]
    off = {"method": "DELETE", "json": {"reason": "well again"}}
    assert answer(api, "/overrides/1?together=true", **off) == {"called_off": [1]}
    assert volunteers(api, "2026-11-22T07:59:59+01:00") == ["Anna"]
    again = api.ask("/overrides/1", **off)  # type: ignore[arg-type]  # what a request carries
    assert (again.status_code, again.json()["detail"][:18]) == (409, "override 1 is over")
    with database.reading() as tx:
        noted = [(one.who, one.what, one.why) for one in newest_changes(tx, 9, "override")]
    carla = api.ids["Carla"]
    assert noted == [(carla, "override 1", "well again"), (carla, "override 1", "fever")]


def test_a_call_is_written_while_what_a_program_wants_is_looked_at(
    api: Api, dora: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[bool] = []

    def looking(*given: Any) -> Any:
        waited.append(not written_meanwhile(database))
        return verdict(*given)

    number = post(api, "/offers", 201, person=api.ids["Bruno"])["number"]
    monkeypatch.setattr("hotline.oncall.overrides.actions.verdict", looking)
    post(api, "/overrides", 201, off=api.ids["Anna"], on=api.ids["Bruno"], reason="fever")
    post(api, f"/offers/{number}/decide", 200, to=dora, reason="nobody else")
    assert waited == [False, False]


def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_kept(api: Api) -> None:
    anna, bruno, lucia = (api.ids[name] for name in ("Anna", "Bruno", "Lucia"))
    wrong: list[tuple[dict[str, object], int, str]] = [
        ({"reason": "x"}, 422, "name who is off, who is on, or both"),
        ({"on": bruno, "reason": "x"}, 422, "to: say until when"),
        ({"off": "none", "on": bruno, "reason": "x"}, 404, "there is nobody with this id"),
        ({"off": anna, "on": lucia, "reason": "x"}, 422, "Lucia is a social_worker, not a volunteer"),
        ({"off": anna, "on": bruno, "reason": " "}, 422, "reason: say why in a few words"),
        ({"off": anna, "to": "2026-11-22T02:00:00+01:00", "reason": "x"}, 422, "it ends before it begins"),
        ({"off": anna, "from": "soon", "reason": "x"}, 422, "from: not a moment"),
    ]
    for body, status, said in wrong:
        detail = str(post(api, "/overrides", status, **body)["detail"])
        assert said in detail, body
        assert "\n" not in detail
    none = api.ask("/overrides/1", method="DELETE", json={"reason": "x"})
    assert (none.status_code, none.json()["detail"]) == (404, "there is no such override")
    blank = api.ask("/overrides/1", method="DELETE", json={"reason": "  "})
    assert (blank.status_code, blank.json()["detail"][:7]) == (422, "reason:")
    assert answer(api, "/overrides", **PERIOD) == {"overrides": []}


def test_a_shift_is_offered_for_somebody_once_and_taken_back(api: Api) -> None:
    made = post(api, "/offers", 201, person=api.ids["Anna"], reason="an exam")
    assert (made["of"], made["asked"], made["state"], made["by"]) == ("Anna", "all", "open", "Carla")
    assert made["from"] == "2026-11-23T20:00+01:00"
    assert post(api, "/offers", 201, person=api.ids["Anna"], **{"from": ANNAS_NEXT}) == made
    own = answer(api, "/me/offers", role=Role.SELF)
    assert isinstance(own, dict)
    assert [one["number"] for one in own["mine"]] == [made["number"]]
    assert own["asked"] == []
    assert post(api, f"/offers/{made['number']}/withdraw", 200)["state"] == "withdrawn"
    late = post(api, f"/offers/{made['number']}/withdraw", 409)
    assert late["detail"] == f"offer {made['number']} is open no longer"
    assert answer(api, "/offers") == {"offers": []}


def test_what_is_taken_on_behalf_of_somebody_is_written_down_with_who_said_so(
    api: Api, database: Database
) -> None:
    number = post(api, "/offers", 201, person=api.ids["Bruno"])["number"]
    taken = post(api, f"/offers/{number}/take", 200, person=api.ids["Anna"])
    assert (taken["taken_by"], taken["of"]) == ("Anna", "Bruno")
    with database.reading() as tx:
        noted = {(one.who, one.after) for one in newest_changes(tx, 9, f"offer {number}")}
    assert (api.ids["Carla"], f"taken by {api.ids['Anna']}") in noted
    assert all(who == api.ids["Carla"] for who, _ in noted)


def test_of_two_who_take_a_shift_the_second_is_told_that_somebody_was_quicker(api: Api, dora: str) -> None:
    number = post(api, "/offers", 201, person=api.ids["Bruno"])["number"]
    taken = post(api, f"/me/offers/{number}/take", 200, Role.SELF)
    assert (taken["number"], taken["state"]) == (number, "taken")
    assert volunteers(api, BRUNOS_NEXT) == ["Anna"]
    late = post(api, f"/offers/{number}/take", 409, person=dora)
    assert late["detail"] == f"offer {number} was not taken: it is taken, or over"
    too_late = post(api, f"/offers/{number}/decide", 409, to=dora, reason="agreed")
    assert str(too_late["detail"]).startswith(f"offer {number} is not open to this person any more")


def test_a_rule_stands_against_a_take_until_the_coordinator_decides_it(api: Api, dora: str) -> None:
    number = post(api, "/me/offers", 201, Role.SELF)["number"]
    own = post(api, f"/me/offers/{number}/take", 422, Role.SELF)
    assert own["detail"] == f"offer {number} was not taken: it is their own shift"
    refused = str(post(api, f"/offers/{number}/take", 422, person=dora)["detail"])
    assert "a rule stands against it" in refused
    assert "no training is recorded" in refused
    assert "\n" not in refused
    assert volunteers(api, ANNAS_NEXT) == ["Anna"]
    why = post(api, f"/offers/{number}/decide", 422, to=dora, reason="")
    assert str(why["detail"]).startswith("reason: say why in a few words")
    decided = post(api, f"/offers/{number}/decide", 200, to=dora, reason="she is trained next week")
    assert (decided["state"], decided["taken_by"]) == ("decided", "Dora")
    assert any("no training is recorded" in line for line in decided["broken"])
    assert volunteers(api, ANNAS_NEXT) == ["Dora"]


def test_a_trade_and_one_who_is_asked_need_somebody_who_can(api: Api) -> None:
    anna, bruno, lucia = (api.ids[name] for name in ("Anna", "Bruno", "Lucia"))
    wrong: list[tuple[dict[str, object], int, str]] = [
        ({"person": anna, "in_return": BRUNOS_NEXT}, 422, "ask: a trade needs both"),
        ({"person": anna, "ask": lucia}, 422, "ask: a social_worker cannot have the shift of a volunteer"),
        (
            {"person": anna, "ask": bruno, "in_return": ANNAS_NEXT},
            422,
            "in_return: they have no",
        ),
        ({"person": anna, "from": BRUNOS_NEXT}, 422, "from: they have no coming shift that begins then"),
        ({"person": bruno, "now": True}, 422, "now: they are not on duty"),
        ({"person": "none"}, 404, "there is nobody with this id"),
    ]
    for body, status, said in wrong:
        assert str(post(api, "/offers", status, **body)["detail"]).startswith(said), body
    made = post(api, "/offers", 201, person=anna, ask=bruno, in_return=BRUNOS_NEXT)
    assert (made["asked"], made["in_return"]) == ("Bruno", "2026-11-22T20:00+01:00")
    other = post(api, f"/offers/{made['number']}/take", 404, person=api.ids["Lucia"])
    assert str(other["detail"]).endswith("there is no such offer for this person")


def test_one_sees_ones_own_presence_and_how_ones_own_phone_fared(api: Api) -> None:
    own = answer(api, "/me/presence", role=Role.SELF, params={"at": "2026-11-22T22:00:00+01:00"})
    assert isinstance(own, dict)
    assert [(one["name"], one["state"]) for one in own["presence"]] == [("Anna", "not asked")]
    assert answer(api, "/me/rings", role=Role.SELF) == {"rings": []}
