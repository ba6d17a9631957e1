"""Does every command, link and path that the documents show exist?"""

import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_command

from tests.guards.files import ROOT, shown, tracked

PAGES = sorted(path for path in tracked() if path.suffix == ".md")
MAPS = [page for page in PAGES if page.parent == ROOT / "docs" or page.name == "README.md"]
LAUNCHER_WORDS = {"test", "setup"}
_FILE = r"(?:[\w.-]+/)*[\w-]+\.(?:py|toml|cfg|md|ya?ml|js|html|xml|wav|key|sealed)\b"
_FOLDER = r"(?:[a-z_\d]+/)+(?![\w.*<])"
OPERATORS_OWN = "var/"
"""The folder of what an installation keeps is never in the repository."""


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    inside = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert not [link for link in inside if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", MAPS, ids=shown)
def test_every_path_that_a_map_names_is_there(page: Path) -> None:
    files = {shown(path) for path in tracked()}
    folders = {f"{folder.as_posix()}/" for file in files for folder in Path(file).parents}
    known = [f"/{path}" for path in files | folders]
    named = re.findall(rf"(?<![\w/.:-])(?:{_FILE}|{_FOLDER})", re.sub(r"\]\([^)]*\)", "]", page.read_text()))
    ours = [name for name in named if not name.startswith(OPERATORS_OWN)]
    assert not [name for name in ours if not any(path.endswith(f"/{name}") for path in known)]


def test_every_command_of_the_readme_exists() -> None:
    known = commands(get_command(import_module("hotline.cli").app))
    readme = (ROOT / "README.md").read_text()
    shown_commands = re.findall(r"(?:\./run|`hotline|\$ hotline) ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", readme)
    assert shown_commands, "the README shows no command"
    for words in shown_commands:
        first = words.split()[0]
        assert first in LAUNCHER_WORDS or words in known or first in known, f"README: {words!r} is no command"


def test_ci_runs_the_readme_s_own_test_command() -> None:
    assert "./run test\n" in (ROOT / "README.md").read_text()
    assert re.search(r"\./run test$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_scripts_can_be_run_and_parse(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111, f"chmod +x {script}"
    shell = path.read_text().split("\n")[0].removeprefix("#!").split()
    assert subprocess.run([*shell, "-n", path], check=False).returncode == 0


def commands(group: object, before: str = "") -> set[str]:
    found: set[str] = set()
    for name, command in getattr(group, "commands", {}).items():
        found |= {f"{before}{name}"} | commands(command, f"{before}{name} ")
    return found
