"""Can a coordinator have a month planned at a terminal, and draft and publish what comes of it?"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.audit.tables import access_log
from hotline.database import Database
from hotline.people.serving import store as serving
from hotline.people.store import everybody
from tests.operations.test_commands import run

__all__ = ["run"]

Run = Callable[..., tuple[int, str]]
PEOPLE = """name,phone,role,languages,contract,training_until
Anna,3400000001,volunteer,it,volunteer,2027-12-31
Bruno,3400000002,volunteer,it,volunteer,2027-12-31
Lucia,3400000003,social_worker,it,municipal,
Carla,3400000004,coordinator,it,cooperative,
"""
ABSENCES = "phone,starts_at,ends_at,kind\n3400000001,2026-12-01,2026-12-02,leave\n"
WISHES = "phone,days,starts,ends,wish\n3400000002,thu,18:00,23:00,impossible\n"
ROTA = """[rota]
from = 2026-11-01
single = ["social_worker"]

[[band]]
name = "sera"
role = "volunteer"
from = "18:00"
to = "22:00"

[[band]]
name = "reperibilità"
role = "social_worker"
from = "20:00"
to = "08:00"

[[rotation]]
band = "sera"
every = "shift"
order = ["+393400000001", "+393400000002"]
"""
NIGHT = {"CLOCK_START": "2026-11-22T03:00:00+01:00"}
WEEK = ("plan", "--from", "2026-12-01", "--to", "2026-12-07", "--solver", "greedy", "--seconds", "1")


@pytest.fixture
def hotline(run: Run, database: Database, tmp_path: Path) -> Callable[..., str]:
    def said(*words: str) -> str:
        code, printed = run(*words, **NIGHT)
        assert code == 0, printed
        return printed

    for what, rows in (("people", PEOPLE), ("absences", ABSENCES), ("wishes", WISHES)):
        (tmp_path / f"{what}.csv").write_text(rows)
        said(what, "import", f"{what}.csv")
    with database.transaction() as tx:
        tested = datetime(2026, 11, 1, tzinfo=UTC)
        known = serving.terms_of(tx, everybody(tx)).values()
        serving.keep_terms(tx, [replace(terms, phone_verified_at=tested) for terms in known])
    (tmp_path / "rota.toml").write_text(ROTA)
    said("rota", "draft", "rota.toml")
    return said


def test_a_week_is_planned_drafted_and_published(hotline: Callable[..., str], tmp_path: Path) -> None:
    said = hotline(*WEEK, "--out", "plan.toml").splitlines()
    assert said[0] == "2026-12-01 to 2026-12-07 by greedy: 13 of 14 places."
    # Anna is away on the first two days; Bruno cannot on Thursday; otherwise they share.
    evenings = [line.split(": ")[1] for line in said if "(volunteer)" in line]
    assert evenings[:3] == ["Bruno", "Bruno", "Anna"]
    assert abs(evenings.count("Anna") - evenings.count("Bruno")) <= 1
    # One social worker may be on call six times a month.
    lacking = next(line for line in said if "missing" in line)
    assert lacking.endswith("1 of 1 social_worker missing: 1 would break R7")
    assert any(
        "social_worker: 1 here, 1 places open: 1 more would fill them; 2 in all" in line for line in said
    )
    assert "Broken rules of single people: nothing" in said

    drafted = hotline("rota", "draft", "plan.toml")
    assert "Impossible: it cannot be published: nothing" in drafted
    assert "  R11 " not in drafted
    hotline("rota", "publish", "--by", "340 0000004", "--reason", "December as planned")
    assert "volunteers: Bruno" in hotline("duty", "--at", "2026-12-01T19:00+01:00")
    assert "volunteers: Anna" in hotline("duty", "--at", "2026-12-03T19:00+01:00")
    # Outside the planned days the turns are as they were.
    assert "volunteers: Bruno" in hotline("duty", "--at", "2026-11-22T19:00+01:00")
    assert "volunteers: Bruno" in hotline("duty", "--at", "2026-12-08T19:00+01:00")
    # Planned again, from what is in force now, the same comes out.
    hotline(*WEEK, "--out", "again.toml")
    assert (tmp_path / "again.toml").read_text() == (tmp_path / "plan.toml").read_text()


def test_scripts_read_the_same_as_json_and_who_planned_is_noted(
    hotline: Callable[..., str], database: Database
) -> None:
    told = json.loads(hotline(*WEEK, "--json"))
    assert (told["from"], told["to"], told["planner"]) == ("2026-12-01", "2026-12-07", "greedy")
    assert (told["places"], told["filled"], told["errors"]) == (14, 13, [])
    assert [one["reasons"] for one in told["open"]] == [{"would break R7": 1}]
    assert told["slots"][0] == {
        "band": "sera",
        "role": "volunteer",
        "day": "2026-12-01",
        "from": "2026-12-01T18:00:00+01:00",
        "to": "2026-12-01T22:00:00+01:00",
        "headcount": 1,
        "people": ["Bruno"],
    }
    assert {"greedy", "least-recent"} <= {one["planner"] for one in told["compared"]}
    with database.reading() as tx:
        read = [(row.action, row.what) for row in tx.execute(select(access_log))]
    assert read == [("plan rota", "2026-12-01 to 2026-12-07")]


REFUSED = [
    ((), "say which days: --month 2027-01"),
    (("--month", "2027-13"), "--month 2027-13: not a month"),
    (("--month", "2027-01", "--from", "2027-01-01"), "not both"),
    (("--from", "2027-01-31", "--to", "2027-01-01"), "exchange them"),
    (("--from", "1/1", "--to", "2027-01-01"), "--from 1/1: not a day"),
    (("--month", "2026-11"), "the past is not planned: --from 2026-11-23 or later"),
    (("--from", "2026-12-01", "--to", "2027-06-01"), "plan a month at a time"),
    (("--month", "2027-01", "--solver", "abacus"), "write one of auto, cp-sat, greedy, least-recent"),
    ((*WEEK[1:], "--out", "no/where.toml"), "no/where.toml: cannot be written"),
]


def test_what_cannot_be_planned_is_said_in_one_sentence(hotline: Callable[..., str], run: Run) -> None:
    for words, reason in REFUSED:
        code, printed = run("plan", *words, **NIGHT)
        assert code == 1, words
        assert reason in printed
        assert "Traceback" not in printed


def test_without_a_rota_there_are_no_slots_to_plan(run: Run) -> None:
    code, printed = run("plan", "--month", "2027-01", **NIGHT)
    assert (code, printed.strip()) == (
        1,
        "there is no rota to plan for: draft one with its bands, hotline rota draft FILE",
    )
