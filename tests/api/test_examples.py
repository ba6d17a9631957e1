"""Does every example of the document do what it says?"""

import re
import shlex
from urllib.parse import urlsplit

from hotline.api.tokens.token import Role
from tests.api.conftest import ROTA, Api
from tests.guards.files import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
HOST = "https://hotline.example.org"


def examples() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("curl ")]


def test_every_example_runs_one_after_the_other(api: Api) -> None:
    found = examples()
    assert len(found) >= 10
    for line in found:
        told = line.replace("$TOKEN", api.tokens[Role.COORDINATOR]).replace("$HOST", HOST)
        for name in ("Anna", "Bruno"):
            told = told.replace(name.upper(), api.ids[name])
        assert performed(api, shlex.split(told)[1:]) in (200, 201), line


def performed(api: Api, words: list[str]) -> int:
    """Do what curl would do with these words; return the status."""
    method, headers, body, url = "GET", {}, None, ""
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "--json":
            body, headers["Content-Type"] = next(rest), "application/json"
        elif word == "--data-binary":
            assert next(rest) == "@FILE"
            body = ROTA
        else:
            url = word
    parts = urlsplit(url)
    asked = parts._replace(scheme="", netloc="").geturl()
    return api.client.request(method, asked, headers=headers, content=body).status_code


def test_the_table_of_roles_and_the_commands_are_those_of_the_program() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == [role.value for role in Role]
