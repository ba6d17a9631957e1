"""How does the API stand under `/api/v1`: its routes, its refusals, its own OpenAPI, and nothing else?"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotline.api import (
    absences,
    duty,
    offers,
    overrides,
    own_offers,
    people,
    presence,
    problems,
    record,
    rota,
    shifts,
)
from hotline.api.desk import Desk

PREFIX = "/api/v1"
VERSION = "1"
_LARGEST_BODY = 1_000_000


def api(desk: Desk) -> FastAPI:
    """Return the application to mount at `PREFIX`; its OpenAPI is at `openapi.json`, for anybody."""
    app = FastAPI(
        title="Pronto Intervento Sociale: the rota",
        version=VERSION,
        description="Who answers the line, when, and by which rules. Every request carries a token.",
        docs_url=None,
        redoc_url=None,
        # A redirect would name whichever host the request named, and send the token there.
        redirect_slashes=False,
        telemetry={"logs": False},
    )
    app.state.desk = desk
    families = (duty, shifts, people, absences, overrides, offers, own_offers, presence, rota, record)
    for family in families:
        app.include_router(family.router)
    problems.add_problems(app)
    app.add_middleware(Measured)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's own way to add a schema
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Return FastAPI's description with the shape of a refusal, which it would name application/json."""
    if app.openapi_schema is None:
        described = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            servers=[{"url": PREFIX}],
        )
        described["components"]["schemas"]["Problem"] = problems.SCHEMA
        app.openapi_schema = described
    return app.openapi_schema


class Measured:
    """Let no browser and no proxy keep an answer, and nobody send more than any rota needs.

    FastAPI's own limit would answer before our handlers, as plain text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, piece by piece; its answer says that it is not to be stored."""
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > _LARGEST_BODY:
                raise problems.Problem(413, "the body is larger than any rota: send less")
            return message

        async def not_kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"cache-control", b"no-store")]
            await send(message)

        await self._app(scope, counted, not_kept)
