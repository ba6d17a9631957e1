"""What may a monitor ask, and how long did each answer take? Liveness, readiness, figures."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

import anyio
from anyio import CapacityLimiter
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotline.clock import stopwatch
from hotline.database import Database, pending_migrations
from hotline.operations import store
from hotline.operations.figures import Figures
from hotline.operations.health import GOOD, health
from hotline.operations.metrics import CONTENT_TYPE, Metrics

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds after which a database that says nothing counts as down."""
_AT_ONCE = 2
_Answer = TypeVar("_Answer")
Troubles = Callable[[], Sequence[str]]


def figures_of(database: Database) -> Callable[[], Figures | None]:
    """Return how the figures are read: None when the database does not answer."""

    def read() -> Figures | None:
        try:
            with database.reading() as tx:
                return store.figures(tx)
        except SQLAlchemyError as error:
            log.warning("the figures could not be read", extra={"error": type(error).__name__})
            return None

    return read


def operations(
    database: Database, metrics: Metrics, figures: Callable[[], Figures | None], troubles: Troubles
) -> APIRouter:
    """Return the routes for those who watch over the line; none needs a signature, none tells of a person."""
    router = APIRouter(include_in_schema=False)
    patient = _Patient()

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        seen = await patient.ask(lambda: _look_at(database))
        found = health(*(seen or (f"does not answer within {PATIENCE:g} s", None)), troubles())
        return JSONResponse(found.as_json(), 200 if found.is_good else 503)

    @router.get("/metrics")
    async def page() -> Response:
        return Response(metrics.page(await patient.ask(figures)), media_type=CONTENT_TYPE)

    return router


class _Patient:
    """Ask the database without waiting for ever: a frozen one accepts questions and answers none."""

    def __init__(self) -> None:
        self._limiter: CapacityLimiter | None = None

    async def ask(self, question: Callable[[], _Answer]) -> _Answer | None:
        """Return the answer, or None when it does not come in time."""
        self._limiter = self._limiter or CapacityLimiter(_AT_ONCE)
        with anyio.move_on_after(PATIENCE):
            return await anyio.to_thread.run_sync(question, abandon_on_cancel=True, limiter=self._limiter)
        return None


def _look_at(database: Database) -> tuple[str, bool | None]:
    """Return how the database fares, and whether its schema is behind."""
    try:
        if pending_migrations(database):
            return GOOD, True
        with database.reading() as tx:
            store.schema_answers(tx)
    except SQLAlchemyError as error:
        return f"does not answer ({type(error).__name__})", None
    return GOOD, False


class TimedAnswers:
    """Measure every answer by the template of its route; what matches none is counted as `other`."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and note how long it took and how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = stopwatch(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route, mounted = getattr(scope.get("route"), "path", "other"), scope.get("root_path", "")
            route = route if route == "other" or route.startswith(mounted) else f"{mounted}{route}"
            self._metrics.note_answer(route, status, stopwatch() - began)
