"""Which requests with a valid signature does Twilio never send, and how is one sent all the same?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from hotline.api.application import PREFIX
from hotline.demo.rig import PUBLIC_URL, Rig
from hotline.simulator.exchange import ACCOUNT_SID, AUTH_TOKEN
from hotline.simulator.signing import sign
from hotline.simulator.wire import WebResponse
from hotline.telephony.twilio.webhook_forms import read_form

SENTINEL = "Zqxjk"
"""Stands in most of the garbage, and may turn up in no log."""

FORM = "application/x-www-form-urlencoded"
_FIELDS = [
    "CallSid", "AccountSid", "From", "To", "CallStatus", "Digits", "DialCallStatus", "DialCallSid",
    "DialBridged", "ErrorCode", "Body", "StatusCallbackEvent", "ConferenceSid", "MessageSid", "SmsSid",
    "NumMedia", "MessageStatus", "CallDuration", "Timestamp", "ApiVersion",
]  # fmt: skip
_QUERY = [
    "call", "turn", "at", "room", "leg", "notice", "attempt", "drill", "index", "asked", "side", "again",
    "try", "pressed", "bridged", "dialled_as",
]  # fmt: skip
_ENCODED = (
    "%00", "%ED%A0%80", "%ed%b0%80", "%zz", "%", "%2", "%u0041", "%E8", "%C0%AF", "%FF%FE", "+", "%0A%0D",
)  # fmt: skip


@dataclass(frozen=True)
class Odd:
    """One request as its bytes; names in braces, as `{honest.call}`, stand for what the story knows."""

    method: str
    query: str
    body: str
    content_type: str
    token: str

    def told(self, known: Mapping[str, str]) -> tuple[str, bytes]:
        """Return query and body with the names replaced, the body as bytes."""
        query, body = self.query, self.body
        for name, value in known.items():
            query = query.replace(f"%7B{name}%7D", value)
            body = body.replace(f"%7B{name}%7D", value)
        return query, body.encode()


def _texts() -> st.SearchStrategy[str]:
    """Garbage as a text."""
    words = [
        "", " ", "0", "-1", "1", "8", "112", "3.14", "-0.0", "1e309", "nan", "99999999999999999999", "²",
        "１", "٣", "true", "null", "[]", "{}", "None", "\x00", "\x01\x1b[31m", "\r\nX-Injected: 1", "🚑" * 9,
        "\ud800", "\u202e\u0661", "ﷺ", "%s%n%d", "${jndi:ldap://x}", "'; DROP TABLE calls; --",
        "../../etc/passwd", "<Response><Hangup/></Response>", "]]>&amp;&#0;", "\"'><", "completed",
        "in-progress", "busy", "ringing", "no-answer", "conference-start", "+393400000055", "anonymous",
        "sip:x@y.invalid", "m1", "s0", "hold", "start", "back", "room", "whisper", "1" * 40, "1" * 41,
    ]  # fmt: skip
    return st.one_of(
        st.sampled_from(words),
        st.sampled_from(words).map(lambda word: SENTINEL + word),
        st.text(max_size=30).map(lambda text: SENTINEL + text),
    )


# Encoded once: a hundred thousand times the same letter.
_HUGE = [SENTINEL + quote(sign) * size for size in (100, 10_000, 100_000) for sign in "x1é🚑\x00"]


def _value(ids: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Garbage percent-encoded, or not even that."""
    return st.one_of(
        _texts().map(lambda text: quote(text.encode("utf-8", "surrogatepass"))),
        st.sampled_from(_HUGE),
        st.sampled_from(_ENCODED).map(lambda odd: odd + SENTINEL),
        st.sampled_from(ids).map(lambda name: quote("{" + name + "}")),
    )


