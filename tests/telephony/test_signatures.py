"""Does anybody but Twilio get in? Every webhook fails closed."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from hotline.app import assemble
from hotline.calls.tables import calls
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import PUBLIC_URL, InProcess, Rig
from hotline.simulator.exchange import ACCOUNT_SID, AUTH_TOKEN
from hotline.simulator.signing import sign
from hotline.simulator.transport import ExchangeTransport
from hotline.simulator.wire import WebRequest, WebResponse
from hotline.telephony.twilio.signature import SignatureCheck
from hotline.telephony.twilio.webhook_forms import read_form

FORM = (
    ("CallSid", "CA" + "1" * 32),
    ("AccountSid", ACCOUNT_SID),
    ("From", "+393400000099"),
    ("To", "+39078133000"),
    ("CallStatus", "ringing"),
    ("CallerName", ""),
)
PATHS = (
    "/twilio/voice",
    "/twilio/voice/status",
    "/twilio/sms",
    "/twilio/caller?call=0&at=hold&turn=1",
    "/twilio/responder?leg=0&at=whisper&turn=0",
    "/twilio/leg-status?leg=0",
    "/twilio/room?room=r0",
    "/twilio/room-wait?side=caller",
    "/twilio/backstop?index=0",
    "/twilio/backstop-whisper",
)
Post = Callable[..., WebResponse]


@pytest.fixture
def post(rig: Rig) -> Iterator[Post]:
    """Send what somebody on the internet might send."""
    door = InProcess()
    door.app = rig.service.app

    def posted(
        path: str, headers: Mapping[str, str], form: tuple[tuple[str, str], ...] = FORM, method: str = "POST"
    ) -> WebResponse:
        sent = (*headers.items(), ("Content-Type", "application/x-www-form-urlencoded"))
        body = urlencode(form).encode() if method == "POST" else b""
        return door(WebRequest(method, PUBLIC_URL + path, sent, form, body, 5.0, 15.0))

    yield posted
    door.close()


def signed(path: str, form: tuple[tuple[str, str], ...] = FORM, token: str = AUTH_TOKEN) -> dict[str, str]:
    """Return the header that Twilio would send."""
    return {"X-Twilio-Signature": sign(token, PUBLIC_URL + path, form)}


@pytest.mark.parametrize("path", PATHS)
def test_a_webhook_of_twilios_is_let_in(post: Post, path: str) -> None:
    assert post(path, signed(path)).status in (200, 204)


@pytest.mark.asks_nothing
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "no"}, {"X-Twilio-Signature": "A" * 5000}],
    ids=["missing", "empty", "wrong", "long"],
)
def test_nobody_else_is(post: Post, path: str, headers: dict[str, str]) -> None:
    assert post(path, headers).status == 403


@pytest.mark.asks_nothing
@pytest.mark.parametrize("path", PATHS)
def test_the_signature_of_another_token_is_refused(post: Post, path: str) -> None:
    other = "of somebody else"
    assert post(path, signed(path, token=other)).status == 403


@pytest.mark.asks_nothing
@pytest.mark.parametrize("path", PATHS)
def test_a_tampered_body_is_refused(post: Post, path: str) -> None:
    changed = tuple((name, "+393400000088" if name == "From" else value) for name, value in FORM)
    assert post(path, signed(path), changed).status == 403
    assert post(path, signed(path), (*FORM, ("Digits", "1"))).status == 403
    assert post(path, signed(path), FORM[:-2]).status == 403


@pytest.mark.asks_nothing
@pytest.mark.parametrize("path", PATHS)
def test_a_tampered_query_is_refused(post: Post, path: str) -> None:
    mark = "&" if "?" in path else "?"
    assert post(f"{path}{mark}leg=other", signed(path)).status == 403


def test_the_signature_of_one_address_opens_no_other(post: Post) -> None:
    assert post("/twilio/voice/status", signed("/twilio/voice")).status == 403


@pytest.mark.parametrize(
    "scheme", ["key=primary,algorithm=HMAC_SHA256", "algorithm=none", "algorithm=HMAC_SHA1", "x"]
)
def test_an_announced_scheme_that_we_do_not_know_is_refused_though_the_old_one_holds(
    post: Post, scheme: str
) -> None:
    headers = signed("/twilio/voice") | {"X-Twilio-Webhooks-Signature-Settings": scheme}
    assert post("/twilio/voice", headers).status == 403


def test_a_webhook_of_another_account_is_refused_though_its_signature_holds(post: Post) -> None:
    other = tuple((name, "AC" + "9" * 32 if name == "AccountSid" else value) for name, value in FORM)
    assert post("/twilio/voice", signed("/twilio/voice", other), other).status == 403


@pytest.mark.parametrize("path", PATHS)
def test_a_get_changes_nothing_even_when_it_is_signed(post: Post, path: str, database: Database) -> None:
    assert post(path, signed(path, ()), (), "GET").status in (403, 405)
    assert calls_stored(database) == 0


def test_nothing_is_stored_of_what_is_refused(post: Post, database: Database) -> None:
    post("/twilio/voice", {"X-Twilio-Signature": "no"})
    assert calls_stored(database) == 0
    post("/twilio/voice", signed("/twilio/voice"))
    assert calls_stored(database) == 1


def test_a_repeated_field_and_blanks_are_signed_as_they_are(post: Post) -> None:
    odd = (*FORM, ("Empty", ""), ("Blanks", "  a  b "), ("Sign", "è+&=%"))
    assert post("/twilio/voice", signed("/twilio/voice", odd), odd).status == 200


def test_a_body_beyond_any_webhook_is_refused_before_it_is_read(post: Post) -> None:
    huge = (*FORM, ("Garbage", "x" * 200_000))
    assert post("/twilio/voice", signed("/twilio/voice", huge), huge).status == 413


def test_ten_kilobytes_of_garbage_do_not_lose_a_caller(post: Post) -> None:
    odd = (*FORM, *((f"Field{number}", "è" * 50) for number in range(100)))
    assert post("/twilio/voice", signed("/twilio/voice", odd), odd).status == 200


@pytest.mark.parametrize("token", ["new-token", "old-token"])
def test_during_a_rotation_both_tokens_are_accepted(
    rig: Rig, database: Database, clock: ManualClock, tmp_path: Path, token: str
) -> None:
    rotating = {"twilio_auth_token": "new-token, old-token", "data_dir": tmp_path}
    settings = rig.service.settings.model_validate(rig.service.settings.model_dump() | rotating)
    service = assemble(settings, clock, ExchangeTransport(rig.exchange), database, threads=False)
    door = InProcess()
    door.app = service.app
    headers = tuple(signed("/twilio/voice", token=token).items())
    body = urlencode(FORM).encode()
    assert (
        door(WebRequest("POST", f"{PUBLIC_URL}/twilio/voice", headers, FORM, body, 5.0, 15.0)).status == 200
    )
    door.close()
    service.line.close()


def calls_stored(database: Database) -> int:
    """Count the calls."""
    with database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(calls)).scalar() or 0)


# The address that Twilio called


@pytest.mark.parametrize(
    ("public_url", "path", "query", "url"),
    [
        ("https://a.example.org", "/twilio/voice", "", "https://a.example.org/twilio/voice"),
        (
            "https://a.example.org/",
            "/twilio/voice",
            "b=%20&c=",
            "https://a.example.org/twilio/voice?b=%20&c=",
        ),
        ("https://a.example.org/hot", "/twilio/voice", "", "https://a.example.org/hot/twilio/voice"),
        ("https://a.example.org/hot", "/hot/twilio/voice", "", "https://a.example.org/hot/twilio/voice"),
        ("http://a.example.org:8080", "/twilio/voice", "", "http://a.example.org:8080/twilio/voice"),
    ],
)
def test_the_address_is_rebuilt_from_our_setting(public_url: str, path: str, query: str, url: str) -> None:
    assert SignatureCheck(public_url, ("12345",)).url_of(path, query) == url


def test_twilios_published_example_holds() -> None:
    form = read_form(
        b"CallSid=CA1234567890ABCDE&Caller=%2B14158675310&Digits=1234&From=%2B14158675310&To=%2B18005551212"
    )
    check = SignatureCheck("https://example.com", ("12345",))
    assert check.holds("/myapp.php", "foo=1&bar=2", form, "L/OH5YylLD5NRKLltdqwSvS0BnU=", "")
    assert not check.holds("/myapp.php", "foo=1&bar=3", form, "L/OH5YylLD5NRKLltdqwSvS0BnU=", "")


def test_without_a_token_nothing_holds() -> None:
    check = SignatureCheck("https://example.com", ())
    assert not check.holds("/myapp.php", "", read_form(b""), "L/OH5YylLD5NRKLltdqwSvS0BnU=", "")


@pytest.mark.parametrize("signature", ["è", "\u200b", "L/OH5YylLD5NRKLltdqwSvS0BnU=è", "\x00"])
def test_a_signature_that_is_no_ascii_is_refused_and_breaks_nothing(signature: str) -> None:
    check = SignatureCheck("https://example.com", ("12345",))
    assert not check.holds("/myapp.php", "", read_form(b""), signature, "")


def test_the_scheme_for_other_bodies_is_no_back_door(post: Post) -> None:
    path = f"/twilio/voice?bodySHA256={sha256(urlencode(FORM).encode()).hexdigest()}"
    of_the_address_only = signed(path, form=())
    assert post(path, of_the_address_only).status == 403
    assert post(path, of_the_address_only, (*FORM, ("Digits", "1"))).status == 403
    assert post(path, signed(path)).status == 200
