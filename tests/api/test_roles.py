"""Which token opens what? Every endpoint is asked with every role, and without any token."""

import pytest

from hotline.api.tokens.token import Role
from tests.api.conftest import ROTA, Api

ALL, FIGURES, OWN = {Role.COORDINATOR}, {Role.COORDINATOR, Role.READER}, {Role.COORDINATOR, Role.SELF}
AWAY = {"starts_at": "2026-12-24T00:00+01:00", "ends_at": "2026-12-27T00:00+01:00", "kind": "leave"}

ENDPOINTS = {
    ("GET", "/duty"): ALL,
    ("GET", "/duty/headcount"): FIGURES,
    ("GET", "/ring-plan"): ALL,
    ("GET", "/coverage"): FIGURES,
    ("GET", "/shifts"): ALL,
    ("GET", "/people"): ALL,
    ("GET", "/people/{person_id}"): OWN,
    ("GET", "/wishes"): ALL,
    ("GET", "/absences"): ALL,
    ("POST", "/absences"): ALL,
    ("DELETE", "/absences/{absence_id}"): ALL,
    ("GET", "/overrides"): ALL,
    ("POST", "/overrides"): ALL,
    ("DELETE", "/overrides/{number}"): ALL,
    ("GET", "/offers"): ALL,
    ("POST", "/offers"): ALL,
    ("POST", "/offers/{number}/take"): ALL,
    ("POST", "/offers/{number}/withdraw"): ALL,
    ("POST", "/offers/{number}/decide"): ALL,
    ("GET", "/presence"): ALL,
    ("GET", "/rota/versions"): ALL,
    ("GET", "/rota/draft"): ALL,
    ("PUT", "/rota/draft"): ALL,
    ("POST", "/rota/publish"): ALL,
    ("GET", "/rota/history"): ALL,
    ("GET", "/fairness"): ALL,
    ("GET", "/changes"): ALL,
    ("GET", "/me"): OWN,
    ("GET", "/me/shifts"): OWN,
    ("GET", "/me/absences"): OWN,
    ("GET", "/me/offers"): OWN,
    ("POST", "/me/offers"): OWN,
    ("POST", "/me/offers/{number}/take"): OWN,
    ("GET", "/me/presence"): OWN,
    ("GET", "/me/rings"): OWN,
}
NOT_THERE_YET = {
    ("GET", "/rota/draft"): 404,
    ("DELETE", "/absences/{absence_id}"): 404,
    ("DELETE", "/overrides/{number}"): 404,
    ("POST", "/offers/{number}/take"): 404,
    ("POST", "/offers/{number}/withdraw"): 404,
    ("POST", "/offers/{number}/decide"): 404,
    ("POST", "/me/offers"): 422,
    ("POST", "/me/offers/{number}/take"): 404,
}
"""No draft is made before it is read, nothing has the id or number, and no shift begins then."""


def test_the_table_knows_every_endpoint(api: Api) -> None:
    described = api.ask("/openapi.json", None).json()["paths"]
    known = {(method.upper(), path) for path, item in described.items() for method in item}
    assert known == set(ENDPOINTS)


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_a_token_opens_what_its_role_says_and_no_token_opens_nothing(api: Api, role: Role | None) -> None:
    for (method, path), opened in ENDPOINTS.items():
        place = path.format(person_id=api.ids["Anna"], absence_id="none", number=999)
        answer = api.ask(place, role, method, **body_of(api, method, path))
        told = (method, path, answer.status_code, answer.text)
        assert answer.headers["Cache-Control"] == "no-store", told
        if role in opened:
            assert answer.status_code == NOT_THERE_YET.get((method, path), answer.status_code), told
            assert answer.is_success or (method, path) in NOT_THERE_YET, told
        else:
            assert answer.status_code == (401 if role is None else 403), told
            assert answer.headers["Content-Type"] == "application/problem+json", told
            assert answer.json()["detail"].count("\n") == 0, told


def body_of(api: Api, method: str, path: str) -> dict[str, object]:
    """Return what a change carries."""
    toml = {"content": ROTA, "headers": {"Content-Type": "application/toml"}}
    bodies: dict[tuple[str, str], dict[str, object]] = {
        ("POST", "/absences"): {"json": {**AWAY, "person": api.ids["Anna"], "reason": "try"}},
        ("POST", "/overrides"): {"json": {"off": api.ids["Anna"], "reason": "try"}},
        ("DELETE", "/overrides/{number}"): {"json": {"reason": "try"}},
        ("POST", "/offers"): {"json": {"person": api.ids["Bruno"]}},
        ("POST", "/offers/{number}/take"): {"json": {"person": api.ids["Anna"]}},
        ("POST", "/offers/{number}/withdraw"): {"json": {}},
        ("POST", "/offers/{number}/decide"): {"json": {"to": api.ids["Anna"], "reason": "try"}},
        ("POST", "/me/offers"): {"json": {"from": "2027-01-01T20:00:00+01:00"}},
        ("POST", "/rota/publish"): {"json": {"reason": "try"}},
        ("PUT", "/rota/draft"): toml,
    }
    return bodies.get((method, path), {})
