"""Can a stranger install it, and does every document point at what exists?"""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from hotline import __version__
from tests.guards.files import PACKAGE, ROOT, imported, modules, shown

LOCKS = sorted(ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_index_and_hashes_everything(lock: object) -> None:
    text = (ROOT / str(lock)).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    pins = re.split(r"\n(?=[a-z0-9])", text, flags=re.IGNORECASE)[1:]
    assert pins
    assert not [pin.split("\n")[0] for pin in pins if "--hash=sha256:" not in pin]


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements.lock").read_text()
    for dependency in project["dependencies"]:
        name = re.match(r"[a-z0-9-]+", dependency)
        assert name
        assert re.search(rf"^{name[0]}==", locked, re.MULTILINE), (
            f"run `make lock`: {dependency} is not locked"
        )


def test_every_dependency_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    imported_as = {
        "argon2-cffi": "argon2",
        "fpdf2": "fpdf",
        "phonenumberslite": "phonenumbers",
        "prometheus-client": "prometheus_client",
        "psycopg": "psycopg",
        "pydantic-settings": "pydantic_settings",
        "python-multipart": None,  # FastAPI reads forms with it
        "httptools": None,  # uvicorn parses HTTP with it
        "tzdata": None,  # zoneinfo reads it where the system has no zones
    }
    code = "\n".join(
        path.read_text() for path in [*PACKAGE.rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]
    )
    unused = []
    for dependency in project["dependencies"]:
        name = dependency.split(">")[0].split("[")[0]
        module = imported_as.get(name, name)
        if module and not re.search(
            rf"^\s*(?:from|import) {module}\b|postgresql\+{module}", code, re.MULTILINE
        ):
            unused.append(name)
    assert not unused


@pytest.mark.parametrize(("lock", "at_once"), [("requirements.lock", True), ("requirements-dev.lock", False)])
def test_everything_imported_is_locked(lock: str, at_once: bool) -> None:
    locked = (ROOT / lock).read_text()
    brought_by = packages_distributions()
    missing = set()
    for path in modules():
        for name in imported(path, at_once) - set(sys.stdlib_module_names) - {"hotline"}:
            names = {distribution.lower().replace("_", "-") for distribution in brought_by.get(name, [name])}
            if not any(re.search(rf"^{one}==", locked, re.MULTILINE) for one in names):
                missing.add(f"{shown(path)} imports {name}")
    assert not missing


def test_documents_of_the_container_name_files_that_exist() -> None:
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), f"Dockerfile copies {source}, which is not there"
    assert (ROOT / "deploy" / "haproxy.cfg").exists()


def test_public_description_has_the_version_and_licence_of_the_package() -> None:
    described = (ROOT / "publiccode.yml").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    changes = (ROOT / "CHANGELOG.md").read_text()
    released = re.search(rf"^## {re.escape(__version__)} \((\d{{4}}-\d\d-\d\d)\)$", changes, re.MULTILINE)
    if released is None:
        assert f"## {__version__} (not released)\n" in changes
        assert not re.search(r"^(?:softwareVersion|releaseDate):", described, re.MULTILINE)
    else:
        assert f'softwareVersion: "{__version__}"\nreleaseDate: "{released[1]}"\n' in described
    assert f"license: {project['license']}" in described
    assert (ROOT / "LICENSE").read_text().startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
