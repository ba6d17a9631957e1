"""What do the tests of the API start from? One replica, people on duty, a token for each role."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from hotline.api.tokens.actions import make_token
from hotline.api.tokens.token import Role
from hotline.app import Service, assemble
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.oncall.actions import import_shifts
from hotline.people.actions import import_people
from hotline.people.store import everybody
from hotline.settings import Settings
from hotline.simulator.exchange import ACCOUNT_SID, AUTH_TOKEN

PEOPLE = """name,phone,role,languages
Anna,3400000001,volunteer,it;en
Bruno,3400000002,volunteer,it
Lucia,3400000003,social_worker,it
Carla,3400000004,coordinator,it
"""
SHIFTS = """phone,role,starts_at,ends_at
3400000001,volunteer,2026-11-21T20:00+01:00,2026-11-22T08:00+01:00
3400000003,social_worker,2026-11-21T20:00+01:00,2026-11-22T08:00+01:00
3400000001,volunteer,2026-11-23T20:00+01:00,2026-11-24T08:00+01:00
3400000002,volunteer,2026-11-22T20:00+01:00,2026-11-23T08:00+01:00
"""
PHONES = {"Anna": "3400000001", "Bruno": "3400000002", "Lucia": "3400000003", "Carla": "3400000004"}
ROTA = """[rota]
from = 2026-11-01

[[band]]
name = "notte"
role = "volunteer"
from = "20:00"
to = "08:00"

[[rotation]]
band = "notte"
every = "shift"
order = ["+393400000001", "+393400000002"]
"""


@dataclass
class Api:
    """One replica's API as programs see it: a client, and the header of a token for each role."""

    client: TestClient
    service: Service
    tokens: Mapping[Role, str]
    ids: Mapping[str, str]

    def ask(
        self, path: str, role: Role | None = Role.COORDINATOR, method: str = "GET", **more: object
    ) -> httpx.Response:
        """Send one request with the token of a role, or without any."""
        given = more.pop("headers", {})
        headers = {**given, **self.header(role)}  # type: ignore[dict-item]  # headers are texts
        return self.client.request(method, f"/api/v1{path}", headers=headers, **more)  # type: ignore[arg-type, return-value]

    def header(self, role: Role | None) -> dict[str, str]:
        """Return what a request carries."""
        return {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}


@pytest.fixture
def service(database: Database, clock: ManualClock, tmp_path: Path) -> Service:
    """One replica whose jobs nobody runs."""
    settings = Settings(
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=AUTH_TOKEN,
        twilio_api_url="http://127.0.0.1:9",
        public_url="https://hotline.example.org",
        data_dir=tmp_path,
    )
    return assemble(settings, clock, database=database, threads=False)


@pytest.fixture
def api(service: Service, database: Database) -> Iterator[Api]:
    """Anna and Lucia on duty, Carla coordinates; she has two tokens, Anna one of her own."""
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
        import_shifts(tx, SHIFTS)
        ids = {person.name: person.id for person in everybody(tx)}
        whose = {Role.COORDINATOR: "Carla", Role.READER: "Carla", Role.SELF: "Anna"}
        tokens = {role: make_token(tx, PHONES[name], role, "the tests")[1] for role, name in whose.items()}
    with TestClient(service.app, raise_server_exceptions=False) as client:
        yield Api(client, service, tokens, ids)
