"""Does the command write documents that the preflight check then finds, and reads the age of?"""

import functools
import os
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hotline.cli import app
from hotline.database import migrate

RUN = CliRunner()


@pytest.fixture
def static_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A web server that knows nothing but files, and an installation that writes them."""
    folder = tmp_path / "fallback"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in [name for name in os.environ if name.startswith(("HOTLINE_", "TWILIO_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HOTLINE_FALLBACK_DIR", str(folder))
    monkeypatch.setenv("HOTLINE_FALLBACK_URL", f"http://127.0.0.1:{server.server_address[1]}")
    migrate(f"sqlite:///{tmp_path / 'hotline.sqlite'}")
    people = "name,phone,role,languages\nAnna Prova,+393400000001,volunteer,it\n"
    (tmp_path / "people.csv").write_text(people + "Carla Prova,+393400000004,coordinator,it\n")
    assert RUN.invoke(app, ["people", "import", "people.csv"]).exit_code == 0
    yield folder
    server.shutdown()
    server.server_close()


def finding() -> str:
    return next(
        line for line in RUN.invoke(app, ["check"]).output.splitlines() if "fallback document" in line
    )


def test_every_language_that_no_native_has_read_is_named(static_host: Path) -> None:
    named = [line for line in RUN.invoke(app, ["check"]).output.splitlines() if "unreviewed" in line]
    assert [line.split(":")[0] for line in named] == [
        f"WARN  wording in {code} is unreviewed" for code in ("en", "fr", "ro", "ar")
    ]


def test_written_documents_are_found_and_hold(static_host: Path) -> None:
    written = RUN.invoke(app, ["fallback"])
    assert written.exit_code == 0, written.output
    assert "method HTTP GET, to: http://127.0.0.1" in written.output
    assert finding().startswith("OK    fallback documents hold until ")
    place = next(static_host.iterdir())
    assert "+393400000004" in (place / "call-1.xml").read_text(), "nobody is on duty: the last resort"


def test_expired_documents_fail(static_host: Path) -> None:
    RUN.invoke(app, ["fallback"])
    start = next(static_host.iterdir()) / "start.xml"
    start.write_text(re.sub(r"valid until \S+", "valid until 2020-01-01T00:00:00+00:00", start.read_text()))
    assert finding().startswith("FAIL  the fallback documents expired at 2020-01-01 00:00 UTC")


def test_documents_that_are_not_there_fail(static_host: Path) -> None:
    assert finding().startswith("FAIL  the fallback documents are not at their address (404)")


def test_a_host_that_is_away_fails(static_host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_FALLBACK_URL", "http://127.0.0.1:9")
    assert finding().startswith("FAIL  the fallback documents cannot be fetched: ConnectError")


def test_a_folder_without_its_address_stops_the_start(
    static_host: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOTLINE_FALLBACK_URL")
    failed = RUN.invoke(app, ["fallback"])
    assert failed.exit_code == 1
    assert "HOTLINE_FALLBACK_URL is not" in str(failed.exception)
