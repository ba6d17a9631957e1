"""Is every route described, is each answer what was described, and does no odd question break anything?"""

import json
import os
import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from hotline.api.tokens.token import Role
from hotline.database import Database
from hotline.people.serving.actions import import_absences, import_wishes
from tests.api.conftest import PEOPLE, ROTA, Api
from tests.stories.conftest import ROME

EXAMPLES = int(os.environ.get("HOTLINE_FUZZ_EXAMPLES", "60"))
JSON = "application/json"
UNTIL_FIVE = {"to": "2026-11-22T05:00:00+01:00", "reason": "fever"}
SITE = "https://hotline.example.org"
ODD = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.datetimes().map(str),
    st.sampled_from(
        ["2026-11-22T03:00:00+01:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "", "\0"]
    ),
)


class Asked:
    """A request in the shape that openapi-core reads."""

    def __init__(self, method: str, path: str, query: dict[str, str], body: bytes | None, kind: str) -> None:
        self.host_url, self.path, self.method = SITE, f"/api/v1{path}", method.lower()
        self.content_type, self.body = kind, body
        header = Headers([("Authorization", "Bearer x")])
        self.parameters = RequestParameters(query=ImmutableMultiDict(query), header=header)


class Answered:
    """An answer in the shape that openapi-core reads."""

    def __init__(self, answer: Any) -> None:
        self.status_code, self.data = answer.status_code, answer.content
        self.content_type = answer.headers.get("Content-Type", "").split(";")[0]
        self.headers = dict(answer.headers)


@pytest.fixture
def contract(api: Api) -> OpenAPI:
    """The description, as anybody may read it; reading it proves that it is valid."""
    as_json = Config(extra_media_type_deserializers={"application/problem+json": json.loads})
    return OpenAPI.from_dict(described(api), config=as_json)


