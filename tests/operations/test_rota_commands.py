"""Can a coordinator draft, look at, publish and look back on the rota from a terminal?"""

import json
from collections.abc import Callable
from pathlib import Path

from tests.operations.test_commands import run

__all__ = ["run"]

Run = Callable[..., tuple[int, str]]
PEOPLE = """name,phone,role,languages
Anna,3400000001,volunteer,it
Bruno,3400000002,volunteer,it
Carla,3400000004,coordinator,it
"""
ROTA = """[rota]
from = 2026-11-01

[[band]]
name = "notte"
role = "volunteer"
from = "20:00"
to = "08:00"

[[rotation]]
band = "notte"
every = "shift"
order = ["+393400000001", "+393400000002"]
"""
NIGHT = {"CLOCK_START": "2026-11-22T03:00:00+01:00"}


def test_a_rota_goes_from_a_file_to_the_phones(run: Run, tmp_path: Path) -> None:
    def hotline(*words: str) -> str:
        code, printed = run(*words, **NIGHT)
        assert code == 0, printed
        return printed

    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "rota.toml").write_text(ROTA)
    hotline("people", "import", "people.csv")
    assert "What changes for whom:" in hotline("rota", "draft", "rota.toml")
    assert "volunteers: nobody" in hotline("duty", "--at", "2026-11-22T22:00+01:00")
    assert "volunteers: Bruno" in hotline("duty", "--draft", "--at", "2026-11-22T22:00+01:00")
    plan = json.loads(hotline("ring-plan", "--draft", "--at", "2026-11-23T22:00+01:00", "--json"))
    assert [one["name"] for one in plan["tiers"][0]["people"]] == ["Anna"]
    said = hotline("rota", "publish", "--by", "340 0000004", "--reason", "the first rota")
    assert said.startswith("Version 1 is in force from 2026-11-22 03:0")
    assert "2 people are told what changed for them: 0 by text, 2 by a call" in said
    assert "Anna: 29 new, 0 gone: NOT TOLD yet" in hotline("rota", "told")
    assert "volunteers: Bruno" in hotline("duty", "--at", "2026-11-22T22:00+01:00")
    board = hotline("rota", "show")
    assert board.startswith("Version 1, drafted by")
    assert "R13 2026-11-22" in board
    # What was published for a reason is said every morning until it is mended.
    morning = hotline("morning")
    assert "Broken in the rota in force, until it is mended:" in morning
    assert "R13 2026-11-22" in morning
    assert "more: hotline rota show" in morning
    assert len(json.loads(hotline("morning", "--json"))["broken_in_the_rota"]) > 10
    assert "Nothing to publish" in hotline("rota", "publish", "--by", "340 0000004", "--reason", "again")
    assert "Nothing new: version 1 says the same." in hotline("rota", "draft", "rota.toml")
    assert hotline("rota", "export") == ROTA.replace(
        'role = "volunteer"\n', 'role = "volunteer"\ndays = "all"\n'
    ).replace('to = "08:00"\n', 'to = "08:00"\nheadcount = 1\nholidays = "as usual"\n')
    assert "published by Carla: the first rota" in hotline("rota", "versions")
    assert "Bruno: Sun 2026-11-22 20:00 - Mon 23 Nov 08:00 (12 h)" in hotline(
        "rota", "history", "--at", "2026-11-22T22:00+01:00"
    )
    assert "Carla: rota 1 published: nothing -> version 1" in hotline("changes", "--about", "rota")


def test_a_rota_that_cannot_be_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "rota.toml").write_text(
        ROTA + '\n[[band]]\nname = "sera"\nrole = "volunteer"\nfrom = "18:00"\nto = "21:00"\n'
        '\n[[rotation]]\nband = "sera"\nevery = "shift"\norder = ["+393400000002"]\n'
    )
    run("people", "import", "people.csv", **NIGHT)
    code, printed = run("rota", "draft", "rota.toml", **NIGHT)
    assert (code, "Bruno is on twice at once" in printed) == (0, True)
    code, printed = run("rota", "publish", "--by", "3400000004", "--reason", "try", **NIGHT)
    assert code == 1
    assert printed.startswith("the draft is impossible and was not published:")
    assert "Traceback" not in printed
    assert run("rota", "publish", "--by", "3400000001", "--reason", "try", **NIGHT)[0] == 1
    assert run("rota", "show", "--version", "7", **NIGHT)[1].startswith(
        "--version 7: there is no such version"
    )
