"""Does the API say what the terminal says, and is every change written down with who made it?"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.api.feeds.actions import make_feed
from hotline.api.tokens.token import Role
from hotline.audit.store import newest_changes
from hotline.audit.tables import access_log
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.people.serving.actions import import_wishes
from tests.api.conftest import ROTA, Api
from tests.operations.test_commands import run

__all__ = ["run"]

Run = Callable[..., tuple[int, str]]
AT = "2026-11-22T22:00:00+01:00"
TOML = {"headers": {"Content-Type": "application/toml"}}


@pytest.fixture
def hotline(run: Run, monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> Callable[..., object]:
    """Run a command with `--json` at the moment of the test, and return what it printed."""
    monkeypatch.setattr("hotline.app.clock_of", lambda *_: clock)

    def ran(*words: str) -> object:
        return json.loads(run(*words, "--json")[1])

    return ran


def answer(api: Api, path: str, **more: object) -> object:
    found = api.ask(path, **more)  # type: ignore[arg-type]  # what a request carries
    assert found.status_code == 200, found.text
    return found.json()


def test_the_api_and_the_terminal_say_the_same(api: Api, hotline: Callable[..., object]) -> None:
    api.ask("/rota/draft", method="PUT", content=ROTA, **TOML)
    at = {"params": {"at": AT}}
    draft = {"params": {"at": AT, "draft": "true"}}
    assert answer(api, "/duty", **at) == hotline("duty", "--at", AT)
    assert answer(api, "/duty", **draft) == hotline("duty", "--draft", "--at", AT)
    assert answer(api, "/duty", **draft) != answer(api, "/duty", params={"at": "2026-11-23T22:00:00+01:00"})
    plan = {"params": {"at": AT, "category": "VIO", "language": "en"}}
    said = hotline("ring-plan", "--at", AT, "--category", "VIO", "--language", "en")
    assert answer(api, "/ring-plan", **plan) == said
    period = {"params": {"from": AT, "to": "2026-11-29T22:00:00+01:00"}}
    assert answer(api, "/coverage", **period) == hotline("coverage", "--at", AT, "--days", "7")
    assert answer(api, "/rota/draft") == hotline("rota", "show")
    days = ("--from", "2026-11-01", "--to", "2026-11-22")
    shares = answer(api, "/fairness", params={"from": "2026-11-01", "to": "2026-11-22"})
    assert shares == {"shares": hotline("fairness", *days)}
    api.ask("/rota/publish", method="POST", json={"reason": "December"})
    assert answer(api, "/rota/versions") == {"versions": hotline("rota", "versions")}
    assert answer(api, "/rota/history", **at) == hotline("rota", "history", "--at", AT)
    assert answer(api, "/changes") == {"changes": hotline("changes")}


def test_a_rota_goes_from_a_program_to_the_phones(api: Api, database: Database) -> None:
    assert api.ask("/rota/draft").json()["detail"] == "there is no draft: PUT one here"
    kept = answer(api, "/rota/draft", method="PUT", json={"rota": ROTA})
    assert isinstance(kept, dict)
    assert (kept["version"], kept["new"], kept["review"]["draft"]) == (1, True, 1)
    again = answer(api, "/rota/draft", method="PUT", content=ROTA, **TOML)
    assert again == {**kept, "new": False}
    refused = api.ask("/rota/publish", method="POST", json={"reason": " "})
    assert (refused.status_code, refused.json()["detail"][:33]) == (422, "reason: say why in a few words (1")
    done = answer(api, "/rota/publish", method="POST", json={"reason": "December"})
    assert isinstance(done, dict)
    assert (done["outcome"], done["version"]) == ("published", 1)
    assert {one["name"] for one in done["changes"]} == {"Anna", "Bruno"}
    same = answer(api, "/rota/draft", method="PUT", json={"rota": ROTA})
    assert same == {"version": 1, "new": False, "review": None}
    unchanged = answer(api, "/rota/publish", method="POST", json={"reason": "again"})
    assert isinstance(unchanged, dict)
    assert (unchanged["outcome"], unchanged["from"]) == ("unchanged", None)
    with database.reading() as tx:
        carla = api.ids["Carla"]
        noted = [(one.who, one.what, one.why) for one in newest_changes(tx, 9, "rota")]
    assert noted == [(carla, "rota 1 published", "December"), (carla, "rota 1 drafted", None)]
    versions = answer(api, "/rota/versions")
    assert isinstance(versions, dict)
    assert versions["versions"][0]["drafted_by"] == versions["versions"][0]["published_by"] == "Carla"


NO_ROTA = [
    (b"[rota]\nfrom = soon", "application/toml", 422, "rota:2: not valid TOML"),
    (b"[rota]\nfrom = 2026-11-01\n", "application/toml", 422, "rota: [[band]] is missing"),
    (b"\xff\xfe", "application/toml", 422, "the body is not UTF-8 text"),
    (b'{"rota": 3}', "application/json", 422, "the body is not UTF-8 text, or not JSON"),
    (b"{", "application/json", 422, "the body is not UTF-8 text, or not JSON"),
    (b"x", "application/x-www-form-urlencoded", 415, "send the rota file as application/toml"),
    (b"x" * 1_000_001, "application/toml", 413, "the body is larger than any rota"),
    (b"a = " + b"[" * 9_000, "application/toml", 422, "rota: not readable"),
    (b"a = " + b"9" * 9_000, "application/toml", 422, "rota: not readable"),
]


def test_a_rota_that_is_not_understood_is_refused_in_one_sentence_and_nothing_is_kept(api: Api) -> None:
    for body, kind, status, said in NO_ROTA:
        refused = api.ask("/rota/draft", method="PUT", content=body, headers={"Content-Type": kind})
        assert (refused.status_code, refused.headers["Content-Type"]) == (status, "application/problem+json")
        assert refused.json()["detail"].startswith(said)
        assert refused.headers["Cache-Control"] == "no-store"
    assert api.ask("/rota/draft").status_code == 404


def test_an_absence_is_added_seen_and_taken_back(api: Api, database: Database) -> None:
    anna, whole = api.ids["Anna"], {"params": {"from": "2026-12-20T00:00+01:00"}}
    new = {
        "person": anna,
        "starts_at": "2026-12-24T00:00+01:00",
        "ends_at": "2026-12-27T00:00+01:00",
        "kind": "sickness",
        "reason": "she called",
    }
    added = api.ask("/absences", method="POST", json=new)
    assert added.status_code == 201
    key = added.json()["id"]
    assert answer(api, "/absences", **whole) == {"absences": [added.json()]}
    assert answer(api, "/me/absences", role=Role.SELF, **whole) == {"absences": [added.json()]}
    overlapping = api.ask("/absences", method="POST", json={**new, "ends_at": "2026-12-25T00:00+01:00"})
    assert overlapping.json()["detail"].startswith("overlaps another absence of the same person")
    reversed_ = api.ask("/absences", method="POST", json={**new, "ends_at": "2026-12-23T00:00+01:00"})
    assert reversed_.json()["detail"] == "ends_at: not after starts_at; exchange or correct them"
    assert api.ask("/absences", method="POST", json={**new, "person": "nobody"}).status_code == 404
    assert api.ask(f"/absences/{key}", method="DELETE").status_code == 204
    assert api.ask(f"/absences/{key}", method="DELETE").status_code == 404
    assert answer(api, "/absences", **whole) == {"absences": []}
    with database.reading() as tx:
        noted = [(one.who, one.before, one.after, one.why) for one in newest_changes(tx, 9, "absences")]
    away = "sickness from 2026-12-23T23:00:00+00:00 to 2026-12-26T23:00:00+00:00"
    carla = api.ids["Carla"]
    assert noted == [(carla, away, None, "taken back by the API"), (carla, None, away, "she called")]


def test_every_reading_is_written_down_with_its_token(api: Api, database: Database) -> None:
    for path in ("/duty", "/people", "/me/shifts", "/changes"):
        answer(api, path)
    answer(api, "/me/shifts", role=Role.SELF)
    with database.reading() as tx:
        read = [(row.who, row.action, row.what) for row in tx.execute(select(access_log))]
    assert [(who, action) for who, action, _ in read] == [
        *[(api.ids["Carla"], "api read")] * 4,
        (api.ids["Anna"], "api read"),
    ]
    assert [what.split(": ")[1] for *_, what in read] == [
        "duty",
        "people",
        "own shifts",
        "changes",
        "own shifts",
    ]


def test_ones_own_token_shows_only_ones_own(api: Api) -> None:
    own = answer(api, "/me/shifts", role=Role.SELF)
    assert isinstance(own, dict)
    assert [one["starts_at"] for one in own["shifts"]] == [
        "2026-11-21T20:00:00+01:00",
        "2026-11-23T20:00:00+01:00",
    ]
    me = answer(api, f"/people/{api.ids['Anna']}", role=Role.SELF)
    assert isinstance(me, dict)
    assert (me["name"], me["phone"]) == ("Anna", "•••001")
    assert answer(api, "/me", role=Role.SELF) == me
    whole = answer(api, f"/people/{api.ids['Anna']}")
    assert isinstance(whole, dict)
    assert whole["phone"] == "+393400000001"
    for other in (api.ids["Bruno"], "nobody"):
        assert api.ask(f"/people/{other}", Role.SELF).status_code == 403
    assert api.ask("/people/nobody").status_code == 404


def test_files_of_the_api_are_the_files_of_the_terminal(
    api: Api, run: Run, tmp_path: Path, database: Database
) -> None:
    with database.transaction() as tx:
        import_wishes(tx, "phone,days,starts,ends,wish\n3400000001,sat,22:00,08:00,impossible\n")
    api.ask(
        "/absences",
        method="POST",
        json={
            "person": api.ids["Anna"],
            "starts_at": "2026-12-24T00:00+01:00",
            "ends_at": "2026-12-27T00:00+01:00",
            "kind": "leave",
        },
    )
    span = {"from": "2026-11-20T00:00+01:00", "to": "2026-12-30T00:00+01:00"}
    for kind, count in (("people", 4), ("shifts", 4), ("absences", 1), ("wishes", 1)):
        found = api.ask(f"/{kind}", headers={"Accept": "text/csv"}, params=span)
        assert found.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert found.headers["Content-Disposition"] == f'attachment; filename="{kind}.csv"'
        (tmp_path / "again.csv").write_text(found.text, encoding="utf-8")
        assert run(kind, "import", "again.csv") == (0, f"0 added, 0 changed, {count} unchanged\n")
    exported = run("people", "export")[1]
    assert exported == api.ask("/people", headers={"Accept": "text/csv"}).text


WRONG = [
    ("/duty?at=2026-11-22", "at: has no offset; write it as 2026-11-22T03:00:00+01:00"),
    ("/duty?at=tomorrow", "at: not a moment; write it with its offset, as 2026-11-22T03:00:00+01:00"),
    ("/duty?at=0001-01-01T00:00%2B14:00", "at: the year must be between 2000 and 2099"),
    ("/shifts?from=2026-11-22T03:00%2B01:00&to=2026-11-22T03:00%2B01:00", "to: not after from"),
    ("/shifts?from=2026-01-01T03:00Z&to=2026-11-22T03:00Z", "to: more than 92 days after from"),
    ("/fairness?from=2020-01-01", "to: more than 366 days after from"),
    ("/duty?draft=true", "draft: there is none"),
    ("/changes?most=0", "most: Input should be greater than or equal to 1"),
]


def test_what_is_asked_wrongly_is_answered_in_one_sentence(api: Api) -> None:
    for path, said in WRONG:
        refused = api.ask(path)
        assert (refused.status_code, refused.json()["status"]) == (422, 422)
        assert refused.json()["detail"].startswith(said)


@pytest.mark.parametrize("path", ["/shifts?person=%00", "/changes?about=%00"])
def test_a_sign_that_no_database_keeps_is_not_taken_for_a_database_that_is_down(api: Api, path: str) -> None:
    assert api.ask(path).status_code in (200, 422)


@pytest.mark.parametrize("path", ["/api/v1/duty/", "/feeds/secret-of-anna.ics/"])
def test_nobody_is_sent_with_a_secret_to_the_host_that_a_request_names(api: Api, path: str) -> None:
    headers = {**api.header(Role.COORDINATOR), "Host": "elsewhere.example"}
    answer = api.client.get(path, headers=headers, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


def test_an_offset_with_a_plain_plus_is_understood(api: Api) -> None:
    assert answer(api, f"/duty?at={AT}") == answer(api, "/duty", params={"at": AT})


def test_figures_name_the_template_of_a_route_and_no_secret(api: Api, database: Database) -> None:
    with database.transaction() as tx:
        secret = make_feed(tx, "3400000001", "the tests")
    for path in ("/api/v1/duty", f"/api/v1/people/{api.ids['Anna']}", f"/feeds/{secret}.ics"):
        api.client.get(path, headers=api.header(Role.COORDINATOR))
    api.ask("/no-such-thing")
    page = api.client.get("/metrics").text
    for route in ("/api/v1/duty", "/api/v1/people/{person_id}", "/feeds/{secret}.ics"):
        assert f'route="{route}"' in page
    for hidden in (secret, api.ids["Anna"], "no-such-thing"):
        assert hidden not in page
