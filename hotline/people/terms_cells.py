"""What do the cells of a CSV row say about somebody's terms?"""

import re
from datetime import date
from enum import StrEnum
from typing import Any

from hotline.people.csv_rows import CsvRow
from hotline.people.terms import Contract, Qualification, ToldBy, contract_of_role

TERMS_COLUMNS = ("contract", "qualifications", "training_until", "started_on", "told_by")


def read_terms(row: CsvRow, role: str, reasons: list[str]) -> dict[str, Any]:
    """Return the terms of the columns that the file has, adding to `reasons` what is wrong with a cell.

    An empty cell means what is usual: the contract of the role, no qualification, no date, told by text.
    """
    usual: dict[str, Any] = {
        "contract": contract_of_role(role),
        "qualifications": frozenset(),
        "training_until": None,
        "started_on": None,
        "told_by": ToldBy.TEXT,
    }
    return {
        column: _read(row, column, reasons) if row[column] else usual[column]
        for column in TERMS_COLUMNS
        if row.has(column)
    }


def _read(row: CsvRow, column: str, reasons: list[str]) -> Any:
    cell = row[column].lower()
    if column == "contract":
        return _one_of(cell, Contract, column, reasons)
    if column == "told_by":
        return _one_of(cell, ToldBy, column, reasons)
    if column == "qualifications":
        words = re.findall(r"[^\s;,/|]+", cell)
        return frozenset(_one_of(word, Qualification, column, reasons) for word in words)
    try:
        return date.fromisoformat(cell)
    except ValueError:
        reasons.append(f"{column}: {row[column]!r} is not a day; write it as 2027-06-30")
        return None


def _one_of(word: str, known: type[StrEnum], column: str, reasons: list[str]) -> StrEnum | None:
    try:
        return known(word)
    except ValueError:
        reasons.append(f"{column}: {word!r} is not one of {', '.join(known)}")
        return None
