"""What does the demo answer to the browser: the page, its state, the fingers on the telephones?"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio.to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from hotline.demo.demo_clock import DemoClock, next_turn
from hotline.demo.picture import Picture
from hotline.demo.stage import Stage
from hotline.errors import BadInput
from hotline.profile import Profile
from hotline.simulator.rest_app import rest_app

PAGE = Path(__file__).parent / "page"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Endpoint = Callable[[Request], Awaitable[Response]]


def demo_app(stage: Stage, picture: Picture, clock: DemoClock, profile: Profile) -> Starlette:
    """Return the ASGI application of the page, its control, and the exchange's own REST address."""

    async def state(request: Request) -> Response:
        category = request.query_params.get("category") or None
        drawn = await anyio.to_thread.run_sync(picture.draw, category)
        return JSONResponse(drawn, headers=_HEADERS)

    async def touch(request: Request) -> Response:
        given = await _given(request)
        phone, verb = request.path_params["phone"], request.path_params["verb"]
        key, withheld = str(given.get("key", "")), bool(given.get("withheld"))
        await anyio.to_thread.run_sync(stage.act, phone, verb, key, withheld)
        return JSONResponse({}, headers=_HEADERS)

    async def turn(request: Request) -> Response:
        await _given(request)
        await anyio.to_thread.run_sync(_turn, stage, clock, profile)
        return JSONResponse({}, headers=_HEADERS)

    return Starlette(
        routes=[
            Route("/", _file("index.html")),
            Route("/state", state),
            Route("/phones/{phone}/{verb}", touch, methods=["POST"]),
            Route("/turn", turn, methods=["POST"]),
            Mount("/2010-04-01", rest_app(stage.exchange)),
            Route("/{name}", _any_file),
        ],
        exception_handlers={BadInput: _refused},
    )


def _turn(stage: Stage, clock: DemoClock, profile: Profile) -> None:
    """Turn day into night or back; raise BadInput while somebody is on the line."""
    with stage.exchange.lock:
        if not stage.is_quiet():
            raise BadInput("Prima riagganci: l'ora cambia solo quando nessuno è in linea.")
        clock.turn_to(next_turn(profile, clock.now()))
        stage.exchange.agenda.on_change()


async def _given(request: Request) -> dict[str, Any]:
    # Another site's page cannot send this type without asking first, and we never say yes.
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise BadInput("Serve una richiesta JSON.")
    try:
        given = json.loads(await request.body() or b"{}")
    except ValueError:
        raise BadInput("La richiesta non è JSON.") from None
    return given if isinstance(given, dict) else {}


async def _refused(_request: Request, error: Exception) -> Response:
    return JSONResponse({"problem": str(error)}, status_code=409, headers=_HEADERS)


def _file(name: str) -> Endpoint:
    async def answer(_request: Request) -> Response:
        return _page_file(name)

    return answer


async def _any_file(request: Request) -> Response:
    return _page_file(request.path_params["name"])


def _page_file(name: str) -> Response:
    path = PAGE / Path(name).name
    if path.suffix not in _KINDS or not path.is_file():
        return Response(status_code=404)
    return Response(path.read_bytes(), media_type=_KINDS[path.suffix], headers=_HEADERS)
