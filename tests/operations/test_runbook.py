"""Does the 3 a.m. page name only commands, figures and settings that exist?"""

import re

from typer.main import get_command

from hotline.cli import app
from hotline.operations.figures import Figures, ToHuman
from hotline.operations.metrics import Metrics
from tests.guards.files import ROOT
from tests.guards.test_readme import commands
from tests.guards.test_settings import EXAMPLE

PAGE = (ROOT / "docs" / "runbook.md").read_text()
NOTHING_YET = Figures({}, {}, {}, {}, ToHuman((0,) * 12, 0, 0.0), 0.0)


def test_every_command_of_the_page_exists() -> None:
    known = commands(get_command(app))
    named = set(re.findall(r"`hotline ([a-z][a-z-]*)", PAGE))
    assert named
    assert {name for name in named if name not in known} == set()


def test_every_figure_of_the_page_is_published() -> None:
    metrics = Metrics(lambda: {"a job": 1.0}, "0")
    metrics.note_answer("/twilio/voice", 200, 0.1)
    page = metrics.page(NOTHING_YET).decode()
    named = set(re.findall(r"hotline_[a-z_]+", PAGE))
    assert {name for name in named if not re.search(rf"^{name}(?:_count)?\b", page, re.MULTILINE)} == set()


def test_every_setting_of_the_page_can_be_set() -> None:
    listed = EXAMPLE.read_text()
    named = set(re.findall(r"\b(?:HOTLINE|TWILIO)_[A-Z_]+", PAGE))
    assert {name for name in named if name not in listed} == set()
