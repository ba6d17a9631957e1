"""Which files make up the repository, and what do its modules import and call?"""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hotline"


@cache
def tracked() -> tuple[Path, ...]:
    """List every file that is or could be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[Path, str]]:
    """Give every text file with its content."""
    for path in tracked():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def modules() -> Iterator[Path]:
    """Give every module of the package."""
    yield from sorted(PACKAGE.rglob("*.py"))


def shown(path: Path) -> str:
    """Name a file as a reader of the repository would."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """Parse a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path, at_once: bool = False) -> set[str]:
    """Name the top-level packages that a module imports anywhere, or only `at_once`, when it is loaded."""
    found: set[str] = set()
    for node in tree(path).body if at_once else ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found
