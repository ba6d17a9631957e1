"""Which limits hold under which contract, and may another Ambito change one without repeating the rest?"""

from pathlib import Path

import pytest

from hotline.contract_rules import shipped_rules
from hotline.errors import BadInput
from hotline.profile import SHIPPED, Profile, load_profile

IGLESIAS = (SHIPPED / "iglesias" / "profile.toml").read_text(encoding="utf-8")


def with_rules(tmp_path: Path, added: str) -> Profile:
    changed = tmp_path / "profile.toml"
    changed.write_text(f"{IGLESIAS}\n{added}", encoding="utf-8")
    return load_profile(changed)


def test_every_contract_has_the_limits_of_its_law_or_practice() -> None:
    contracts = load_profile().rules.contracts
    assert set(contracts) == {"volunteer", "cooperative", "municipal"}
    assert [contracts[name].rest_hours for name in ("volunteer", "cooperative", "municipal")] == [0, 11, 11]
    assert contracts["volunteer"].night_shift_hours == 8
    assert contracts["municipal"].on_call_a_month == 6
    assert contracts["cooperative"].levels["R7"] == "W"
    assert all(one.cool_off_hours == 24 for one in contracts.values())


def test_a_profile_changes_one_value_and_keeps_the_others(tmp_path: Path) -> None:
    rules = with_rules(
        tmp_path,
        '[[contract]]\nname = "municipal"\non_call_a_month = 8\nlevels = { R7 = "W" }\n'
        "[fairness]\nnight_extra_percent = 100\n",
    ).rules
    assert rules.contracts["municipal"].on_call_a_month == 8
    assert rules.contracts["municipal"].levels == {"R7": "W"}
    assert rules.contracts["municipal"].rest_hours == 11
    assert rules.contracts["cooperative"] == shipped_rules().contracts["cooperative"]
    assert (rules.weights.night_extra_percent, rules.weights.holiday_extra_percent) == (100, 100)


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('[[contract]]\nname = "army"', "'army' is not known; use one of volunteer, cooperative, municipal"),
        ('[[contract]]\nname = "municipal"\nrest_hour = 9', "did you mean rest_hours?"),
        ('[[contract]]\nname = "municipal"\nrest_hours = -1', "a whole number from 0 to 1000, not -1"),
        ('[[contract]]\nname = "municipal"\nlevels = { R77 = "W" }', "name rules, each with one of E, W"),
        ('[[contract]]\nname = "municipal"\nlevels = { R7 = "no" }', "name rules, each with one of E, W"),
        ('[[contract]]\nname = "municipal"\nduty = "sleep"', "use one of on_call, worked"),
        ("[fairness]\nnight_extra_percent = 1.5", "must be a whole number"),
        ("[whole]\nbackup = 3", "must be a list of texts"),
    ],
)
def test_a_wrong_limit_is_refused_by_line(tmp_path: Path, added: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        with_rules(tmp_path, added)
    assert said in str(refused.value)
    line = int(str(refused.value).split(":")[1])
    assert line > IGLESIAS.count("\n")
