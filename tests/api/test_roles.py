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
    ("GET", "/rota/versions"): ALL,
    ("GET", "/rota/draft"): ALL,
    ("PUT", "/rota/draft"): ALL,
    ("POST", "/rota/publish"): ALL,
    ("GET", "/rota/history"): ALL,
    ("GET", "/fairness"): ALL,
    ("GET", "/changes"): ALL,
    ("GET", "/me/shifts"): OWN,
    ("GET", "/me/absences"): OWN,
}


def test_the_table_knows_every_endpoint(api: Api) -> None:
    described = api.ask("/openapi.json", None).json()["paths"]
    known = {(method.upper(), path) for path, item in described.items() for method in item}
    assert known == set(ENDPOINTS)


@pytest.mark.parametrize(("method", "path"), ENDPOINTS, ids=lambda part: part)
def test_a_token_opens_what_its_role_says_and_no_token_opens_nothing(
    api: Api, method: str, path: str
) -> None:
    for role in (None, Role.SELF, Role.READER, Role.COORDINATOR):
        body = {"json": {**AWAY, "person": api.ids["Anna"], "reason": "try"}} if path == "/absences" else {}
        if path == "/rota/publish":
            body = {"json": {"reason": "try"}}
        if (method, path) == ("PUT", "/rota/draft"):
            body = {"content": ROTA, "headers": {"Content-Type": "application/toml"}}
        place = path.format(person_id=api.ids["Anna"], absence_id="none") if "{" in path else path
        body = body if method != "GET" else {}
        answer = api.ask(place, role, method, **body)
        assert answer.headers["Cache-Control"] == "no-store"
        if role in ENDPOINTS[method, path]:
            assert answer.status_code in (200, 201, 404, 422), (role, answer.text)
            assert answer.status_code < 400 or "draft" in answer.text or "no such absence" in answer.text
            continue
        assert answer.status_code == (401 if role is None else 403), (role, answer.text)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"].count("\n") == 0