def described(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.client.get("/api/v1/openapi.json").json()
    return found


def written(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


def full(database: Database) -> None:
    with database.transaction() as tx:
        import_absences(tx, "phone,starts_at,ends_at,kind\n3400000001,2026-11-24,2026-11-26,leave\n", ROME)
        import_wishes(tx, "phone,days,starts,ends,wish\n3400000001,sat,22:00,08:00,impossible\n")


def test_the_description_is_valid_and_says_who_may_ask(api: Api, contract: OpenAPI) -> None:
    spec = described(api)
    assert spec["openapi"].startswith("3.1")
    assert spec["servers"] == [{"url": "/api/v1"}]
    assert spec["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            told = (method, path)
            assert operation["security"] == [{"token": []}], told
            assert operation["description"].endswith("."), told
            assert {"401", "403", "422", "429", "503"} <= set(operation["responses"]), told
            for status in set(operation["responses"]) - {"200", "201", "204"}:
                assert set(operation["responses"][status]["content"]) == {"application/problem+json"}, told
    assert api.client.get("/openapi.json").status_code == 404
    assert api.client.get("/api/v1/docs").json()["status"] == 404


def test_each_answer_is_what_was_described(api: Api, contract: OpenAPI, database: Database) -> None:
    full(database)
    toml = "application/toml"
    # The second draft is not published: it is there to be read.
    asked: list[tuple[str, str, bytes | None, str]] = [
        ("PUT", "/rota/draft", ROTA.encode(), toml),
        ("POST", "/rota/publish", b'{"reason": "first"}', "application/json"),
        ("PUT", "/rota/draft", ROTA.replace("2026-11-01", "2026-11-02").encode(), toml),
        # What runs and comes is not empty when it is read.
        ("POST", "/overrides", written({"off": api.ids["Anna"], "on": api.ids["Bruno"], **UNTIL_FIVE}), JSON),
        ("POST", "/offers", written({"person": api.ids["Anna"], "reason": "an exam"}), JSON),
        *(
            ("GET", path.format(person_id=api.ids["Anna"]), None, "")
            for path, item in described(api)["paths"].items()
            if "get" in item
        ),
        ("GET", "/people/nobody", None, ""),
        ("GET", "/shifts?from=never", None, ""),
        ("DELETE", "/absences/none", None, ""),
        ("POST", "/offers/1/take", written({"person": api.ids["Bruno"]}), JSON),
        ("POST", "/offers/1/decide", written({"to": api.ids["Bruno"], "reason": "agreed"}), JSON),
        ("POST", "/offers/1/withdraw", written({}), JSON),
        ("POST", "/me/offers/9/take", None, ""),
        ("POST", "/me/offers", written({}), JSON),
        ("DELETE", "/overrides/1", written({"reason": "well again"}), JSON),
        ("DELETE", "/overrides/1", written({"reason": "twice"}), JSON),
    ]
    statuses = [answered_as_described(api, contract, *each) for each in asked]
    assert statuses[:5] == [200, 200, 200, 201, 201]
    assert statuses[-10:] == [404, 422, 404, 200, 409, 409, 404, 422, 200, 409]
    assert set(statuses[5:-10]) == {200}
    new = {
        "person": api.ids["Bruno"],
        "starts_at": "2026-12-24T00:00:00+01:00",
        "ends_at": "2026-12-27T00:00:00+01:00",
        "kind": "leave",
    }
    posted = ("POST", "/absences", json.dumps(new).encode(), "application/json")
    assert answered_as_described(api, contract, *posted) == 201
    for role, status in ((None, 401), (Role.SELF, 403)):
        assert answered_as_described(api, contract, "GET", "/people", None, "", role) == status


def answered_as_described(
    api: Api,
    contract: OpenAPI,
    method: str,
    path: str,
    body: bytes | None,
    kind: str,
    role: Role | None = Role.COORDINATOR,
) -> int:
    """Send a request and hold its answer against the description; return the status."""
    headers = {"Content-Type": kind} if kind else {}
    answer = api.ask(path, role, method, content=body, headers=headers)
    plain = path.partition("?")[0]
    asked: Any = Asked(method, plain, {}, body, kind)
    found = contract.iter_response_errors(asked, Answered(answer))
    wrong = [str(error.__cause__ or error) for error in found]
    assert not wrong, (method, path, answer.text[:300], wrong)
    return int(answer.status_code)


def test_no_odd_question_breaks_anything(api: Api, database: Database) -> None:
    full(database)
    spec = described(api)["paths"]
    names = sorted(
        {one["name"] for item in spec.values() for o in item.values() for one in o.get("parameters", ())}
    )

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize="HOTLINE_FUZZ_EXAMPLES" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        path=st.sampled_from(sorted(spec)),
        odd=st.text(max_size=8),
        query=st.dictionaries(st.sampled_from(names), ODD, max_size=4),
        method=st.sampled_from(["GET", "GET", "GET", "POST", "PUT", "DELETE", "PATCH"]),
        body=st.one_of(st.none(), st.binary(max_size=40), st.recursive(ODD, st.lists).map(json.dumps)),
        kind=st.sampled_from(["application/json", "application/toml", "text/csv", "\x7f"]),
    )
    def one(path: str, odd: str, query: dict[str, str], method: str, body: Any, kind: str) -> None:
        place = re.sub(r"\{\w+\}", quote(odd, safe="") or "x", path)
        sent = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        answer = api.ask(place, method=method, params=query, content=sent, headers={"Content-Type": kind})
        assert answer.status_code < 500, (method, place, query, sent, answer.text)
        assert answer.is_success or answer.headers["Content-Type"] == "application/problem+json"

    one()


@pytest.fixture
def phones() -> list[str]:
    """Everybody's number, without its country."""
    return re.findall(r"340\d{7}", PEOPLE)


@pytest.mark.parametrize("role", [Role.READER, Role.SELF])
def test_no_number_and_to_a_reader_no_name_leaves_the_house(
    api: Api, database: Database, phones: list[str], role: Role
) -> None:
    full(database)
    opened = 0
    for path, item in described(api)["paths"].items():
        if "get" not in item:
            continue
        answer = api.ask(path.format(person_id=api.ids["Anna"]), role)
        opened += answer.is_success
        assert not [phone for phone in phones if phone in answer.text], path
        hidden = [name for name in api.ids if role == Role.READER or name != "Anna"]
        assert not [name for name in hidden if name in answer.text], path
        assert not [one for one in api.ids.values() if role == Role.READER and one in answer.text], path
    assert opened == {Role.READER: 2, Role.SELF: 7}[role]
