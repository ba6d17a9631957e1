"""Does `.env.example` list exactly what can be set, and does it change nothing when copied as it is?"""

import re

from pydantic import AliasChoices

from hotline.settings import Settings
from tests.guards.files import ROOT

EXAMPLE = ROOT / ".env.example"


def test_example_lists_every_setting_and_no_other() -> None:
    listed = re.findall(r"^#?([A-Z][A-Z_0-9]+)=", EXAMPLE.read_text(), re.MULTILINE)

    assert sorted(listed) == sorted(set(listed)), "a setting is listed twice"
    assert set(listed) == {environment_name(field) for field in Settings.model_fields}


def test_every_setting_of_the_example_is_explained() -> None:
    paragraphs = re.split(r"\n\s*\n", EXAMPLE.read_text())
    for paragraph in paragraphs:
        lines = paragraph.strip().splitlines()
        if any(re.match(r"#?[A-Z][A-Z_0-9]+=", line) for line in lines):
            assert lines[0].startswith("# "), f"no word of explanation above {lines[0]}"


def environment_name(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return str(alias or f"{Settings.model_config['env_prefix']}{field}").upper()
