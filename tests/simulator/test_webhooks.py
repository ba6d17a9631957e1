"""Are webhooks signed, shaped, retried and given up as Twilio does?"""

import pytest

from hotline.simulator.signing import sign
from hotline.simulator.wire import Refused, WebRequest, WebResponse, twiml_response
from tests.simulator.service import HOST, Service, connect, rest, ring, with_caller

VECTORS = [
    (
        "https://example.com/myapp.php?foo=1&bar=2",
        {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675310",
            "Digits": "1234",
            "From": "+14158675310",
            "To": "+18005551212",
        },
        "L/OH5YylLD5NRKLltdqwSvS0BnU=",
    ),
    (
        "https://hotline.example.org/twilio/voice?n=1",
        {"CallSid": "CA" + "0" * 32, "From": "+393400000001", "To": "+39078133000", "CallerName": ""},
        "eY7EwseFeqwHB0zZo18IPgksQ4o=",
    ),
    ("https://hotline.example.org/twilio/ping?a=b", {}, "vb0AQXI1ce4tx2F+FiJAyIDHvqw="),
]


@pytest.mark.parametrize(("url", "form", "signature"), VECTORS)
def test_signatures_match_the_published_vectors(url: str, form: dict[str, str], signature: str) -> None:
    assert sign("12345", url, form.items()) == signature


def test_every_webhook_is_signed_also_with_query_and_empty_values() -> None:
    service = Service(voice="<Redirect>/next?turn=2&amp;leg=a</Redirect>", next="<Say>Buongiorno.</Say>")
    town = with_caller(service, status_url=f"{HOST}/status?x=")
    town["Piera"].dials()
    town["Piera"].hung_up()
    assert [request.path for request in service.requests] == ["/voice", "/next", "/status"]
    for request in service.requests:
        assert request.header("X-Twilio-Signature") == sign("12345", request.url, request.form)
        assert request.header("I-Twilio-Idempotency-Token")
    assert service.asked("/voice")[0].value("FromCity", "absent") == ""
    assert service.asked("/voice")[0].value("FromCountry") == "IT"
    assert len({request.header("I-Twilio-Idempotency-Token") for request in service.requests}) == 3


def test_a_get_webhook_carries_its_fields_in_the_signed_query() -> None:
    service = Service(voice='<Redirect method="GET">/next</Redirect>', next="<Say>Sì.</Say>")
    town = with_caller(service)
    town["Piera"].dials()
    asked = service.asked("/next")[0]
    assert "CallSid=CA" in asked.url
    assert asked.form == ()
    assert asked.header("X-Twilio-Signature") == sign("12345", asked.url)


def test_the_first_request_rings_and_the_status_callback_comes_once_at_the_end() -> None:
    service = Service(voice="<Say>uno due tre quattro</Say>")
    town = with_caller(service, status_url=f"{HOST}/status")
    town["Piera"].dials()
    town["Piera"].hung_up()
    assert service.statuses("/voice") == ["ringing"]
    ended = service.asked("/status")
    assert [request.value("CallStatus") for request in ended] == ["completed"]
    assert ended[0].value("CallDuration") == "2"
    assert ended[0].value("CallbackSource") == "call-progress-events"


@pytest.mark.parametrize("shown", ["anonymous", "Restricted", "", "+266696687", "sip:a@b", "client:x"])
def test_anonymous_callers_come_as_a_word_without_geography(shown: str) -> None:
    service = Service()
    town = with_caller(service)
    town["Piera"].dials(from_field=shown)
    assert service.requests[0].value("From", "absent") == shown
    assert service.requests[0].value("FromCountry", "absent") == ""


def test_optional_fields_can_be_absent_or_added() -> None:
    service = Service()
    town = with_caller(service)
    town["Piera"].dials(bare=True, extra={"ForwardedFrom": "+39078100000"})
    assert set(dict(service.requests[0].form)) == {
        "AccountSid",
        "ApiVersion",
        "CallSid",
        "CallStatus",
        "Direction",
        "From",
        "To",
    }
    town["Piera"].dials(extra={"ForwardedFrom": "+39078100000"})
    assert service.requests[1].value("ForwardedFrom") == "+39078100000"


def test_connection_overrides_are_obeyed_and_neither_sent_nor_signed() -> None:
    tries: list[WebRequest] = []

    def stumbling(request: WebRequest) -> WebResponse:
        tries.append(request)
        return (
            WebResponse(503) if len(tries) < 3 else twiml_response("<Response><Say>Eccoci.</Say></Response>")
        )

    service = Service(voice="<Redirect>/next#rt=4000&amp;rc=2&amp;rp=ct,rt,5xx</Redirect>", next=stumbling)
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].hears("eccoci")
    assert [request.url for request in tries] == [f"{HOST}/next"] * 3
    assert len({request.header("I-Twilio-Idempotency-Token") for request in tries}) == 1
    assert tries[0].read_limit == 4.0


