"""Is every module short, and does its first line say what it answers?"""

import ast
import subprocess

from tests.guards.files import ROOT, modules, shown, tracked, tree

LONGEST = 300
SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "handler",
    "handlers",
} | {
    "misc",
    "base",
    "data",
    "info",
}


def test_no_module_is_too_long_to_read_at_once() -> None:
    long = {
        shown(path): lines for path in modules() if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert not long


def test_every_module_opens_with_one_sentence_or_question() -> None:
    offenders = []
    for path in modules():
        if not path.read_text().strip():
            continue  # an empty __init__.py only marks a folder
        first = (ast.get_docstring(tree(path)) or "").split("\n")[0]
        if not first.endswith((".", "?", ")")):
            offenders.append(f"{shown(path)}: {first!r}")
    assert not offenders


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [shown(path) for path in tracked() if path.suffix == ".py" and path.stem in SAY_NOTHING]


def test_nothing_in_the_repository_is_a_link_to_somewhere_else() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--stage"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    link = "120000 "
    assert not [line.split("\t")[1] for line in listed.stdout.split("\0") if line.startswith(link)]