def _pairs(names: list[str], ids: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Fields in any order, missing, repeated, unknown."""
    name = st.one_of(st.sampled_from(names), st.sampled_from(names), _value(ids))
    pair = st.tuples(name, _value(ids), st.sampled_from(["=", "=", "=", "", "=="]))
    return st.lists(pair.map(lambda p: p[0] + p[2] + p[1]), max_size=9).map("&".join)


_SIDS = ("decoy.sid", "stranger.sid")
_IDS = ("decoy.call", "decoy.leg", "honest.call", "honest.leg", "honest.room", "notice", *_SIDS)
_OWN = {
    "call": ("honest.call", "decoy.call"),
    "leg": ("honest.leg", "decoy.leg"),
    "room": ("honest.room",),
    "notice": ("notice", "decoy.call"),
    "attempt": ("notice",),
    "drill": ("notice",),
}
_PLACES = [
    "start", "back", "room", "hold", "greeting", "menu", "whisper", "lost", "between", "promise", "again",
    "take", "cover", "confirm", "note", "talk", "dialled", "joined", "error",
]  # fmt: skip
_TURNS = ["0", "1", "2", "7", "m1", "m00000000", "s3", "-1", "1e3", "9" * 39, "9" * 40, "x.1.2.3"]
_NUMBERS = ["0", "1", "2", "99", "-1", "1.5", "", "9" * 30, "²", "x"]


def _name(name: str) -> str:
    return quote("{" + name + "}")


def _plausible_query() -> st.SearchStrategy[str]:
    """An address much like our own: the ids of other calls, turns never given out, places that may exist."""
    ids = {key: st.sampled_from([_name(name) for name in names]) for key, names in _OWN.items()}
    more = {
        "turn": st.sampled_from(_TURNS),
        "at": st.sampled_from(_PLACES),
        "index": st.sampled_from(_NUMBERS).map(quote),
        "asked": st.sampled_from(_NUMBERS).map(quote),
        "try": st.sampled_from(_NUMBERS).map(quote),
        "side": st.sampled_from(["caller", "responder", ""]),
        "pressed": st.sampled_from(["1", "8", "", "x"]),
    }
    filled = st.fixed_dictionaries({}, optional={**ids, **more})
    return filled.map(lambda query: "&".join(f"{key}={value}" for key, value in query.items()))


def _plausible_fields() -> st.SearchStrategy[str]:
    """The fields that Twilio sends, with the SID of anybody but the honest caller and whom they wait for."""
    statuses = ["in-progress", "ringing", "completed", "no-answer", "failed", "busy", "canceled", "odd"]
    filled = st.fixed_dictionaries(
        {
            "CallSid": st.sampled_from([*map(_name, _SIDS), *map(_name, _SIDS), "", quote(SENTINEL)]),
            "AccountSid": st.just(ACCOUNT_SID),
        },
        optional={
            "CallStatus": st.sampled_from(statuses),
            "Digits": st.sampled_from(["1", "2", "8", "9", "*", "3400000055", "?"]).map(quote),
            "DialCallStatus": st.sampled_from(statuses),
            "DialBridged": st.sampled_from(["true", "false", ""]),
            "From": st.sampled_from(["+393400000055", "anonymous", "", "+39"]).map(quote),
            "StatusCallbackEvent": st.sampled_from(["conference-start", "conference-end"]),
            "Body": st.sampled_from(["aiuto", "STOP", "1", ""]),
            "MessageStatus": st.sampled_from(["undelivered", "delivered"]),
        },
    )
    return filled.map(lambda fields: "&".join(f"{key}={value}" for key, value in fields.items()))


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: "&".join(filter(None, found)))


_OTHER_BODIES = (
    '{"CallSid": "' + SENTINEL + '"}',
    f'--x\r\nContent-Disposition: form-data; name="Digits"\r\n\r\n{SENTINEL}\r\n--x--\r\n',
    "a=" * 3000,
    "&".join(f"f{number}=" for number in range(1200)),
    "",
    "\x00",
)


def odd_requests() -> st.SearchStrategy[Odd]:
    """Every kind of request that must do no harm."""
    fields = _joined(_plausible_fields(), _pairs(_FIELDS, _IDS))
    plain = _plausible_fields()
    wild = st.one_of(_pairs(_FIELDS, _IDS), st.sampled_from(_OTHER_BODIES), st.text(max_size=99))
    types = [FORM, "", "application/json", "multipart/form-data; boundary=x", FORM + "; charset=utf-16"]
    return st.builds(
        Odd,
        method=st.sampled_from(["POST"] * 30 + ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "X"]),
        query=st.one_of(
            _plausible_query(), _joined(_plausible_query(), _pairs(_QUERY, _IDS)), _pairs(_QUERY, _IDS)
        ).map(lambda query: query[:30_000]),
        body=st.one_of(plain, fields, fields, wild),
        content_type=st.sampled_from([FORM] * 5 + types),
        token=st.sampled_from(["0" * 32, "", SENTINEL * 200]),
    )


def send(rig: Rig, path: str, odd: Odd, known: Mapping[str, str]) -> WebResponse:
    """Send one request, signed, to the application as a server would hand it over."""
    query, body = odd.told(known)
    raw_query = query.encode("latin-1", "replace")
    url = f"{PUBLIC_URL}{path}" + (f"?{raw_query.decode('latin-1')}" if query else "")
    form = sorted(set(read_form(body).multi_items()))
    headers = [
        (b"host", b"hotline.example.org"),
        (b"x-twilio-signature", sign(AUTH_TOKEN, url, [(n, str(v)) for n, v in form]).encode()),
        (b"i-twilio-idempotency-token", odd.token.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    if odd.content_type:
        headers.append((b"content-type", odd.content_type.encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": odd.method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": raw_query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 443),
    }
    return rig._delivery._portal.call(_ask, rig._delivery.app, scope, body)


async def _ask(app: Any, scope: dict[str, Any], body: bytes) -> WebResponse:
    told: list[dict[str, Any]] = []
    parts = [body[: len(body) // 2], body[len(body) // 2 :]]

    async def receive() -> dict[str, Any]:
        if not parts:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def take(message: dict[str, Any]) -> None:
        told.append(message)

    await app(scope, receive, take)
    headers = {name.decode(): value.decode() for name, value in told[0].get("headers", [])}
    return WebResponse(told[0]["status"], b"".join(message.get("body", b"") for message in told), headers)


def webhook_paths(rig: Rig) -> list[str]:
    """Return every path of the application that anybody may post to, however it is mounted.

    But the API's: it is asked odd questions in tests/api, and never takes a form.
    """
    found = {route.path for route in _routes(rig.service.app.routes) if "POST" in (route.methods or ())}
    return sorted(found)


def _routes(routes: Any) -> Iterator[Any]:
    for route in routes:
        if getattr(route, "path", "") == PREFIX:
            continue
        inner = getattr(route, "original_router", None) or getattr(route, "app", None)
        if getattr(route, "methods", None):
            yield route
        elif hasattr(inner, "routes"):
            yield from _routes(inner.routes)
