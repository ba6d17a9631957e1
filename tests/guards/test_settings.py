"""Does `.env.example` list exactly what can be set, here and in the compose file, and explain it?"""

import re

from pydantic import AliasChoices

from hotline.settings import Settings
from tests.guards.files import ROOT

EXAMPLE = ROOT / ".env.example"


def test_example_lists_every_setting_and_no_other() -> None:
    listed = re.findall(r"^#?([A-Z][A-Z_0-9]+)=", EXAMPLE.read_text(), re.MULTILINE)

    assert sorted(listed) == sorted(set(listed)), "a setting is listed twice"
    ours = {environment_name(field) for field in Settings.model_fields}
    assert set(listed) == ours | {name for name, _ in variables_of_the_compose_file()}


def test_what_the_compose_file_cannot_do_without_is_to_be_filled_in_and_named_by_the_readme() -> None:
    to_fill_in = set(re.findall(r"^([A-Z][A-Z_0-9]+)=$", EXAMPLE.read_text(), re.MULTILINE))
    required = {name for name, otherwise in variables_of_the_compose_file() if otherwise[:2] != ":-"}
    assert required, "the compose file asks for nothing: has its spelling changed?"
    assert required <= to_fill_in
    readme = (ROOT / "README.md").read_text()
    assert not [name for name in to_fill_in if f"`{name}`" not in readme and not name.startswith("TWILIO")]


def test_every_setting_of_the_example_is_explained() -> None:
    paragraphs = re.split(r"\n\s*\n", EXAMPLE.read_text())
    for paragraph in paragraphs:
        lines = paragraph.strip().splitlines()
        if any(re.match(r"#?[A-Z][A-Z_0-9]+=", line) for line in lines):
            assert lines[0].startswith("# "), f"no word of explanation above {lines[0]}"


def test_the_benchmark_sets_nothing_that_is_no_setting() -> None:
    ours = {environment_name(field) for field in Settings.model_fields}
    for path in sorted((ROOT / "bench").rglob("*.py")):
        named = set(re.findall(r'"(HOTLINE_[A-Z_0-9]+)"', path.read_text()))
        assert named <= ours, f"{path.name} sets {', '.join(sorted(named - ours))}: nobody reads it"


def variables_of_the_compose_file() -> set[tuple[str, str]]:
    """Return each variable that the compose file takes from outside, and what it does without it."""
    found = re.findall(r"\$\{?([A-Z][A-Z_0-9]*)((?::?[-?+][^}]*)?)", (ROOT / "compose.yaml").read_text())
    return set(found)


def environment_name(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return str(alias or f"{Settings.model_config['env_prefix']}{field}").upper()