def test_an_error_answer_is_not_retried_by_default() -> None:
    service = Service(voice=WebResponse(500))
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].hears("application error")
    town["Piera"].hung_up()
    assert len(service.requests) == 1
    assert town.exchange.troubles[0].code == 11217


def test_a_refused_connection_exhausts_the_retry_at_once() -> None:
    tries = []

    def closed(request: WebRequest) -> WebResponse:
        tries.append(request)
        raise Refused

    town = with_caller(closed)
    began = town.exchange.now()
    town["Piera"].dials()
    assert len(tries) == 2
    assert town.exchange.troubles[0].moment == began
    assert town.exchange.troubles[0].code == 11205


def test_a_slow_answer_is_given_up_after_fifteen_seconds() -> None:
    service = Service(voice=twiml_response("<Response><Say>Troppo tardi.</Say></Response>", seconds=15.5))
    town = with_caller(service)
    began = town.exchange.now()
    town["Piera"].dials()
    town["Piera"].hears("application error")
    assert (town.exchange.troubles[0].moment - began).total_seconds() == 15.0
    town["Piera"].hears_nothing_like("troppo tardi", for_seconds=10)


def test_the_number_s_fallback_url_gets_error_code_and_url_and_serves_the_whole_call() -> None:
    service = Service(
        voice="<Say>Uno.</Say><Redirect>/broken</Redirect>",
        broken=WebResponse(500),
        fallback="<Say>Parla con noi.</Say><Redirect>/broken</Redirect>",
    )
    town = with_caller(service, fallback_url="https://static.example.org/fallback")
    town["Piera"].dials()
    town["Piera"].hears("parla con noi")
    asked = service.asked("/fallback")[0]
    assert asked.value("ErrorCode") == "11217"
    assert asked.value("ErrorUrl") == f"{HOST}/broken"
    assert asked.value("CallSid").startswith("CA")
    town["Piera"].hears("parla con noi")


def test_a_rest_call_without_fallback_url_has_none() -> None:
    service = Service(leg=WebResponse(500), fallback="<Say>Riserva.</Say>")
    town = connect(service, fallback_url="https://static.example.org/fallback")
    anna = town.phone("Anna", "+39 340 0000002")
    ring(town, anna.number)
    anna.answers(within=5)
    anna.hears("application error")
    assert service.asked("/fallback") == []
    anna.hung_up()
    ring(town, anna.number, ("FallbackUrl", f"{HOST}/fallback"))
    anna.answers(within=5)
    anna.hears("riserva")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (WebResponse(200, b"<Response/>" + b" " * 65536, {"Content-Type": "text/xml"}), 11750),
        (WebResponse(200, b"<Response/>", {"Content-Type": "application/json"}), 12300),
        (WebResponse(200, b"<Response/>", {}), 12300),
        (WebResponse(200, b" <Response/>", {"Content-Type": "text/xml"}), 12100),
        (WebResponse(200, b"\xef\xbb\xbf<Response/>", {"Content-Type": "text/xml"}), 12100),
        (WebResponse(200, b"<Response><Say></Response>", {"Content-Type": "text/xml"}), 12100),
        (WebResponse(302, b"", {"Location": "/voice"}), 11215),
    ],
)
def test_answers_that_twilio_cannot_use(answer: WebResponse, code: int) -> None:
    town = with_caller(Service(voice=answer))
    town["Piera"].dials()
    assert town.exchange.troubles[0].code == code
    assert bool(town.exchange.violations) == (code != 11215)


def test_plain_text_is_read_aloud_and_redirects_are_followed() -> None:
    service = Service(
        voice=WebResponse(307, b"", {"Location": "/plain"}),
        plain=WebResponse(200, b"Buonasera a tutti", {"Content-Type": "text/plain"}),
    )
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].hears("buonasera a tutti")
    asked = service.asked("/plain")[0]
    assert asked.header("X-Twilio-Signature") == sign("12345", f"{HOST}/plain", asked.form)


def test_the_settle_hook_runs_after_each_webhook_before_time_goes_on() -> None:
    service = Service(voice="<Say>Uno due.</Say>")
    seen: list[int] = []
    town = connect(service, settle=lambda: seen.append(len(service.requests)))
    town.phone("Piera", "+39 340 0000001").dials()
    assert seen == [1]


def test_what_the_service_does_in_the_settle_hook_takes_effect_at_once() -> None:
    service = Service(voice="<Say>Uno due tre quattro.</Say>", moved="<Say>Spostata.</Say>")
    town = connect(service, settle=lambda: move())
    piera = town.phone("Piera", "+39 340 0000001")

    def move() -> None:
        leg = piera.handset.leg
        if leg is not None and not service.asked("/moved"):
            rest(town, "POST", f"Calls/{leg.sid}.json", ("Url", f"{HOST}/moved"))

    town.exchange.every(1, lambda: None)
    piera.dials()
    piera.hears("spostata", within=2)
    piera.hears_nothing_like("quattro")
