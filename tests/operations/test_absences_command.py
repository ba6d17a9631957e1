"""Does `hotline absences import` name the coming shifts of whoever will be away?"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.operations.test_commands import Run, run

__all__ = ["run"]

MORNING = {"CLOCK_START": "2026-12-01T09:00:00+01:00"}
PEOPLE = """name,phone,role,languages
Anna Uno,3400000001,volunteer,it
Bruno Due,3400000002,volunteer,it
"""
SHIFTS = """phone,role,starts_at,ends_at
3400000001,volunteer,2026-11-30 20:00,2026-12-01 08:00
3400000001,volunteer,2026-12-01 08:00,2026-12-01 20:00
3400000001,volunteer,2026-12-04 20:00,2026-12-05 08:00
3400000001,volunteer,2026-12-05 08:00,2026-12-05 20:00
3400000002,volunteer,2026-12-05 08:00,2026-12-05 20:00
"""
HEAD = "phone,starts_at,ends_at,kind\n"
AWAY = f"""{HEAD}3400000001,2026-11-29 08:00,2026-12-01 12:00,sickness
3400000001,2026-12-05 00:00,2026-12-05 08:00,leave
"""
Imported = Callable[[str, str], list[str]]


@pytest.fixture
def imported(run: Run) -> Imported:
    """Import a file of a kind, and return the lines that are printed."""

    def done(kind: str, text: str) -> list[str]:
        Path(f"{kind}.csv").write_text(text)
        code, said = run(kind, "import", f"{kind}.csv", **MORNING)
        assert code == 0, said
        return said.splitlines()

    done("people", PEOPLE)
    done("shifts", SHIFTS)
    return done


def test_each_shift_that_is_touched_and_not_over_is_named_once_and_no_other(imported: Imported) -> None:
    assert imported("absences", AWAY) == [
        "2 added, 0 changed, 0 unchanged",
        "Anna Uno: Tue 2026-12-01 08:00 - 20:00 (12 h) volunteer: away; offer it or override it",
        "Anna Uno: Fri 2026-12-04 20:00 - Sat 05 Dec 08:00 (12 h) volunteer: away; offer it or override it",
    ]


def test_what_was_known_before_is_not_named_again(imported: Imported) -> None:
    imported("absences", AWAY)
    assert imported("absences", AWAY) == ["0 added, 0 changed, 2 unchanged"]
    assert imported("absences", AWAY.replace("leave", "other")) == ["0 added, 1 changed, 1 unchanged"]
    longer = AWAY + "3400000002,2026-12-05,2026-12-05,leave\n"
    assert [line.split(":")[0] for line in imported("absences", longer)[1:]] == ["Bruno Due"]


def test_of_many_shifts_twenty_are_named_and_the_others_counted(imported: Imported) -> None:
    days = [date(2027, 1, 1) + timedelta(days=day) for day in range(25)]
    rows = "".join(f"3400000001,volunteer,{day} 08:00,{day} 14:00\n" for day in days)
    imported("shifts", SHIFTS.splitlines()[0] + "\n" + rows)
    said = imported("absences", HEAD + "3400000001,2027-01-01,2027-01-31,leave\n")
    assert len(said) == 22
    assert said[-1] == "... and 5 more"


def test_a_shift_that_somebody_else_has_meanwhile_is_not_named(run: Run, imported: Imported) -> None:
    imported("people", "name,phone,role,languages\nCarla Tre,3400000004,coordinator,it\n")
    night = ("--from", "2026-12-04 20:00", "--to", "2026-12-05 08:00")
    who = ("3400000001", "3400000002", "--by", "3400000004", "--reason", "fever")
    assert run("override", "replace", *who, *night, **MORNING)[0] == 0
    named = imported("absences", AWAY)[1:]
    assert ["2026-12-01" in line for line in named] == [True]
