"""What do the stories of offers start from? Volunteers who may serve, a night to give away, a terminal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import PUBLIC_URL, Rig
from hotline.errors import BadInput
from hotline.people import store as people
from hotline.people.serving import store as serving
from hotline.simulator.phones import Phone
from tests.stories.conftest import Hire
from tests.stories.offers.offered import MORNING, TONIGHT, Command, Ready
from tests.stories.test_texts import SMS_NUMBER


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": SMS_NUMBER}


@pytest.fixture
def starts_at() -> datetime:
    return MORNING


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    tmp_path: Path,
    rig: Rig,
    settings: Mapping[str, object],
) -> Command:
    """Let somebody sit at the terminal, at the moment of the story: what it prints comes back."""
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    monkeypatch.setenv("HOTLINE_SECRET_KEYS", "a1" * 32)
    monkeypatch.setenv("HOTLINE_SMS_NUMBER", str(settings.get("sms_number", "")))
    monkeypatch.setenv("HOTLINE_PUBLIC_URL", PUBLIC_URL)
    if "profile" in settings:
        monkeypatch.setenv("HOTLINE_PROFILE", str(settings["profile"]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hotline.app.clock_of", lambda *_: ManualClock(rig.clock.now()))

    def ran(*words: str) -> str:
        done = CliRunner().invoke(app, ["offers", *words])
        if isinstance(done.exception, BadInput):
            return str(done.exception)
        assert done.exit_code == 0, done.output
        return done.output

    return ran


@pytest.fixture
def ready(hire: Hire, database: Database) -> Ready:
    """Take somebody into the rota who may serve: trained, with a phone that was tested."""

    def hired(
        name: str, number: int, shift: tuple[datetime, datetime] | None = None, languages: str = "it"
    ) -> Phone:
        phone = hire(name, number, "volunteer", languages, shift=shift)
        with database.transaction() as tx:
            person = people.person_by_phone(tx, phone.number)
            assert person is not None
            terms = serving.terms_of(tx, [person])[person.id]
            until = MORNING.date() + timedelta(days=365)
            serving.keep_terms(tx, [replace(terms, training_until=until, phone_verified_at=tx.now)])
        return phone

    return hired


@pytest.fixture
def anna(ready: Ready) -> Phone:
    """A volunteer who has the night."""
    return ready("Anna", 1, TONIGHT)


@pytest.fixture
def bruno(ready: Ready) -> Phone:
    return ready("Bruno", 2)


@pytest.fixture
def dora(ready: Ready) -> Phone:
    return ready("Dora", 5)


@pytest.fixture
def elio(ready: Ready) -> Phone:
    return ready("Elio", 6)
