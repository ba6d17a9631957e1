"""Does the same exchange run by itself against the wall clock?"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from hotline.clock import WallClock
from hotline.simulator.exchange import Exchange
from hotline.simulator.phones import Town
from hotline.simulator.rest_app import rest_app
from hotline.simulator.transport import HttpDelivery
from hotline.simulator.wire import Refused, TimedOut, WebRequest, WebResponse, twiml_response
from tests.simulator.service import AUTHORISATION, HOST, LINE, Service

SPEED = 20.0


@contextmanager
def running(service: object) -> Iterator[Town]:
    exchange = Exchange(WallClock(speed=SPEED), service)  # type: ignore[arg-type]  # a callable double
    exchange.add_line(LINE, f"{HOST}/voice", status_url=f"{HOST}/status")
    exchange.start()
    try:
        yield Town(exchange)
    finally:
        exchange.close()


def test_a_call_is_played_in_real_time() -> None:
    service = Service(
        voice='<Say>Uno due tre.</Say><Gather numDigits="1" action="/key" timeout="20"/>',
        key=f'<Dial callerId="{LINE}"><Number>+393400000002</Number></Dial>',
    )
    with running(service) as town:
        piera, anna = town.phone("Piera", "+39 340 0000001"), town.phone("Anna", "+39 340 0000002")
        piera.dials()
        piera.hears("uno due tre")
        piera.presses("1")
        anna.answers(within=30)
        anna.talks_with(piera)
        anna.hangs_up()
        town.everybody_hung_up()
    assert service.asked("/key")[0].value("Digits") == "1"


def test_a_slow_webhook_blocks_nobody_else() -> None:
    freed = threading.Event()

    def service(request: WebRequest) -> WebResponse:
        if request.value("From") == "+393400000001":
            freed.wait(5)
        return twiml_response("<Response><Say>Buongiorno.</Say></Response>")

    with running(service) as town:
        slow, quick = town.phone("Lenta", "+39 340 0000001"), town.phone("Svelta", "+39 340 0000002")
        slow.dials()
        quick.dials()
        quick.hears("buongiorno", within=60)
        assert slow.heard() == ""
        freed.set()
        slow.hears("buongiorno", within=60)


def test_an_error_inside_the_exchange_is_not_swallowed() -> None:
    def broken(request: WebRequest) -> WebResponse:
        raise ZeroDivisionError

    def play() -> None:
        with running(broken) as town:
            town.phone("Piera", "+39 340 0000001").dials()
            town.passes(10)

    with pytest.raises(ZeroDivisionError):
        play()


@contextmanager
def serving(app: object) -> Iterator[str]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")  # type: ignore[arg-type]  # an ASGI app
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(5)


def test_rest_is_reached_over_a_real_socket() -> None:
    with running(Service(leg="<Say>Pronto.</Say>")) as town, serving(rest_app(town.exchange)) as address:
        anna = town.phone("Anna", "+39 340 0000002")
        url = f"{address}/2010-04-01/Accounts/AC{'0' * 32}/Calls.json"
        form = {"To": anna.number, "From": LINE, "Url": f"{HOST}/leg"}
        answer = httpx.post(url, data=form, headers=AUTHORISATION, trust_env=False)
        assert answer.status_code == 201
        anna.answers(within=60)
        anna.hears("pronto", within=60)


async def echo(scope: dict[str, object], receive: object, send: object) -> None:
    host = dict(scope["headers"])[b"host"]  # type: ignore[call-overload]  # ASGI's headers
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": host})  # type: ignore[operator]


def test_webhooks_travel_over_real_sockets_to_where_the_public_address_listens() -> None:
    with serving(echo) as address:
        delivery = HttpDelivery({"https://hotline.example.org": address})
        answer = delivery(WebRequest("POST", f"{HOST}/voice", (), body=b"a=1"))
        delivery.close()
    assert (answer.status, answer.body) == (200, b"hotline.example.org")


def test_a_closed_port_is_a_refusal() -> None:
    delivery = HttpDelivery({HOST: "http://127.0.0.1:9"})
    with pytest.raises((Refused, TimedOut)):
        delivery(WebRequest("POST", f"{HOST}/voice", ()))
    delivery.close()
