"""How is the exchange's REST desk reached over real sockets?"""

from urllib.parse import parse_qsl

import anyio.to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hotline.simulator.exchange import Exchange
from hotline.simulator.wire import LostAnswer, Refused

LOST_SECONDS = 10.0
"""Real seconds after which even a patient client has given up on a lost answer."""


def rest_app(exchange: Exchange) -> Starlette:
    """Make the ASGI application that stands in for api.twilio.com."""

    async def answer(request: Request) -> Response:
        form = parse_qsl((await request.body()).decode(), keep_blank_values=True)
        headers = dict(request.headers)
        try:
            status, body = await anyio.to_thread.run_sync(
                exchange.rest, request.method, str(request.url), headers, form
            )
        except LostAnswer:
            await anyio.sleep(LOST_SECONDS)
            return Response(status_code=504)
        except Refused:
            return Response(status_code=503)
        return Response(status_code=204) if status == 204 else JSONResponse(body, status)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "DELETE"])])
