"""Is a replica back within seconds? What makes a start slow is not loaded, and not looked through."""

import subprocess
import sys

ONLY_WHEN_NEEDED = ("alembic", "fpdf", "holidays", "ortools", "hotline.demo", "hotline.simulator")


def printed_by(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    ).stdout


def test_a_start_loads_nothing_that_only_other_commands_need() -> None:
    loaded = printed_by("import sys, hotline.cli, hotline.serving; print(*sys.modules)").split()

    assert "hotline.calls.webhooks" in loaded
    assert [name for name in ONLY_WHEN_NEEDED if name in loaded] == []


def test_the_program_itself_is_never_looked_through_for_what_can_be_thrown_away() -> None:
    # A look through all of it takes a fifth of a second, and would come in the middle of a call.
    said = printed_by(
        """
import gc, sys
from hotline.__main__ import main
sys.argv = ["hotline", "--help"]
try:
    main()
except SystemExit:
    pass
print(gc.isenabled(), gc.get_freeze_count())
"""
    )

    enabled, kept = said.split()[-2:]
    assert enabled == "True"
    assert int(kept) > 50_000
