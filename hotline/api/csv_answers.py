"""Does whoever asks want a spreadsheet's file instead of JSON, and how is it handed over?"""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

CSV = "text/csv"


async def _wants_csv(request: Request) -> bool:
    accepted = request.headers.get("Accept", "").lower()
    return any(one.split(";")[0].strip() == CSV for one in accepted.split(","))


AsCsv = Annotated[bool, Depends(_wants_csv)]


def csv_answer(text: str, name: str) -> Response:
    """Return a file that an import reads; `name` is a plain word."""
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, media_type=f"{CSV}; charset=utf-8", headers=named)


def or_csv(what: str) -> dict[int | str, dict[str, Any]]:
    """Return how an answer is described that comes as CSV where it is asked for with `Accept: text/csv`."""
    return {200: {"description": what, "content": {CSV: {"schema": {"type": "string"}}}}}
