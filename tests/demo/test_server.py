"""Does `hotline demo` start over real sockets, obey only its own page, and reach nobody outside?"""

from collections.abc import Iterator
from datetime import datetime
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from hotline.clock import Deadline
from hotline.demo.server import Demo
from hotline.errors import BadInput

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=ZoneInfo("Europe/Rome"))


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo(start=NIGHT) as started:
        yield started
        assert not started.exchange.violations


@pytest.fixture(scope="module")
def browser(demo: Demo) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=demo.address, trust_env=False) as client:
        yield client


def state_of(browser: httpx.Client, who: str) -> str:
    phones = browser.get("/state").raise_for_status().json()["phones"]
    return str(next(phone["state"] for phone in phones if phone["id"] == who))


def wait_for(browser: httpx.Client, who: str, state: str, seconds: float = 20) -> None:
    deadline, pause = Deadline(seconds), Event()
    while state_of(browser, who) != state:
        assert not deadline.passed(), f"{who} is {state_of(browser, who)}, not {state}"
        pause.wait(0.1)


def touch(browser: httpx.Client, who: str, verb: str, **given: Any) -> httpx.Response:
    return browser.post(f"/phones/{who}/{verb}", json=given)


def test_page_allows_no_script_or_style_but_its_own(browser: httpx.Client) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "://" not in page.text.replace("http://www.w3.org", "")


def test_nothing_but_the_page_is_served(browser: httpx.Client) -> None:
    assert browser.get("/main.js").status_code == 200
    for path in ("/server.py", "/..%2fserver.py", "/.env", "/nothing.js"):
        assert browser.get(path).status_code == 404, path


def test_only_its_own_page_can_move_the_telephones(browser: httpx.Client) -> None:
    as_another_site_would = browser.post("/phones/caller/dial", content="{}")
    assert as_another_site_would.status_code == 409
    assert state_of(browser, "caller") == "idle"


@pytest.mark.parametrize(
    ("who", "verb", "given"),
    [
        ("anna", "answer", {}),
        ("anna", "press", {"key": "1"}),
        ("caller", "press", {"key": "12"}),
        ("caller", "explode", {}),
        ("nobody", "dial", {}),
    ],
)
def test_what_a_telephone_cannot_do_now_is_refused(
    browser: httpx.Client, who: str, verb: str, given: dict[str, str]
) -> None:
    refused = touch(browser, who, verb, **given)
    assert refused.status_code == 409
    assert refused.json()["problem"]


def test_at_night_a_call_about_violence_reaches_the_social_worker(browser: httpx.Client) -> None:
    plan = browser.get("/state", params={"category": "VIO"}).json()["plan"]
    assert [tier["after"] for tier in plan["tiers"]] == [0, 0, 60]

    assert touch(browser, "caller", "dial", withheld=True).status_code == 200
    wait_for(browser, "caller", "line")
    touch(browser, "caller", "press", key="1")
    wait_for(browser, "lucia", "ringing")
    refused = browser.post("/turn", json={})
    assert refused.status_code == 409, "the clock stands while somebody is on the line"
    touch(browser, "lucia", "answer")
    touch(browser, "lucia", "press", key="1")
    wait_for(browser, "caller", "talking")

    call = browser.get("/state").json()["call"]
    assert call["withheld"]
    assert call["category"] == "Violenza"
    touch(browser, "caller", "hang_up")
    wait_for(browser, "caller", "idle")
    touch(browser, "lucia", "hang_up")
    for who in ("lucia", "anna", "bruno"):
        wait_for(browser, who, "idle")
    assert browser.get("/state").json()["call"]["talks"][0]["name"] == "Lucia"

    assert browser.post("/turn", json={}).status_code == 200
    clock = browser.get("/state").json()["clock"]
    assert (clock["time"], clock["night"]) == ("10:15", False)


def test_settings_of_a_real_service_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    real = {
        "TWILIO_ACCOUNT_SID": "AC" + "f" * 32,
        "TWILIO_AUTH_TOKEN": "real",
        "HOTLINE_TWILIO_API_URL": "https://api.twilio.com",
        "HOTLINE_PUBLIC_URL": "https://hotline.example.org",
        "HOTLINE_DATABASE_URL": "postgresql://real.example.org/hotline",
        "HOTLINE_HEARTBEAT_URL": "https://watch.example.org",
    }
    for name, value in real.items():
        monkeypatch.setenv(name, value)
    with Demo() as demo:
        used = demo.settings
    assert not used.twilio_account_sid.endswith("f")
    assert used.auth_tokens != ("real",)
    assert used.twilio_api_url.startswith("http://127.0.0.1:")
    assert used.public_url.startswith("http://127.0.0.1:")
    assert used.database.startswith("sqlite:///")
    assert used.heartbeat_url == ""
    assert not used.gap_alarms, "the coordinator's phone tells of holes before anybody has dialled"


def test_port_in_use_is_said_in_one_sentence(demo: Demo) -> None:
    port = int(demo.address.rstrip("/").rsplit(":", 1)[1])
    with pytest.raises(BadInput, match="choose another --port"):
        Demo(port=port)
