"""How is a service profile read from its file, and what makes it wrong or incomplete?"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hotline.ambito import (
    ROLES,
    USUAL,
    AskingHours,
    Category,
    Handover,
    Interpreter,
    Language,
    MenuKeys,
    NightHours,
    PatronDay,
    Profile,
    RingOrder,
    Service,
    Tier,
    UsefulNumber,
)
from hotline.contract_rules import PARTS, read_rules
from hotline.errors import BadInput
from hotline.phone_number import parse_phone_number
from hotline.profile_rings import meanings, read_categories, read_tiers
from hotline.toml_table import Faults, Table, many_tables, one_table, read_toml, unique

__all__ = [
    "ROLES",
    "SHIPPED",
    "USUAL",
    "AskingHours",
    "Category",
    "Handover",
    "Interpreter",
    "Language",
    "MenuKeys",
    "NightHours",
    "PatronDay",
    "Profile",
    "RingOrder",
    "Service",
    "Tier",
    "UsefulNumber",
    "load_profile",
]

SHIPPED = Path(__file__).parent / "profiles"
_PARTS = (
    *("service", "keys", "language", "tier", "category", "patron_day", "number", "interpreter"),
    *("asking", "handover"),
    *PARTS,
)
_SPOKEN_KEYS = ("name", "short_name", "controller", "spoken_number")
_SERVICE_KEYS = (
    *_SPOKEN_KEYS,
    *("phone_number", "number_kept_days", "timezone", "country", "staff_language"),
    *("municipalities", "partners", "night"),
)
_MORNING_KEYS = ("list_at", "call_from", "call_to")
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def load_profile(path: Path | None = None) -> Profile:
    """Read the profile at `path` (a file, or the folder of a `profile.toml`); None is Iglesias.

    Raise `BadInput` naming every fault by file, line, reason and remedy.
    """
    source = path or SHIPPED / "iglesias"
    if source.is_dir():
        source = source / "profile.toml"
    faults, values = read_toml(source)
    for name in values:
        if name not in _PARTS:
            faults.add(0, f"[{name}]: unknown; a profile has {', '.join(_PARTS)}")
    profile = _profile(faults, values, source)
    faults.raise_if_any()
    return profile


def _profile(faults: Faults, values: dict[str, Any], source: Path) -> Profile:
    """Build the profile and note every fault; with any fault noted, the result is worth nothing."""
    service = one_table(faults, values, "service")
    keys = _menu_keys(one_table(faults, values, "keys"))
    languages = _languages(list(many_tables(faults, values, "language", 1)), keys)
    tiers = read_tiers(list(many_tables(faults, values, "tier", 1)))
    municipalities = service.texts("municipalities")
    if not municipalities:
        service.fault("municipalities", "missing or empty; list the municipalities served")
    wording = source.parent / "wording"
    return Profile(
        service=_service(service, [language.code for language in languages]),
        languages=languages,
        keys=keys,
        tiers=tiers,
        categories=read_categories(list(many_tables(faults, values, "category", 1)), keys, tiers),
        night=_night(service),
        patron_days=tuple(
            _patron_day(table, municipalities) for table in many_tables(faults, values, "patron_day")
        ),
        municipalities=municipalities,
        partners=service.texts("partners"),
        numbers=tuple(_useful_number(table) for table in many_tables(faults, values, "number")),
        interpreters=tuple(
            _interpreter(table, service) for table in many_tables(faults, values, "interpreter")
        ),
        wording_folder=wording if wording.is_dir() else None,
        source=source,
        rules=read_rules(faults, values),
        handover=_handover(one_table(faults, {"handover": {}, **values}, "handover")),
        asking=_asking(one_table(faults, values, "asking")) if "asking" in values else AskingHours(),
    )


def _service(table: Table, languages: list[str]) -> Service:
    table.only(_SERVICE_KEYS)
    country = table.text("country", "IT")
    if not re.fullmatch("[A-Z]{2}", country):
        table.fault("country", f"{country!r} is not a country code; write two capitals, as IT")
        country = "IT"
    texts = {key: table.texts_by(key, languages) for key in _SPOKEN_KEYS}
    return Service(
        name=texts["name"],
        short_name=texts["short_name"],
        controller=texts["controller"],
        spoken_number=texts["spoken_number"],
        phone_number=_line(table, country),
        number_kept_days=table.whole("number_kept_days", least=1, most=3650),
        timezone=_timezone(table),
        country=country,
        staff_language=_language_code(table, "staff_language"),
    )


def _line(table: Table, country: str) -> str:
    text = table.text("phone_number")
    try:
        return parse_phone_number(text, country) if text else ""
    except BadInput as error:
        table.fault("phone_number", str(error))
        return ""


def _timezone(table: Table) -> ZoneInfo:
    name = table.text("timezone", "Europe/Rome")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        table.fault("timezone", f"{name!r} is not a time zone; write its IANA name, as Europe/Rome")
        return ZoneInfo("UTC")


def _night(table: Table) -> NightHours:
    text = table.text("night")
    try:
        return NightHours.parse(text or "20:00-08:00")
    except BadInput as error:
        table.fault("night", str(error))
        return NightHours.parse("20:00-08:00")


def _handover(table: Table) -> Handover:
    """Return the hours of the morning and the days of notes; what is not given stays as shipped."""
    usual = Handover()
    table.only((*_MORNING_KEYS, "notes_kept_days"))
    walls = {key: _wall_time(table, key, getattr(usual, key)) for key in _MORNING_KEYS}
    if walls["call_from"] >= walls["call_to"]:
        table.fault("call_to", "not after call_from; exchange or correct them")
    days = table.whole("notes_kept_days", usual.notes_kept_days, least=1, most=365)
    return replace(usual, notes_kept_days=days, **walls)


def _asking(table: Table) -> AskingHours:
    """Return when staff are asked to confirm their shifts; what the table leaves out is as usual."""
    table.only(["evening", "early_before", "ahead_minutes", "quiet", "grace_minutes"])
    usual = AskingHours()
    quiet = usual.quiet
    try:
        quiet = NightHours.parse(table.text("quiet", f"{quiet.starts:%H:%M}-{quiet.ends:%H:%M}"))
    except BadInput as error:
        table.fault("quiet", str(error))
    return AskingHours(
        evening=_wall_time(table, "evening", usual.evening),
        early_before=_wall_time(table, "early_before", usual.early_before),
        ahead=_minutes(table, "ahead_minutes", usual.ahead),
        quiet=quiet,
        grace=_minutes(table, "grace_minutes", usual.grace),
    )


def _wall_time(table: Table, key: str, usual: time) -> time:
    text = table.text(key, f"{usual:%H:%M}")
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is None:
        table.fault(key, f'{text!r} is not a time; write it as "18:00"')
        return usual
    return time.fromisoformat(text)


def _minutes(table: Table, key: str, usual: timedelta) -> timedelta:
    return timedelta(minutes=table.whole(key, usual // timedelta(minutes=1), least=1, most=600))


def _languages(tables: list[Table], keys: MenuKeys) -> tuple[Language, ...]:
    languages = []
    for position, table in enumerate(tables):
        table.only(["code", "key"])
        if position == 0 and "key" in table.values:
            table.fault("key", "the first language is spoken unasked; remove its key")
        languages.append(
            Language(_language_code(table, "code"), table.digit("key") or None if position else None)
        )
    unique(tables, "code", [language.code for language in languages], {})
    unique(tables, "key", [language.key or "" for language in languages], meanings(keys))
    return tuple(languages)


def _language_code(table: Table, key: str) -> str:
    code = table.text(key)
    if code and not re.fullmatch("[a-z]{2,3}", code):
        table.fault(key, f"{code!r} is not a language code; write two or three small letters, as it")
    return code


def _menu_keys(table: Table) -> MenuKeys:
    names = ("languages", "person", "call_back")
    table.only(names)
    digits = {name: table.digit(name) for name in names}
    for position, name in enumerate(names):
        if digits[name] and digits[name] in [digits[earlier] for earlier in names[:position]]:
            table.fault(name, f"the digit {digits[name]} is used twice; give it another")
    return MenuKeys(**digits)


def _patron_day(table: Table, municipalities: Iterable[str]) -> PatronDay:
    table.only(["municipality", "name", "date"])
    municipality = table.text("municipality")
    if municipality and municipality not in municipalities:
        table.fault("municipality", f"{municipality!r} is not one of the municipalities of [service]")
    text = table.text("date")
    found = re.fullmatch(r"(\d\d)-(\d\d)", text)
    month, day = (int(found[1]), int(found[2])) if found else (0, 0)
    if text and not (1 <= month <= 12 and 1 <= day <= _LONGEST_MONTHS[month - 1]):
        table.fault("date", f'{text!r} is not a day of the year; write month and day, as "08-11"')
    return PatronDay(municipality, table.text("name"), month, day)


def _useful_number(table: Table) -> UsefulNumber:
    table.only(["number", "name", "purpose", "hours", "verified_on", "languages"])
    number = table.text("number")
    if number and not re.fullmatch(r"\+?\d[\d ]+", number):
        table.fault("number", f"{number!r}: write digits and spaces only, as it is dialled")
    verified_on = table.values.get("verified_on")
    if verified_on is not None and type(verified_on) is not date:
        table.fault("verified_on", f"{verified_on!r} is not a date; write it without quotes, as 2026-11-22")
        verified_on = None
    return UsefulNumber(
        number=number,
        name=table.text("name"),
        purpose=table.text("purpose"),
        hours=table.text("hours", ""),
        verified_on=verified_on,
        languages=table.texts("languages"),
    )


def _interpreter(table: Table, service: Table) -> Interpreter:
    country = service.text("country", "IT")
    table.only(("name", "number", "languages"))
    languages, number = table.texts("languages"), ""
    if not languages:
        table.fault("languages", "missing or empty; list the codes of the languages, as ro")
    try:
        number = parse_phone_number(table.text("number"), country)
        if number == parse_phone_number(service.text("phone_number"), country):
            table.fault("number", "this is the line itself, which would ring itself; give another")
    except BadInput as error:
        table.fault("number", str(error))
    return Interpreter(table.text("name"), number, languages)
