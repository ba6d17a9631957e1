"""Does a file that was exported say the same when it is imported again, also from a spreadsheet?"""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hotline.audit.tables import access_log
from hotline.database import Database
from hotline.people.actions import set_active
from hotline.people.csv_rows import CsvFile, write_csv
from tests.operations.test_commands import run

__all__ = ["run"]

Run = Callable[..., tuple[int, str]]
NIGHT = {"CLOCK_START": "2026-10-20T03:00:00+02:00"}
FILES = {
    "people": """name,phone,role,languages,last_resort,contract,qualifications,training_until,told_by
Anna,3400000001,volunteer,it;en,no,,violence;woman,2027-06-30,call
"=HYPERLINK(""http://example.org"")",3400000002,volunteer,it,,,,,
"Rossi, Carla",3400000004,coordinator,it;fr,no,municipal,,,text
""",
    "shifts": """phone,role,starts_at,ends_at
3400000001,volunteer,2026-10-24T20:00+02:00,2026-10-25T08:00+01:00
3400000002,volunteer,2026-10-25T02:30+02:00,2026-10-25T02:30+01:00
""",
    "absences": """phone,starts_at,ends_at,kind
3400000001,2026-12-24,2026-12-26,leave
3400000002,2026-10-25T02:30+02:00,2026-10-25T02:30+01:00,sickness
""",
    "wishes": """phone,days,starts,ends,wish
3400000001,sat;dom,22:00,24:00,impossible
3400000004,mon-fri,08:00,14:00,preferred
""",
}
LETTERS = st.text(st.sampled_from("'=+-@ab\"\n,; \t"), max_size=6)


@pytest.fixture
def hotline(run: Run, tmp_path: Path) -> Callable[..., str]:
    """Run a command that succeeds, after everything has been imported."""

    def ran(*words: str) -> str:
        code, printed = run(*words, **NIGHT)
        assert code == 0, printed
        return printed

    for kind, text in FILES.items():
        (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
        ran(kind, "import", f"{kind}.csv")
    return ran


@pytest.mark.parametrize("kind", FILES)
def test_what_was_exported_is_known_when_it_comes_back(
    hotline: Callable[..., str], tmp_path: Path, kind: str
) -> None:
    written = hotline(kind, "export")
    count = len(list(csv.reader(StringIO(FILES[kind])))) - 1
    assert len(list(csv.reader(StringIO(written)))) == count + 1
    (tmp_path / "again.csv").write_text(written, encoding="utf-8")
    assert hotline(kind, "import", "again.csv") == f"0 added, 0 changed, {count} unchanged\n"
    assert hotline(kind, "export") == written


@pytest.mark.parametrize("kind", FILES)
def test_no_cell_is_a_formula_to_a_spreadsheet_and_the_reading_is_written_down(
    hotline: Callable[..., str], database: Database, kind: str
) -> None:
    cells = [cell for row in csv.reader(StringIO(hotline(kind, "export"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any("+393400000001" in cell for cell in cells)
    with database.reading() as tx:
        assert f"export {kind}" in [row.action for row in tx.execute(select(access_log))]


def test_shifts_of_the_rota_are_not_doubled_by_their_own_export(
    hotline: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "rota.toml").write_text(
        '[rota]\nfrom = 2026-10-01\n[[band]]\nname = "notte"\nrole = "volunteer"\nfrom = "20:00"\n'
        'to = "08:00"\n[[rotation]]\nband = "notte"\nevery = "shift"\norder = ["+393400000001"]\n'
    )
    hotline("rota", "draft", "rota.toml")
    hotline("rota", "publish", "--by", "3400000004", "--reason", "first")
    written = hotline("shifts", "export", "--to", "2026-11-20T00:00+01:00")
    (tmp_path / "again.csv").write_text(written, encoding="utf-8")
    assert hotline("shifts", "import", "again.csv").startswith("0 added, 0 changed, 3")


def test_whoever_has_left_is_in_no_file(hotline: Callable[..., str], database: Database) -> None:
    with database.transaction() as tx:
        set_active(tx, "+393400000002", active=False)
    assert "+393400000002" not in hotline("people", "export")
    assert "+393400000002" not in hotline("shifts", "export")


def test_a_period_is_named_by_its_option(run: Run) -> None:
    code, said = run("shifts", "export", "--from", "tomorrow", **NIGHT)
    assert (code, said) == (1, "--from tomorrow: not a moment; write it as 2026-11-22T03:00+01:00\n")
    code, said = run("shifts", "export", "--to", "2026-01-01T00:00+01:00", **NIGHT)
    assert (code, said) == (1, "--to: not after --from; exchange or correct them\n")


@given(st.lists(st.tuples(LETTERS, LETTERS), max_size=5))
def test_every_cell_comes_back_as_it_was_but_for_its_outer_blanks(rows: list[tuple[str, str]]) -> None:
    file = CsvFile(write_csv(("one", "two"), rows), "the file")
    read = [(row["one"], row["two"]) for row in file.rows(("one", "two"))]
    meant = [tuple(cell.strip() for cell in row) for row in rows]
    assert read == [row for row in meant if any(row)]
