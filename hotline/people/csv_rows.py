"""Which rows does a CSV file hold, on which line is each, and which of them are bad?"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from hotline.errors import BadInput

_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
MOST_SHOWN = 20
"""So many bad rows are named; whoever has mended those imports again."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did, in rows of the file."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        return f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged"


class CsvRow:
    """One row: its line in the file and its cells by column, trimmed."""

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        self.line = line
        self._cells = cells

    def __getitem__(self, column: str) -> str:
        return self._cells.get(column, "")

    def has(self, column: str) -> bool:
        """Tell whether the file says anything about a column, also if it says nothing."""
        return column in self._cells


class CsvFile:
    """A CSV file read from text, which collects what is wrong with its rows."""

    def __init__(self, text: str, source: str) -> None:
        self.text = text.removeprefix("\ufeff")
        self.source = source
        self._bad: list[tuple[int, str]] = []

    def refuse(self, line: int, reason: str) -> None:
        """Note a bad row by its line."""
        self._bad.append((line, reason))

    def raise_if_any(self) -> None:
        """Raise `BadInput` with every bad row; nothing may be stored then."""
        if self._bad:
            shown = [f"  line {line}: {reason}" for line, reason in sorted(self._bad)[:MOST_SHOWN]]
            if more := len(self._bad) - len(shown):
                shown.append(f"  and {more} more")
            rows = "\n".join(shown)
            count = f"{len(self._bad)} bad rows" if len(self._bad) > 1 else "a bad row"
            raise BadInput(f"{self.source}: {count}, nothing was imported; mend and import again\n{rows}")

    def rows(self, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[CsvRow]:
        """Yield the rows below the header; blank lines are skipped, `;` may separate as well as `,`.

        Raise `BadInput` when the header is missing or wrong, for then no row can be understood.
        """
        reader = csv.reader(StringIO(self.text, newline=""), delimiter=self._delimiter(), strict=True)
        header: list[str] = []
        while True:
            line = reader.line_num + 1
            try:
                cells = [unguarded(cell.strip()) for cell in next(reader)]
            except StopIteration:
                break
            except csv.Error as error:
                self.refuse(line, f"cannot be read as CSV ({error}); check its quotation marks")
                return
            if not any(cells):
                continue
            if not header:
                header = self._header(line, cells, columns, optional)
            elif len(cells) > len(header):
                self.refuse(
                    line, f"has {len(cells)} cells for {len(header)} columns; put quotes around cells"
                )
            else:
                yield CsvRow(line, dict(zip(header, cells, strict=False)))
        if not header:
            raise BadInput(f"{self.source}: is empty; its first line must be {','.join(columns)}")

    def _delimiter(self) -> str:
        first = next((line for line in self.text.splitlines() if line.strip()), "")
        return ";" if first.count(";") > first.count(",") else ","

    def _header(
        self, line: int, cells: list[str], columns: Sequence[str], optional: Sequence[str]
    ) -> list[str]:
        header = [cell.lower() for cell in cells]
        unknown = [cell for cell in header if cell not in (*columns, *optional)]
        if set(columns) - set(header) or unknown or len(set(header)) < len(header):
            given = f"{','.join(columns)}" + "".join(f"[,{column}]" for column in optional)
            raise BadInput(f"{self.source}: line {line}: the first line must name the columns {given}")
        return header


def decode_csv(content: bytes, source: str) -> str:
    """Return the text of a file; raise `BadInput` when it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadInput(f"{source}: line {line} is not UTF-8; save the file as CSV UTF-8") from error


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as the text of a CSV file that a spreadsheet opens and `CsvFile` reads back."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded(cell.strip()) for cell in row] for row in rows)
    return text.getvalue()


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, nor a phone for a sum; `unguarded` undoes it.

    >>> guarded("=1+1"), guarded("+39 340 0000001"), guarded("'=1"), guarded("Anna"), guarded("'Anna")
    ("'=1+1", "'+39 340 0000001", "''=1", 'Anna', "'Anna")
    """
    return f"'{cell}" if _LIKE_A_FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell as it was before `guarded`.

    >>> unguarded("'=1+1"), unguarded("''=1"), unguarded("'Anna")
    ('=1+1', "'=1", "'Anna")
    """
    return cell[1:] if _GUARDED.match(cell) else cell
