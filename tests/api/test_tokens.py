"""Is a token shown once, kept as a hash, closed in time, and is whoever guesses told nothing and to wait?"""

import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from hotline.api.tokens.actions import make_token
from hotline.api.tokens.store import every_token
from hotline.api.tokens.tables import api_tokens, wrong_tokens
from hotline.api.tokens.token import Role
from hotline.audit.store import newest_changes
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.errors import BadInput
from hotline.people.actions import import_people, set_active
from tests.api.conftest import PHONES, Api
from tests.operations.test_commands import run

__all__ = ["run"]

Run = Callable[..., tuple[int, str]]
NEW = ("token", "new", "--for", "340 0000004", "--role", "coordinator", "--name", "Comune", "--days", "30")


def test_from_the_terminal_a_token_is_made_listed_used_and_revoked(
    run: Run, api: Api, database: Database
) -> None:
    code, printed = run(*NEW)
    secret = printed.strip()
    assert (code, bool(re.fullmatch(r"pis_[\w-]{43}", secret))) == (0, True)
    bearer = {"Authorization": f"Bearer {secret}"}
    # The clock of the terminal is the wall's; the one of the tests stands in November.
    assert api.client.get("/api/v1/duty", headers=bearer).status_code == 200
    listed = json.loads(run("token", "list", "--json")[1])
    mine = next(one for one in listed if one["name"] == "Comune")
    assert (mine["role"], mine["person"], mine["state"]) == ("coordinator", "Carla", "valid")
    assert mine["made_by"].startswith("terminal user")
    assert mine["last_used_at"] == "2026-11-22T03:00:00+01:00"
    assert f"{mine['id']}  coordinator  Carla (Comune): valid" in run("token", "list")[1]
    assert run("token", "revoke", mine["id"]) == (0, "The token is revoked.\n")
    assert api.client.get("/api/v1/duty", headers=bearer).status_code == 401
    assert run("token", "revoke", mine["id"])[0] == 1
    assert run("token", "revoke", "none") == (
        1,
        "none: there is no such token; hotline token list shows them\n",
    )
    with database.reading() as tx:
        stored = str([tuple(row) for row in tx.execute(select(api_tokens))])
        noted = [(one.what, one.after) for one in newest_changes(tx, 2, "token")]
    assert secret not in stored
    assert secret.removeprefix("pis_") not in stored
    assert [what for what, _ in noted] == [f"token {mine['id']}"] * 2
    assert noted[0][1] is None


def test_a_token_is_for_somebody_active_and_all_but_ones_own_for_a_coordinator(
    api: Api, database: Database
) -> None:
    with database.transaction() as tx:
        for phone, role in ((PHONES["Anna"], Role.READER), (PHONES["Lucia"], Role.COORDINATOR)):
            with pytest.raises(BadInput, match="is for a coordinator"):
                make_token(tx, phone, role, "the tests")
        with pytest.raises(BadInput, match="import the person first"):
            make_token(tx, "3400000099", Role.SELF, "the tests")
        set_active(tx, PHONES["Bruno"], active=False)
        with pytest.raises(BadInput, match="no longer active"):
            make_token(tx, PHONES["Bruno"], Role.SELF, "the tests")


def test_a_token_ends_with_its_days_and_with_its_persons_service(
    api: Api, database: Database, clock: ManualClock
) -> None:
    def opens(role: Role, path: str) -> int:
        return api.ask(path, role).status_code

    assert opens(Role.SELF, "/me/shifts") == 200
    with database.transaction() as tx:
        set_active(tx, PHONES["Anna"], active=False)
    assert opens(Role.SELF, "/me/shifts") == 401
    with database.transaction() as tx:
        import_people(tx, "name,phone,role,languages\nCarla,3400000004,volunteer,it\n")
    assert opens(Role.COORDINATOR, "/duty") == opens(Role.READER, "/coverage") == 401
    with database.transaction() as tx:
        import_people(tx, "name,phone,role,languages\nCarla,3400000004,coordinator,it\n")
    assert opens(Role.COORDINATOR, "/duty") == 200
    clock.advance(365 * 86400)
    assert opens(Role.COORDINATOR, "/duty") == 401


NOT_HOLDING = (
    "",
    "Bearer",
    "Bearer ",
    "Bearer pis_wrong",
    "Basic cGlzOnBpcw==",
    "bearer\tx",
    f"Bearer {'x' * 4000}",
)


def test_whatever_does_not_hold_gets_the_same_answer(api: Api) -> None:
    for authorization in NOT_HOLDING:
        answer = api.client.get("/api/v1/duty", headers={"Authorization": authorization})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.json() == {
            "type": "about:blank",
            "title": "Unauthorized",
            "status": 401,
            "detail": "the token is missing, wrong or no longer valid: send Authorization: Bearer pis_…",
        }


def test_a_token_in_the_address_opens_nothing(api: Api) -> None:
    secret = api.tokens[Role.COORDINATOR]
    for name in ("token", "access_token", "authorization"):
        assert api.client.get(f"/api/v1/duty?{name}={secret}").status_code == 401


def test_after_ten_wrong_tokens_an_address_waits_and_a_right_one_is_let_in_all_the_same(
    api: Api, database: Database, clock: ManualClock
) -> None:
    def wrong() -> int:
        return api.client.get("/api/v1/duty", headers={"Authorization": "Bearer pis_guess"}).status_code

    assert [wrong() for _ in range(12)] == [401] * 10 + [429] * 2
    assert api.ask("/duty").status_code == 200, "nobody can lock the coordinator out"
    last = api.client.get("/api/v1/duty", headers={"Authorization": "Bearer pis_guess"})
    assert last.headers["Retry-After"] == "600"
    with database.reading() as tx:
        row = tx.execute(select(wrong_tokens)).one()
    assert (row.wrong, len(row.address)) == (10, 40), "counted no further, and no address is kept in clear"
    clock.advance(600)
    assert wrong() == 401
    clock.advance(2 * 86400)
    api.client.get("/api/v1/duty", headers={"Authorization": "Bearer pis_guess"})
    with database.reading() as tx:
        assert tx.execute(select(func.count()).select_from(wrong_tokens)).scalar() == 1


def test_no_token_at_all_is_not_counted_as_a_guess(api: Api) -> None:
    assert {api.ask("/duty", None).status_code for _ in range(15)} == {401}


def test_use_is_noted_once_a_minute(api: Api, database: Database, clock: ManualClock) -> None:
    def used() -> str:
        with database.reading() as tx:
            found = next(one for one in every_token(tx) if one.role == Role.COORDINATOR)
        return f"{found.last_used_at:%H:%M:%S}"

    api.ask("/duty")
    assert used() == "02:00:00"
    clock.advance(30)
    api.ask("/duty")
    assert used() == "02:00:00"
    clock.advance(31)
    api.ask("/duty")
    assert used() == "02:01:01"
