"""Does every command and link that the documents show exist?"""

import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_command

from tests.guards.files import ROOT, shown, tracked

PAGES = sorted(path for path in tracked() if path.suffix == ".md")
LAUNCHER_WORDS = {"test", "setup"}


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    inside = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert not [link for link in inside if not (page.parent / link).exists()]


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
