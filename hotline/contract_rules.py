"""Which limits hold under which contract, and what does an hour weigh? Shipped, and changed by a profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hotline.toml_table import Faults, Table, many_tables, one_table, read_toml

CONTRACTS = ("volunteer", "cooperative", "municipal")
PARTS = ("contract", "whole", "fairness")
LEVELS = ("E", "W", "off")
_DUTIES = ("on_call", "worked")
_RULES = tuple(f"R{number}" for number in range(1, 21))
_SHIPPED = Path(__file__).parent / "profiles" / "contracts.toml"
_MOST = 1000


@dataclass(frozen=True)
class ContractRules:
    """The limits of one contract; 0 or false: no such rule. `contracts.toml` says which rule each is of.

    `duty` is `on_call` where only call-outs are work, `worked` where every hour on duty is.
    """

    name: str
    duty: str = "on_call"
    rest_hours: int = 0
    rest_after_call_out_hours: int = 0
    weekly_rest_hours: int = 0
    average_week_hours: int = 0
    average_weeks: int = 0
    week_hours: int = 0
    on_call_a_month: int = 0
    on_call_hours: int = 0
    on_call_least_hours: int = 0
    rest_day_after_holiday: bool = False
    day_shift_hours: int = 0
    night_shift_hours: int = 0
    day_shifts_a_month: int = 0
    night_shifts_a_month: int = 0
    training: bool = False
    phone_tested: bool = False
    paired_shifts: int = 0
    paired_night_days: int = 0
    new_for_days: int = 0
    nights_running: int = 0
    days_running: int = 0
    cool_off_hours: int = 0
    levels: Mapping[str, str] = field(default_factory=dict)

    @property
    def duty_is_work(self) -> bool:
        """Tell whether every hour on duty is a worked hour."""
        return self.duty == "worked"


@dataclass(frozen=True)
class WholeRules:
    """What all together must fulfil: who backs up the social worker, what somebody on duty must be."""

    backup: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Weights:
    """What an hour on duty weighs beyond itself, in per cent, and what a heavy call weighs, in hours."""

    night_extra_percent: int = 0
    holiday_extra_percent: int = 0
    heavy_call_hours: int = 0


@dataclass(frozen=True)
class DutyRules:
    """Everything that the rota is proved against."""

    contracts: Mapping[str, ContractRules]
    whole: WholeRules
    weights: Weights


_Rules = TypeVar("_Rules", ContractRules, WholeRules, Weights)


def shipped_rules() -> DutyRules:
    """Return the rules as shipped.

    >>> shipped_rules().contracts["municipal"].on_call_a_month
    6
    """
    return _shipped()


@cache
def _shipped() -> DutyRules:
    faults, values = read_toml(_SHIPPED)
    nothing = DutyRules({name: ContractRules(name) for name in CONTRACTS}, WholeRules(), Weights())
    rules = read_rules(faults, values, nothing)
    faults.raise_if_any()
    return rules


def read_rules(faults: Faults, values: dict[str, Any], before: DutyRules | None = None) -> DutyRules:
    """Return the rules `before` (the shipped ones) with what a file changes; note every fault."""
    rules = shipped_rules() if before is None else before
    contracts = dict(rules.contracts)
    for table in many_tables(faults, values, "contract"):
        name = table.text("name", choices=CONTRACTS)
        contracts[name] = _changed(table, contracts[name], ("name",))
    return DutyRules(
        contracts=contracts,
        whole=_part(faults, values, "whole", rules.whole),
        weights=_part(faults, values, "fairness", rules.weights),
    )


def _part(faults: Faults, values: dict[str, Any], name: str, rules: _Rules) -> _Rules:
    return _changed(one_table(faults, values, name), rules) if name in values else rules


def _changed(table: Table, rules: _Rules, also: tuple[str, ...] = ()) -> _Rules:
    """Return rules with the values that a table gives."""
    known: list[str] = [one.name for one in fields(rules) if one.name not in also]
    table.only((*also, *known))
    given = [key for key in known if key in table.values]
    return replace(rules, **{key: _value(table, key, getattr(rules, key)) for key in given})


def _value(table: Table, key: str, before: object) -> Any:
    if isinstance(before, bool):
        return table.flag(key)
    if isinstance(before, int):
        return table.whole(key, most=_MOST)
    if isinstance(before, str):
        return table.text(key, choices=_DUTIES)
    return table.texts(key) if isinstance(before, tuple) else {**_levels(before), **_levels_given(table, key)}


def _levels_given(table: Table, key: str) -> dict[str, str]:
    given = table.values[key]
    if not isinstance(given, dict) or not all(
        rule in _RULES and level in LEVELS for rule, level in given.items()
    ):
        table.fault(key, f'name rules, each with one of {", ".join(LEVELS)}, as {{ R7 = "W" }}')
        return {}
    return dict(given)


def _levels(before: object) -> dict[str, str]:
    return dict(before) if isinstance(before, Mapping) else {}
