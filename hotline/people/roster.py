"""What does a CSV file of people say, row by row?"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.errors import BadInput
from hotline.people.csv_rows import CsvFile, CsvRow
from hotline.people.terms_cells import TERMS_COLUMNS, read_terms
from hotline.phone_number import parse_phone_number
from hotline.profile import ROLES

COLUMNS = ("name", "phone", "role", "languages")
OPTIONAL = ("last_resort", *TERMS_COLUMNS)
_LONGEST_NAME = 80
_YES_AND_NO = {"yes": True, "no": False, "true": True, "false": False, "sì": True, "si": True}


@dataclass(frozen=True)
class RosterRow:
    """A person as the file has it; `terms` are those of which it says something."""

    name: str
    phone: str
    role: str
    languages: tuple[str, ...]
    last_resort: bool
    terms: Mapping[str, Any] = field(default_factory=dict)


def read_roster(
    text: str, country: str = "IT", source: str = "the file", own_numbers: Collection[str] = ()
) -> tuple[RosterRow, ...]:
    """Read `name,phone,role,languages[,last_resort]` and terms; raise `BadInput` naming every bad row.

    Terms: `contract,qualifications,training_until,started_on,told_by`, each optional.
    Coordinators are the last resort unless the file says no, other people only if it says yes.
    """
    file = CsvFile(text, source)
    rows: list[RosterRow] = []
    line_of: dict[str, int] = {}
    for row in file.rows(COLUMNS, OPTIONAL):
        try:
            person = _roster_row(row, country)
        except BadInput as error:
            file.refuse(row.line, str(error))
            continue
        if person.phone in own_numbers:
            file.refuse(
                row.line, "phone: a number of this line itself, which would ring itself; give another"
            )
        if person.phone in line_of:
            file.refuse(row.line, f"the same phone as line {line_of[person.phone]}; keep one of them")
        line_of.setdefault(person.phone, row.line)
        rows.append(person)
    file.raise_if_any()
    return tuple(rows)


def _roster_row(row: CsvRow, country: str) -> RosterRow:
    reasons = []
    name = " ".join(row["name"].split())
    if not name.isprintable() or not 0 < len(name) <= _LONGEST_NAME:
        reasons.append(f"name: must have 1 to {_LONGEST_NAME} letters")
    phone = ""
    try:
        phone = parse_phone_number(row["phone"], country)
    except BadInput as error:
        reasons.append(f"phone: {error}")
    role = row["role"].lower()
    if role not in ROLES:
        reasons.append(f"role: {row['role']!r} is not one of {', '.join(ROLES)}")
    languages = tuple(dict.fromkeys(re.findall(r"[^\s;,/|]+", row["languages"].lower())))
    if not languages or not all(re.fullmatch("[a-z]{2,3}", code) for code in languages):
        reasons.append(f"languages: {row['languages']!r} is not understood; write it or it;en")
    last_resort = role == "coordinator"
    if row["last_resort"]:
        last_resort = _YES_AND_NO.get(row["last_resort"].lower(), last_resort)
        if row["last_resort"].lower() not in _YES_AND_NO:
            reasons.append(f"last_resort: {row['last_resort']!r} must be yes or no")
    terms = read_terms(row, role, reasons)
    if reasons:
        raise BadInput("; ".join(reasons))
    return RosterRow(name, phone, role, languages, last_resort, terms)
