"""Where do calendars read somebody's shifts?"""

from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from hotline.api.desk import Desk
from hotline.api.feeds.actions import feed_and_shifts, serve
from hotline.api.feeds.calendar import calendar_text

_LONGEST_SECRET = 100


def feed_routes(desk: Desk) -> APIRouter:
    """Return the route of the calendars; whoever knows the secret address reads it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/feeds/{secret}.ics")
    async def feed(request: Request, secret: str) -> Response:
        written = await desk.run(lambda: _written(desk, secret))
        if written is None:
            return Response(status_code=404, headers={"Cache-Control": "no-store"})
        tag = f'"{sha256(written).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
        if tag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)

    return router


def _written(desk: Desk, secret: str) -> bytes | None:
    """Return a calendar; the same nothing, after the same look, for one never made and one closed."""
    with desk.database.reading() as tx:
        found = feed_and_shifts(tx, secret[:_LONGEST_SECRET])
    if found is None:
        return None
    with desk.database.transaction() as tx:
        events = serve(tx, *found)
    service, host = desk.board.profile.service, urlsplit(desk.board.urls.public).hostname or ""
    title = service.short_name.get(service.staff_language, "")
    return calendar_text(events, service.timezone, host, f"Turni {title}".strip())
