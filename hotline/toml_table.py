"""How is a TOML file read so that every fault is named by file, line, reason and remedy?"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hotline.errors import BadInput

_HEADER = re.compile(r"^\s*\[\[?\s*([\w.-]+)\s*\]\]?")


class Faults:
    """Collect everything wrong with one file, so that it is mended in one go."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, reason: str) -> None:
        """Note a fault; line 0 means that the place is not known."""
        self._found.append((line, reason))

    @property
    def found(self) -> tuple[tuple[int, str], ...]:
        """Return the faults noted so far, by line."""
        return tuple(self._found)

    def raise_if_any(self) -> None:
        """Raise `BadInput` naming every fault, in the order of the file."""
        if self._found:
            places = [
                f"{self.path}:{line}: {reason}" if line else f"{self.path}: {reason}"
                for line, reason in sorted(self._found)
            ]
            raise BadInput("\n".join(places))


class Table:
    """One table of the file, with getters that note a fault and go on with a harmless value."""

    def __init__(self, faults: Faults, name: str, values: dict[str, Any], line: int) -> None:
        self.faults = faults
        self.name = name
        self.values = values
        self.line = line

    def fault(self, key: str, reason: str) -> None:
        """Note that `key` of this table is wrong."""
        self.faults.add(self.line_of(key), f"[{self.name}] {key}: {reason}")

    def line_of(self, key: str) -> int:
        """Return the line where `key` is given, else the line of the table's header."""
        if sub_table := _header_line(self.faults.lines, f"{self.name}.{key}", 0):
            return sub_table
        given = re.compile(rf"^\s*\"?{re.escape(key)}\"?\s*=")
        for number, line in enumerate(self.faults.lines[self.line :], self.line + 1):
            if _HEADER.match(line):
                break
            if given.match(line):
                return number
        return self.line

    def only(self, keys: Iterable[str]) -> None:
        """Refuse every key that is not one of `keys`, proposing the nearest."""
        known = list(keys)
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                self.fault(key, f"unknown; did you mean {near[0]}?" if near else "unknown; remove it")

    def text(self, key: str, default: str | None = None, choices: Iterable[str] = ()) -> str:
        """Return a text that is not blank; `default` when the key is absent."""
        value = self.values.get(key, default)
        allowed = tuple(choices)
        if value is None:
            self.fault(key, "missing; add it" + (f", one of {', '.join(allowed)}" if allowed else ""))
        elif not isinstance(value, str) or (not value.strip() and value != default):
            self.fault(key, f"must be a text in quotes, not {value!r}")
        elif allowed and value not in allowed:
            self.fault(key, f"{value!r} is not known; use one of {', '.join(allowed)}")
        else:
            return value.strip()
        return allowed[0] if allowed else ""

    def whole(self, key: str, default: int | None = None, least: int = 0, most: int = 3600) -> int:
        """Return a whole number from `least` to `most`."""
        value = self.values.get(key, default)
        if value is None:
            self.fault(key, "missing; add a whole number")
        elif not is_whole(value) or not least <= value <= most:
            self.fault(key, f"must be a whole number from {least} to {most}, not {value!r}")
        else:
            return int(value)
        return least

    def flag(self, key: str) -> bool:
        """Return true or false; absent is false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, f"must be true or false without quotes, not {value!r}")
        return value is True

    def digit(self, key: str) -> str:
        """Return one digit of the keypad; `*` and `#` have meanings of their own."""
        value = self.values.get(key)
        if not isinstance(value, str) or not re.fullmatch("[0-9]", value):
            shown = "is missing" if value is None else f"is {value!r}"
            self.fault(key, f'{shown}; it must be one digit in quotes, as key = "1"')
            return ""
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; absent is empty."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.fault(key, 'must be a list of texts, as ["one", "two"]')
            return ()
        return tuple(item.strip() for item in value)

    def texts_by(self, key: str, required: Iterable[str]) -> dict[str, str]:
        """Return a text for each language, complaining about each of `required` that has none."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, f"must be a table with one text per language, as [{self.name}.{key}]")
            return {}
        inner = Table(self.faults, f"{self.name}.{key}", value, self.line_of(key))
        return {language: inner.text(language) for language in dict.fromkeys([*required, *value])}


def is_whole(value: object) -> bool:
    """Tell whether `value` is a whole number (TOML's true and false are not)."""
    return isinstance(value, int) and not isinstance(value, bool)


def unique(tables: list[Table], key: str, values: list[str], taken: Mapping[str, str]) -> None:
    """Complain about a value used before in the same list, or taken by something else."""
    seen = dict(taken)
    for table, value in zip(tables, values, strict=True):
        if value and value in seen:
            table.fault(key, f"{value!r} is already used for {seen[value]}; choose another")
        seen.setdefault(value, f"another [[{table.name}]]")


def read_toml(path: Path) -> tuple[Faults, dict[str, Any]]:
    """Return the parsed file and a collector of its faults; raise `BadInput` if it cannot be read."""
    return parse_toml(read_text(path), path)


def read_text(path: Path) -> str:
    """Return the text of a file; raise `BadInput` if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise BadInput(f"{path}: cannot be read ({reason}); check the path and the file") from error


def parse_toml(text: str, path: Path) -> tuple[Faults, dict[str, Any]]:
    """Return the parsed text and a collector of its faults, which name it `path`; raise `BadInput`."""
    try:
        return Faults(path, text), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        place = f"{path}:{line[1] if line else len(text.splitlines())}"
        raise BadInput(
            f"{place}: not valid TOML: {error}; mend the line or compare it with the shipped one"
        ) from error
    except (RecursionError, ValueError) as error:
        # What is nested without end, and a number of thousands of digits, are refused by Python itself.
        raise BadInput(
            f"{path}: not readable: it is nested too deeply, or a number is too long; mend it"
        ) from error


def one_table(faults: Faults, values: dict[str, Any], name: str) -> Table:
    """Return the table `[name]`, empty and complained about when it is missing."""
    value = values.get(name)
    if not isinstance(value, dict):
        faults.add(0, f"[{name}] is missing; add this table")
        value = {}
    return Table(faults, name, value, _header_line(faults.lines, name, 0))


def many_tables(faults: Faults, values: dict[str, Any], name: str, least: int = 0) -> Iterator[Table]:
    """Yield each `[[name]]` of the file, complaining when there are fewer than `least`."""
    found = values.get(name, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        faults.add(_header_line(faults.lines, name, 0), f"{name}: write one [[{name}]] table for each")
        return
    if len(found) < least:
        faults.add(0, f"[[{name}]] is missing; at least {least} is needed")
    for position, item in enumerate(found):
        yield Table(faults, name, item, _header_line(faults.lines, name, position))


def _header_line(lines: list[str], name: str, position: int) -> int:
    matches = [
        number for number, line in enumerate(lines, 1) if (found := _HEADER.match(line)) and found[1] == name
    ]
    return matches[position] if position < len(matches) else 0
