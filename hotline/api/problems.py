"""How is a refusal written? As `application/problem+json` (RFC 9457) with one sentence that says why."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException

from hotline.errors import BadInput, TooLate

MEDIA_TYPE = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "examples": ["Unauthorized"]},
        "status": {"type": "integer", "examples": [401]},
        "detail": {"type": "string", "description": "One sentence: what is wrong, and how to mend it."},
    },
}


class Problem(HTTPException):
    """Refuse a request with a status and one sentence."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how refusals with these statuses are described, beside those that every request can meet."""
    shown = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: shown}}
        for status in sorted({401, 403, 422, 429, 503, *statuses})
    }


def add_problems(app: FastAPI) -> None:
    """Let every error of this application be told as a problem."""

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> JSONResponse:
        return _problem(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    async def not_understood(_request: Request, error: RequestValidationError) -> JSONResponse:
        return _problem(422, _why(error))

    @app.exception_handler(BadInput)
    async def bad_input(_request: Request, error: BadInput) -> JSONResponse:
        return _problem(422, _sentence(error))

    @app.exception_handler(TooLate)
    async def too_late(_request: Request, error: TooLate) -> JSONResponse:
        return _problem(409, _sentence(error))

    @app.exception_handler(DataError)
    async def no_text(_request: Request, _error: DataError) -> JSONResponse:
        # PostgreSQL keeps no sign zero; a 503 would make the proxy take the replica for broken.
        return _problem(422, "a value holds a sign that no text has: send it without")

    @app.exception_handler(SQLAlchemyError)
    async def no_database(_request: Request, _error: SQLAlchemyError) -> JSONResponse:
        return _problem(503, "the database does not answer: ask again in a minute", {"Retry-After": "60"})


def _problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(told, status, headers, media_type=MEDIA_TYPE)


def _sentence(error: BadInput) -> str:
    """Return what is wrong in one line; what names an option of a command names a parameter here."""
    said = "; ".join(str(error).splitlines())
    if not said.startswith("--"):
        return said
    option, colon, rest = said.removeprefix("--").partition(":")
    return option.replace("-", "_") + colon + rest


def _why(error: RequestValidationError) -> str:
    """Return the first thing that is wrong by its name; never what was sent."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"
