"""Which tiers and categories does a profile name, with which keys, and whom does each of them ring?"""

import re
from collections.abc import Iterable
from typing import Any

from hotline.ambito import ROLES, USUAL, Category, MenuKeys, RingOrder, Tier
from hotline.toml_table import Table, is_whole, unique

LATEST_TIER = 75
"""Every tier has been started by then, however patient a profile would like to be."""

_CATEGORY_KEYS = (
    *("code", "key", "spoken", "grade"),
    *("urgent", "careful", "professional", "full_plan_key", "closing_number", "ring_night", "ring_day"),
)


def meanings(keys: MenuKeys) -> dict[str, str]:
    """Return what the digits mean that are no categories."""
    return {keys.languages: "languages", keys.person: "a person", keys.call_back: "call me back"}


def read_tiers(tables: list[Table]) -> tuple[Tier, ...]:
    """Return the tiers of `[[tier]]`, in their order."""
    tiers = []
    for table in tables:
        table.only(["role", "night_after", "day_after"])
        tiers.append(
            Tier(
                table.text("role", choices=ROLES),
                *(table.whole(key, most=LATEST_TIER) for key in ("night_after", "day_after")),
            )
        )
    unique(tables, "role", [tier.role for tier in tiers], {})
    return tuple(tiers)


def read_categories(tables: list[Table], keys: MenuKeys, tiers: Iterable[Tier]) -> tuple[Category, ...]:
    """Return the categories of `[[category]]`; at least one is spoken, or the menu would have no end."""
    roles = [tier.role for tier in tiers]
    categories = tuple(_category(table, roles) for table in tables)
    unique(tables, "code", [category.code for category in categories], {})
    unique(tables, "key", [category.key for category in categories], meanings(keys))
    if tables and not any(category.spoken == "menu" for category in categories):
        tables[0].fault("spoken", 'no category is read out; give at least one spoken = "menu"')
    return categories


def _category(table: Table, roles: list[str]) -> Category:
    table.only(_CATEGORY_KEYS)
    code = table.text("code")
    if code and not re.fullmatch("[A-Z]{2,8}", code):
        table.fault("code", f"{code!r}: write two to eight capital letters, as VIO")
    return Category(
        code=code,
        key=table.digit("key"),
        spoken=table.text("spoken", "menu", ("menu", "late", "never")),
        grade=table.text("grade", "at_once", ("at_once", "morning")),
        urgent=table.flag("urgent"),
        careful=table.flag("careful"),
        professional=table.flag("professional"),
        full_plan_key=table.flag("full_plan_key"),
        closing_number=table.flag("closing_number"),
        ring_night=_ring_order(table, "ring_night", roles),
        ring_day=_ring_order(table, "ring_day", roles),
    )


def _ring_order(table: Table, key: str, roles: Iterable[str]) -> RingOrder | None:
    given: Any = table.values.get(key)
    if given is None:
        return None
    if not isinstance(given, dict) or not given:
        table.fault(key, 'name at least one tier that rings, as { social_worker = 0, volunteer = "usual" }')
        return None
    for role, after in given.items():
        if role not in roles:
            table.fault(key, f"{role!r} is not one of the tiers ({', '.join(roles)})")
        if after != "usual" and (not is_whole(after) or not 0 <= after <= LATEST_TIER):
            table.fault(key, f'{role} = {after!r}: write whole seconds from 0 to {LATEST_TIER}, or "usual"')
    return {role: USUAL if after == "usual" else after for role, after in given.items()}
